//! Links a program for this machine with the library but without the standard library: no dependency of the library
//! brings in `std` or, without the feature `alloc`, an allocator.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

include!("link.rs");

/// The program in a separate package, with the versions that these tests are built with.
fn package() -> PathBuf {
    let library = Path::new(env!("CARGO_MANIFEST_DIR"));
    let package = Path::new(env!("CARGO_TARGET_TMPDIR")).join("no_std");
    fs::create_dir_all(&package).unwrap();
    let program = library.join("tests/no_std/program.rs");
    let manifest = format!(
        "[package]\nname = \"no_std\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
         [features]\nalloc = [\"presign/alloc\"]\nstd = [\"presign/std\"]\n\
         [[bin]]\nname = \"no_std\"\npath = {program:?}\n\
         [dependencies]\npresign = {{ path = {library:?}, default-features = false }}\n\
         [profile.release]\nlto = true\npanic = \"abort\"\n\
         [workspace]\n"
    );
    fs::write(package.join("Cargo.toml"), manifest).unwrap();
    fs::copy(library.join("Cargo.lock"), package.join("Cargo.lock")).unwrap();
    package
}

/// Always with link-time optimization: without it, the host's core library requires an unwinder.
fn build(package: &Path, features: &str) -> Output {
    Command::new(env::var_os("CARGO").unwrap())
        .args(["build", "--release", "--offline", "--color=never"])
        .args(["--features", features])
        .current_dir(package)
        .env("CARGO_TARGET_DIR", package.join("target"))
        .env_remove("CARGO_BUILD_TARGET")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env_remove("RUSTFLAGS")
        .output()
        .unwrap()
}

#[test]
fn links_without_the_standard_library() {
    let package = package();
    let built = build(&package, "");
    let stderr = String::from_utf8_lossy(&built.stderr);
    assert!(built.status.success(), "{stderr}");
    let program = package.join("target/release/no_std");
    let output = Command::new(program).output().unwrap();
    let mut buffer = [0; 1024];
    let expected = link(&mut buffer).unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
    assert_eq!(output.status.code(), Some(0));

    // Shows that the test above can fail.
    for (feature, reason) in [
        ("alloc", "no global memory allocator found"),
        ("std", "found duplicate lang item `panic_impl`"),
    ] {
        let built = build(&package, feature);
        let stderr = String::from_utf8_lossy(&built.stderr);
        assert!(!built.status.success(), "linked with `{feature}`");
        assert!(stderr.contains(reason), "{stderr}");
    }
}
