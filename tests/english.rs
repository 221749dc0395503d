//! Plain English: finds words that readers stumble over, and lines of examples that only rustdoc hides.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::path::Path;

/// What to avoid, and what to write. `|` separates alternatives, `*` ends a prefix, `^` is the end of a
/// sentence, `$` is any punctuation.
const AVOID: &str = "
    s3|aws|url|urls|link|links|form|bucket|store|server|verifier|signer|crate|feature takes|take: requires, accepts
    tells|told: returns, reports, shows
    stands|stand|stood: is, appears, follows
    url|urls|link|links|form|forms|token|credentials|they|it|life end|ends|ended: expires, expiry
    by itself|themselves: automatically, alone
    of its|their|your|our|one's own $|and|for|in|is|that|to|where|which|with: its own, separate
    but for: except
    to be had: available
    ^ there is|are none: unsupported, not available
    that which: the value, the input
    what is|was given: the value, the input
    what came|comes: the request, the input
    makes|make a|an|one|url|urls|links|of: creates, produces
    has s3 answer: makes S3 respond
    ask|asks|asked|asking for: request
    otherwise than: differently from
    holds: checks, enforces, contains, is valid
    held against|to: compared with
    mostly: usually
    most times: usually
    mend|mends|mended: fix
    for want of: because ... is missing
    ^ who: if you
    whoever: anyone who, if you
    normalis*|serialis*|recognis*|initialis*|organis*|optimise*|optimisa*: -ize
    behaviour|colour|favour|honour|neighbour|licence|licences|judgement: American spelling";

/// Where the words are right: the start of the path, the phrase, and the reason.
const ALLOWED: &[(&str, &str, &str)] = &[
    ("", "stands|stand for", "means"),
    (
        "",
        "url|urls|link|links|form|token|it|they end|ends in|with",
        "the last characters",
    ),
];

/// The words of a text with their lines. Punctuation is a word, which keeps phrases within one part of a sentence.
fn words(text: &[(usize, String)]) -> Vec<(usize, String)> {
    let mut words = vec![(0, ".".to_owned())];
    let mut last = 0;
    for (line, text) in text {
        if *line > last + 1 {
            words.push((*line, ".".to_owned()));
        }
        last = *line;
        for piece in text.to_lowercase().split_whitespace() {
            if piece.contains("://") {
                continue;
            }
            let mut word = String::new();
            for c in piece.chars().chain([' ']) {
                if c.is_alphanumeric() || matches!(c, '\'' | '_' | '-') {
                    word.push(c);
                    continue;
                }
                if !word.is_empty() {
                    words.push((*line, core::mem::take(&mut word)));
                }
                if !c.is_whitespace() {
                    words.push((*line, c.to_string()));
                }
            }
        }
    }
    words
}

/// Whether a pattern matches at the start of the words.
fn matches(pattern: &str, words: &[(usize, String)]) -> bool {
    let mut words = words.iter();
    pattern.split(' ').all(|one| {
        let Some((_, word)) = words.next() else {
            return false;
        };
        one.split('|').any(|one| match one.strip_suffix('*') {
            Some(start) => word.starts_with(start),
            None if one == "^" => matches!(word.as_str(), "." | "?" | "!"),
            None if one == "$" => !word.starts_with(char::is_alphanumeric),
            None => word == one,
        })
    })
}

/// A line without inline code and without tags.
fn plain(line: &str) -> String {
    let code = line.split('`').enumerate();
    let line: String = code
        .map(|(n, text)| if n % 2 == 0 { text } else { " x " })
        .collect();
    let mut tags = line.split('<');
    let first = tags.next().unwrap_or_default().to_owned();
    tags.fold(first, |line, tag| {
        line + "\"" + tag.split_once('>').map_or(tag, |(_, text)| text)
    })
}

/// The prose of a file by line: all of a page except code, and the comments and sentences in code.
fn prose(name: &str, text: &str) -> Vec<(usize, String)> {
    let is_page = name.ends_with(".md") || name.ends_with(".html");
    let kind = name
        .rsplit('/')
        .next()
        .and_then(|file| file.split_once('.'));
    let is_script = kind.is_none_or(|(_, kind)| ["py", "toml", "yml"].contains(&kind));
    let mark = if is_script { " # " } else { " // " };
    let is_test = name.contains("tests/") && !name.contains("/examples/");
    let (mut fenced, mut is_help) = (false, false);
    let mut found = Vec::new();
    for (n, line) in text.lines().enumerate() {
        let line = line.trim();
        is_help &= !line.contains("\"") && line != "HELP";
        let comment = ["//!", "///", "//", "/*", "* ", "# "]
            .iter()
            .find_map(|mark| line.strip_prefix(mark));
        let comment = comment.filter(|_| !line.starts_with('#') || !name.ends_with(".rs"));
        let body = if is_help || is_page && !fenced {
            Some(line)
        } else {
            comment
        };
        if body.unwrap_or(line).trim().starts_with("```") {
            fenced = !fenced;
            continue;
        }
        let body = match body.map(str::trim) {
            // An example in a doc comment is code, which may have comments itself.
            Some(body) if fenced && !is_page => body.strip_prefix("//").map(str::to_owned),
            Some(body) => Some(body.to_owned()),
            None if fenced => None,
            None => {
                let (code, comment) = line.split_once(mark).unwrap_or((line, ""));
                let code = code.replace("\\\"", "'");
                let strings = code.split('"').skip(1).step_by(2);
                let sentences = strings.filter(|text| !is_test && text.split(' ').count() > 2);
                let comment = Some(comment).filter(|text| !text.is_empty());
                let sentences: Vec<_> = sentences.chain(comment).collect();
                (!sentences.is_empty()).then(|| sentences.join(" . "))
            }
        };
        found.extend(body.map(|body| (n + 1, plain(&body))));
        is_help |= !is_test && (line.ends_with("= \"\\") || line.ends_with("<<'HELP'"));
    }
    found
}

