//! `presign.h` is what cbindgen generates from this package. `PRESIGN_WRITE=1 cargo test` writes it.

use std::env;
use std::fs;
use std::path::Path;

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn header_is_generated() {
    let mut config = cbindgen::Config::from_root_or_default(package());
    config.after_includes = Some(format!(
        "\n/**\n * The version of this header; presign_version() returns that of the library.\n */\n\
         #define PRESIGN_VERSION \"{}\"",
        env!("CARGO_PKG_VERSION")
    ));
    let mut header = Vec::new();
    cbindgen::generate_with_config(package(), config)
        .unwrap()
        .write(&mut header);
    let header = String::from_utf8(header).unwrap();
    let path = package().join("presign.h");
    if env::var_os("PRESIGN_WRITE").is_some() {
        fs::write(&path, &header).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap();
    assert!(
        written == header,
        "PRESIGN_WRITE=1 cargo test writes presign.h"
    );
}

/// The version of this package is the version of the crate.
#[test]
fn versions_agree() {
    let manifest = fs::read_to_string(package().join("../Cargo.toml")).unwrap();
    let version = manifest
        .lines()
        .find_map(|line| line.strip_prefix("version = "));
    assert_eq!(version, Some(concat!('"', env!("CARGO_PKG_VERSION"), '"')));
}
