//! `--addressing-style`.

use crate::Error;

pub(crate) fn is_path_style(text: &str) -> Result<bool, Error> {
    match text {
        "path" => Ok(true),
        "virtual" => Ok(false),
        _ => Err(format!("--addressing-style is path or virtual, not {text:?}").into()),
    }
}