/// Names and texts of the files with prose.
fn files(folder: &Path) -> Vec<(String, String)> {
    const IGNORED: &str =
        "target node_modules pkg dist seeds corpus artifacts english.rs LICENSE-APACHE";
    const KINDS: &str = "rs md html js mjs ts c h go java css py toml yml";
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let kind = path.extension().and_then(|kind| kind.to_str());
        if IGNORED.split(' ').any(|ignored| name == ignored)
            || (name.starts_with('.') && name != ".ci")
        {
            continue;
        }
        if path.is_dir() {
            found.extend(files(&path));
        } else if kind.is_none_or(|kind| KINDS.split(' ').any(|known| kind == known)) {
            let name = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap();
            let name = name.to_str().unwrap().replace('\\', "/");
            // A file without text has no prose.
            found.push((name, std::fs::read_to_string(&path).unwrap_or_default()));
        }
    }
    found
}

/// Each phrase to avoid in a file, with its line and a better one.
fn findings(name: &str, text: &str) -> Vec<String> {
    let words = words(&prose(name, text));
    let rows = AVOID.lines().filter_map(|row| row.trim().split_once(": "));
    let rows: Vec<_> = rows.collect();
    let mut found = Vec::new();
    for at in 0..words.len() {
        let here = &words[at..];
        for (phrase, better) in rows.iter().filter(|(phrase, _)| matches(phrase, here)) {
            let is_allowed = |(start, phrase, _): &(&str, &str, &str)| {
                name.starts_with(start) && matches(phrase, here)
            };
            if ALLOWED.iter().any(is_allowed) {
                continue;
            }
            let said = &here[..phrase.split(' ').count()];
            let line = said.last().unwrap().0;
            let said: Vec<_> = said.iter().map(|(_, word)| word.as_str()).collect();
            found.push(format!("{name}:{line}: \"{}\": {better}", said.join(" ")));
        }
    }
    found
}

#[test]
fn words_are_plain() {
    let files = files(Path::new(env!("CARGO_MANIFEST_DIR")));
    assert!(files.len() > 50, "{} files", files.len());
    let found = files.iter().flat_map(|(name, text)| findings(name, text));
    let found: Vec<_> = found.collect();
    assert!(found.is_empty(), "{}:\n{}", found.len(), found.join("\n"));
}

/// `# ` hides a line from the readers of rustdoc, but not on GitHub and crates.io.
#[test]
fn examples_on_pages_have_no_hidden_lines() {
    let mut found = Vec::new();
    for (name, text) in files(Path::new(env!("CARGO_MANIFEST_DIR"))) {
        if !name.ends_with(".md") || !(name == "README.md" || name.starts_with("docs/")) {
            continue;
        }
        let mut is_rust = false;
        for (n, line) in text.lines().enumerate() {
            if let Some(language) = line.strip_prefix("```") {
                is_rust = language.starts_with("rust");
            } else if is_rust && (line == "#" || line.starts_with("# ")) {
                found.push(format!("{name}:{}: {line}", n + 1));
            }
        }
    }
    assert!(found.is_empty(), "{}:\n{}", found.len(), found.join("\n"));
}

/// The tests above can fail.
#[test]
fn the_words_are_found() {
    let code = "/// S3 takes\n/// it.\n/// ```\n/// told();\n/// // mostly\n/// ```\nlet told = 1; // but\n// for\n\
                log(\"it is told so\");";
    let expected = [
        "src/x.rs:1: \"s3 takes\"",
        "src/x.rs:5: \"mostly\"",
        "src/x.rs:8: \"but for\"",
        "src/x.rs:9: \"told\"",
    ];
    let found = findings("src/x.rs", code);
    let found = found.iter().map(|line| line.rsplit_once(": ").unwrap().0);
    assert_eq!(found.collect::<Vec<_>>(), expected);
    let page = "Who signs it?\nThe `tells` <b>holds</b>.\n```rust\nlet tells = 1;\n```\nWhoever asks for it\n";
    assert_eq!(findings("docs/x.md", page).len(), 4);
}
