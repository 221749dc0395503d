//! The items that every benchmark signs.

pub const ACCESS_KEY_ID: &str = "AKIAIOSFODNN7EXAMPLE";
pub const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
pub const REGION: &str = "us-west-2";
pub const BUCKET: &str = "examplebucket";
pub const KEY: &str = "photos/2026/11/cat picture.jpg";
pub const SECONDS: u64 = 3600;

/// W2's parameters.
pub const CONTENT_TYPE: &str = "application/octet-stream";
pub const DISPOSITION: &str = "attachment; filename=\"cat picture.jpg\"";
pub const CACHE_CONTROL: &str = "private, max-age=60";

pub const OVERRIDES: [(&str, &str); 3] = [
    ("response-cache-control", CACHE_CONTROL),
    ("response-content-disposition", DISPOSITION),
    ("response-content-type", CONTENT_TYPE),
];

/// W3's headers.
pub const UPLOAD_TYPE: &str = "image/jpeg";
pub const ACL: &str = "private";
pub const AUTHOR: (&str, &str) = ("author", "somebody");
pub const HEADERS: [(&str, &str); 2] = [("x-amz-acl", ACL), ("x-amz-meta-author", AUTHOR.1)];
pub const ALL_HEADERS: [(&str, &str); 3] = [("content-type", UPLOAD_TYPE), HEADERS[0], HEADERS[1]];

/// A session token of this length: base64 with its three special characters.
pub fn token(length: usize) -> String {
    "IQoJb3JpZ2luX2VjEJr//////////wEaCXVzLWVhc3QtMSJHMEUCIQDx+y/Z0aB1c2D3e4F5g6H7"
        .chars()
        .cycle()
        .take(length.saturating_sub(2))
        .chain("==".chars())
        .collect()
}

/// W4's keys.
pub fn keys() -> Vec<String> {
    (0..10_000)
        .map(|n| format!("photos/2026/11/{n:05} cat picture.jpg"))
        .collect()
}
