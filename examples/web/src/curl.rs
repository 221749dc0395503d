//! The same request from a shell.

use presign::{Method, PresignedUrl};

/// A command for a POSIX shell, with all headers that have to be sent; `file` is what comes down or goes up.
pub(crate) fn curl(url: &PresignedUrl, file: &str) -> String {
    // A name that is a path would write elsewhere, and `-` means standard output.
    let file = file.replace(['/', '\\'], "_");
    let file = match file.as_str() {
        "" | "-" | "." | ".." => "download",
        file => file,
    };
    let mut lines = vec![match url.method() {
        Method::Get => format!("curl --fail --output {}", quoted(file)),
        Method::Head => "curl --fail --head".to_owned(),
        Method::Put => format!("curl --fail --upload-file {}", quoted(file)),
        method => format!("curl --fail --request {method}"),
    }];
    let header = |(name, value)| format!("--header {}", quoted(&format!("{name}: {value}")));
    lines.extend(url.headers().map(header));
    lines.push(quoted(url.as_str()));
    lines.join(" \\\n  ")
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
