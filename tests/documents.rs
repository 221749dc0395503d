//! The pages of the documentation: links between files have targets, rustdoc has its own target for each, and JSON
//! blocks parse. (rustdoc itself checks links to items, and `cargo test --doc` runs the examples.)
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

use std::path::{Path, PathBuf};

/// A line `[label]: target`.
fn definition(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix('[')?.split_once("]: ")
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// README, SECURITY and `docs/*.md`, except the definitions for rustdoc.
fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let docs = std::fs::read_dir(root.join("docs")).unwrap();
    let mut pages: Vec<_> = docs
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .filter(|path| !path.ends_with("links.md"))
        .collect();
    pages.extend(["README.md", "SECURITY.md"].map(|name| root.join(name)));
    pages
}

/// The anchor that GitHub and rustdoc create for a heading.
fn anchor(heading: &str) -> String {
    let kept = heading
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

/// The targets in `](...)` and in definitions.
fn targets(page: &str) -> Vec<&str> {
    let inline = page.split("](").skip(1);
    let inline = inline.filter_map(|rest| rest.split(')').next());
    let defined = page.lines().filter_map(definition);
    inline.chain(defined.map(|(_, target)| target)).collect()
}

#[test]
fn links_lead_to_files_and_headings() {
    let mut checked = 0;
    for path in pages() {
        let text = read(&path);
        for target in targets(&text) {
            if target.starts_with("https://") || target.contains(char::is_whitespace) {
                continue;
            }
            let (file, fragment) = target.split_once('#').unwrap_or((target, ""));
            let file = match file {
                "" => path.clone(),
                _ => path.parent().unwrap().join(file),
            };
            assert!(file.exists(), "{}: {target}", path.display());
            let mut headings = match fragment {
                "" => String::new(),
                _ => read(&file),
            };
            headings.retain(|c| c != '`');
            let found = headings
                .lines()
                .filter(|line| line.starts_with('#'))
                .any(|line| anchor(line.trim_start_matches('#').trim()) == fragment);
            assert!(fragment.is_empty() || found, "{}: {target}", path.display());
            checked += 1;
        }
    }
    assert!(checked > 50, "{checked} links");
}

#[test]
fn rustdoc_has_a_target_for_each_link() {
    let links = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/links.md"));
    let links: Vec<_> = links.lines().filter_map(definition).collect();
    let mut used = Vec::new();
    for path in pages() {
        let text = read(&path);
        for (label, target) in text.lines().filter_map(definition) {
            let here = links.iter().find(|(known, _)| *known == label);
            assert!(here.is_some(), "{}: {label} ({target})", path.display());
            used.push(label.to_owned());
        }
    }
    for (label, _) in links {
        assert!(used.iter().any(|used| used == label), "{label} is not used");
    }
}

/// Names from other SDKs that people search for in rustdoc.
#[test]
fn searches_lead_somewhere() {
    let mut sources = String::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                sources.push_str(&read(&path));
            }
        }
    }
    for name in [
        "getSignedUrl",
        "generate_presigned_url",
        "generate_presigned_post",
        "PresigningConfig",
        "createPresignedPost",
        "filename",
        "rotate",
        "RotatingCredentials",
        "GetObject",
        "PutObject",
        "ListObjectsV2",
    ] {
        let alias = format!("#[doc(alias = \"{name}\")]");
        assert!(sources.contains(&alias), "{name}");
    }
}

#[test]
fn json_is_json() {
    let mut checked = 0;
    for path in pages() {
        let text = read(&path);
        for block in text.split("```json\n").skip(1) {
            let block = block.split("```").next().unwrap();
            let parsed = serde_json::from_str::<serde_json::Value>(block);
            assert!(parsed.is_ok(), "{}: {parsed:?}\n{block}", path.display());
            checked += 1;
        }
    }
    assert!(checked >= 5, "{checked} blocks");
}
