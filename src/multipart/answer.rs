//! A small, strict reader for the XML in S3's answers.
//!
//! It supports elements, text and entities. S3 writes no comments, CDATA sections, document types or namespace
//! prefixes, so a document that contains them is refused.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use crate::text::entity;

/// Why an answer has no result.
///
/// # Examples
/// ```
/// use presign::multipart::{AnswerError, upload_id};
///
/// fn status(error: AnswerError) -> u16 {
///     match error {
///         AnswerError::Store { code, .. } if code == "NoSuchBucket" => 404,
///         _ => 502,
///     }
/// }
///
/// let answer = "<Error><Code>NoSuchBucket</Code><Message>No such bucket.</Message></Error>";
/// assert_eq!(status(upload_id(answer).unwrap_err()), 404);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AnswerError {
    /// The store reported an error. A completion can do so with status 200.
    #[error("the store answered {code}{}{message}", if message.is_empty() { "" } else { ": " })]
    Store {
        /// The code, such as `InternalError`.
        code: String,
        /// The store's message; may be empty.
        message: String,
    },
    /// The answer is not the expected XML: it may be empty or cut off.
    #[error("answer is not a complete {expected} element")]
    Unexpected {
        /// The expected element.
        expected: &'static str,
    },
}

/// Reads the upload ID from the answer to [`create_multipart_upload`](crate::Presigner::create_multipart_upload).
///
/// The root can also be `InitiateMultipartUpload`, as rclone writes it.
///
/// # Errors
/// [`AnswerError::Store`] for an error of the store, [`AnswerError::Unexpected`] for anything else.
///
/// # Examples
/// ```
/// let answer = r#"<?xml version="1.0" encoding="UTF-8"?>
/// <InitiateMultipartUploadResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
///   <Bucket>examplebucket</Bucket>
///   <Key>big.bin</Key>
///   <UploadId>VXBsb2FkIElE</UploadId>
/// </InitiateMultipartUploadResult>"#;
/// assert_eq!(presign::multipart::upload_id(answer)?, "VXBsb2FkIElE");
/// # Ok::<(), presign::multipart::AnswerError>(())
/// ```
pub fn upload_id(answer: &str) -> Result<String, AnswerError> {
    let expected = "InitiateMultipartUploadResult";
    child(answer, &[expected, "InitiateMultipartUpload"], "UploadId")
        .filter(|id| !id.is_empty())
        .ok_or_else(|| failure(answer, expected))
}

/// Checks that the answer to [`complete_multipart_upload`](crate::Presigner::complete_multipart_upload) reports
/// success, and returns the `ETag` of the new object, which some stores (Ceph 16) leave empty.
///
/// S3 sends status 200 before it joins the parts, and spaces while it works. Only the body shows the result.
///
/// # Errors
/// [`AnswerError::Store`] for an error of the store, [`AnswerError::Unexpected`] for anything else. In that case the
/// upload may or may not be complete; you can send the completion again.
///
/// # Examples
/// ```
/// use presign::multipart::completed;
///
/// let answer = "<CompleteMultipartUploadResult><ETag>&quot;3858f62230ac3c915f300c664312c11f-9&quot;</ETag></CompleteMultipartUploadResult>";
/// assert_eq!(completed(answer)?, "\"3858f62230ac3c915f300c664312c11f-9\"");
/// assert!(completed("<Error><Code>InternalError</Code></Error>").is_err());
/// # Ok::<(), presign::multipart::AnswerError>(())
/// ```
pub fn completed(answer: &str) -> Result<String, AnswerError> {
    let expected = "CompleteMultipartUploadResult";
    child(answer, &[expected], "ETag").ok_or_else(|| failure(answer, expected))
}

/// Returns the store's error if the answer contains one. Use it for other requests that can fail with status 200, such
/// as a copy.
///
/// # Examples
/// ```
/// use presign::multipart::error_in;
///
/// assert_eq!(error_in("<CopyObjectResult></CopyObjectResult>"), None);
/// let error = error_in("<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>");
/// assert_eq!(error.unwrap().to_string(), "the store answered SlowDown: Reduce your request rate.");
/// ```
#[must_use]
pub fn error_in(answer: &str) -> Option<AnswerError> {
    let ("Error", [code, message]) = read(answer, ["Code", "Message"])? else {
        return None;
    };
    Some(AnswerError::Store {
        code: unescape(code?)?,
        message: message.and_then(unescape).unwrap_or_default(),
    })
}

/// The text of a child of one of these roots.
fn child(answer: &str, roots: &[&str], name: &str) -> Option<String> {
    let (root, [text]) = read(answer, [name])?;
    unescape(text.filter(|_| roots.contains(&root))?)
}

fn failure(answer: &str, expected: &'static str) -> AnswerError {
    error_in(answer).unwrap_or(AnswerError::Unexpected { expected })
}

/// The root's name and the texts of some of its children, still escaped. `None` if the document is incomplete.
fn read<'x, const N: usize>(
    xml: &'x str,
    children: [&str; N],
) -> Option<(&'x str, [Option<&'x str>; N])> {
    let is_space = |c: char| c.is_ascii_whitespace();
    let mut texts = [None; N];
    let mut root = None;
    let mut open = Vec::new();
    // Every `<` starts a tag, so each piece is a tag and the text after it.
    let mut pieces = xml.trim_start_matches('\u{feff}').split('<');
    if !pieces.next()?.chars().all(is_space) {
        return None;
    }
    for piece in pieces {
        let (tag, text) = piece.split_once('>')?;
        let tag = tag.trim_end_matches(is_space);
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop()? != name {
                return None;
            }
        } else if tag.starts_with('?') {
            // The XML declaration.
        } else if tag.starts_with('!') || (root.is_some() && open.is_empty()) {
            return None;
        } else {
            let name = tag.split(|c| is_space(c) || c == '/').next()?;
            root = root.or(Some(name));
            if open.len() == 1 {
                let wanted = children.iter().zip(&mut texts);
                for (_, found) in wanted.filter(|(child, _)| **child == name) {
                    *found = Some(if tag.ends_with('/') { "" } else { text });
                }
            }
            if !tag.ends_with('/') {
                open.push(name);
            }
        }
        if open.is_empty() && !text.chars().all(is_space) {
            return None;
        }
    }
    root.filter(|_| open.is_empty()).map(|root| (root, texts))
}

/// Resolves the entities in a text; `None` for one that XML does not define.
fn unescape(text: &str) -> Option<String> {
    let mut pieces = text.split('&');
    let mut unescaped = pieces.next()?.to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once(';')?;
        unescaped.push(entity(name, &['x'])?);
        unescaped.push_str(rest);
    }
    Some(unescaped)
}
