//! The same request from a shell.

use presign::{Method, PresignedUrl};

/// Returns a command for a POSIX shell, with all required headers. `file` is the local file to save or to send.
pub(crate) fn curl(url: &PresignedUrl, file: &str) -> String {
    // A name that is a path would write elsewhere, and `-` means standard output.
    let file = file.replace(['/', '\\'], "_");
    let file = match file.as_str() {
        "" | "-" | "." | ".." => "download",
        file => file,
    };
    let path = url.as_str().split('?').next().unwrap_or_default();
    let mut lines = vec![match url.method() {
        Method::Get => format!("curl --fail --output {}", quoted(file)),
        Method::Head => "curl --fail --head".to_owned(),
        // With --upload-file, curl appends the file's name to a path that ends in a slash.
        Method::Put if path.ends_with('/') => {
            format!(
                "curl --fail --request PUT --data-binary {}",
                quoted(&format!("@{file}"))
            )
        }
        Method::Put => format!("curl --fail --upload-file {}", quoted(file)),
        method => format!("curl --fail --request {method}"),
    }];
    let header = |(name, value)| format!("--header {}", quoted(&format!("{name}: {value}")));
    lines.extend(url.headers().map(header));
    if lines[0].contains("--data-binary") && url.headers().all(|(name, _)| name != "content-type") {
        lines.push("--header 'content-type:'".to_owned()); // instead of that of a web form
    }
    lines.push(quoted(url.as_str()));
    lines.join(" \\\n  ")
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
