//! Checks the table of layers in CONTRIBUTING.md: a file uses its own layer or a lower one, never a higher one.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::fs;
use std::path::Path;

/// Modules and their layers; a submodule is in its parent's layer.
const LAYERS: [(&str, u8); 22] = [
    ("error", 0),
    ("method", 0),
    ("redact", 0),
    ("text", 0),
    ("timestamp", 0),
    ("disposition", 1),
    ("sigv4", 1),
    ("bucket", 2),
    ("credentials", 2),
    ("rules", 2),
    ("values", 2),
    ("expiry", 3),
    ("presigned_url", 3),
    ("presigner", 3),
    ("clock", 4),
    ("diagnose", 4),
    ("multipart", 4),
    ("post", 4),
    ("redactor", 4),
    ("serialize", 4),
    ("verify", 4),
    ("lib", 5),
];

/// An exception to the rule that layer 1 knows nothing of S3: SigV4's name of a parameter.
const ALLOWED: [&str; 2] = ["X-Amz-S3session-Token", "x-amz-s3session-token"];

/// The maximum number of lines of code in a file, without documentation and tests.
const MAX_LINES: usize = 400;

#[test]
fn no_file_uses_a_higher_layer() {
    let (mut uses, mut wrong) = (0, Vec::new());
    for file in files() {
        let layer = layer(&file.module);
        for used in file.uses() {
            uses += 1;
            let name = &file.name;
            match LAYERS.iter().find(|(module, _)| *module == used) {
                Some((_, used_layer)) if *used_layer <= layer => {}
                Some((_, used_layer)) => wrong.push(format!(
                    "{name} is in layer {layer} and uses `{used}` of layer {used_layer}: \
                     move what it needs down, or the file up"
                )),
                None => wrong.push(format!(
                    "{name} uses `crate::{used}`, which is no module: name things by their own modules, \
                     not as lib.rs exports them"
                )),
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    assert!(uses > 50, "{uses} uses were found");
}

#[test]
fn the_specification_does_not_know_the_service() {
    let mut wrong = Vec::new();
    for file in files().iter().filter(|file| layer(&file.module) == 1) {
        for (line, text) in file.code_lines() {
            let allowed = |text: String, allowed| text.replace(allowed, "");
            let rest = ALLOWED.into_iter().fold(text.to_owned(), allowed);
            let rest = rest.to_ascii_lowercase();
            if rest.contains("s3") || rest.contains("bucket") {
                wrong.push(format!("{}:{line}: {}", file.name, text.trim()));
            }
        }
    }
    let wrong = wrong.join("\n");
    assert!(
        wrong.is_empty(),
        "layer 1 is SigV4 for any service:\n{wrong}\n"
    );
}

#[test]
fn no_file_is_too_long() {
    let mut wrong = Vec::new();
    for file in files() {
        let lines = file.code_lines().count();
        if lines > MAX_LINES {
            wrong.push(format!("{} has {lines}", file.name));
        }
    }
    let wrong = wrong.join("\n");
    assert!(
        wrong.is_empty(),
        "a file has at most {MAX_LINES} lines without documentation and tests; split these:\n{wrong}\n"
    );
}

/// The table for readers matches. (The published package does not contain it.)
#[test]
fn the_table_for_readers_is_the_same() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("CONTRIBUTING.md");
    let Ok(text) = fs::read_to_string(path) else {
        return;
    };
    for (module, layer) in LAYERS {
        let row = text
            .lines()
            .find(|line| line.starts_with(&format!("| {layer} |")));
        assert!(
            row.is_some_and(|row| row.contains(&format!("`{module}`")) || module == "lib"),
            "CONTRIBUTING.md does not name `{module}` in layer {layer}"
        );
    }
}

#[test]
fn the_reading_is_right() {
    let file = File {
        name: "src/a/b.rs".into(),
        module: "a::b".into(),
        text: "//! crate::doc\nuse crate::error::Error; // crate::comment\nuse super::c;\n    use crate::{text::Text, sigv4::{digest, sink}};\n\
               fn f() { crate::method::g(super::super::credentials::H) }\n\
               #[cfg(test)]\nmod tests {\n    use super::*;\n    use crate::bucket::Bucket;\n}\n"
            .into(),
    };
    assert_eq!(
        file.uses(),
        [
            "error",
            "a",
            "text",
            "sigv4",
            "method",
            "credentials",
            "a",
            "bucket"
        ]
    );
    assert_eq!(file.code_lines().count(), 4);
}

struct File {
    /// `src/sigv4/sink.rs`
    name: String,
    /// `sigv4::sink`
    module: String,
    text: String,
}

impl File {
    /// The crate's top-level modules named anywhere in the code, including tests.
    fn uses(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut in_tests = false;
        for line in self.text.lines() {
            in_tests |= line.starts_with("mod tests {");
            let code = line.split("//").next().unwrap_or_default();
            for (at, _) in code.match_indices("crate::") {
                found.extend(heads(&code[at + "crate::".len()..]));
            }
            // The number of levels that `super::super::` goes up; in the test module, the first is the file itself.
            let mut rest = code;
            while let Some(at) = rest.find("super::") {
                rest = &rest[at..];
                let mut up = 0;
                while let Some(after) = rest.strip_prefix("super::") {
                    rest = after;
                    up += 1;
                }
                let path: Vec<&str> = self.module.split("::").collect();
                match path.len().checked_sub(up - usize::from(in_tests)) {
                    Some(0) => found.extend(heads(rest)),
                    Some(_) => found.push(path[0].into()),
                    None => panic!("{}: `super::` leads out of the crate: {line}", self.name),
                }
            }
        }
        found
    }

    /// Lines that are neither empty nor comments, with their numbers, up to the test module.
    fn code_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().zip(1..).map(|(text, line)| (line, text));
        let code =
            lines.take_while(|(_, text)| *text != "#[cfg(test)]" || !self.is_last_module(text));
        code.filter(|(_, text)| {
            let text = text.trim_start();
            !text.is_empty() && !text.starts_with("//")
        })
    }

    /// Whether `#[cfg(test)]` precedes the test module rather than a declaration.
    fn is_last_module(&self, attribute: &str) -> bool {
        self.text
            .contains(&format!("\n{attribute}\nmod tests {{\n"))
    }
}

/// The first segments of a path, or of each path in a group.
fn heads(path: &str) -> Vec<String> {
    let head = |path: &str| {
        let end = path.find(|c: char| !c.is_alphanumeric() && c != '_');
        path[..end.unwrap_or(path.len())].to_owned()
    };
    let Some(group) = path.strip_prefix('{') else {
        return vec![head(path)];
    };
    let mut depth = 0;
    let mut heads = vec![head(group)];
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => heads.push(head(group[at + 1..].trim_start())),
            _ => {}
        }
    }
    heads
}

#[track_caller]
fn layer(module: &str) -> u8 {
    let top = module.split("::").next().unwrap();
    let found = LAYERS.iter().find(|(listed, _)| *listed == top);
    let Some((_, layer)) = found else {
        panic!(
            "src/{top}.rs is in no layer: say in tests/layers.rs and in CONTRIBUTING.md which one it is in, \
             that is, what it may know"
        );
    };
    *layer
}

#[track_caller]
fn files() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    let mut folders = vec![root.join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let segments: Vec<_> = path
                .strip_prefix(root)
                .unwrap()
                .iter()
                .map(|segment| segment.to_str().unwrap())
                .collect();
            let name = segments.join("/");
            let module = segments[1..].join("::");
            files.push(File {
                name,
                module: module
                    .strip_suffix(".rs")
                    .expect("only Rust below src/")
                    .into(),
                text: fs::read_to_string(&path).unwrap(),
            });
        }
    }
    assert!(files.len() > 20);
    files
}
