//! What the page asks of Rust: from a view's form fields to what the view shows, both as JSON.
//!
//! Everything that concerns signing is here, and runs on any host; JavaScript only moves values between the form and
//! these functions. Nothing is kept between calls.

use presign::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::wasm_bindgen;

pub use problem::Problem;
pub use qr::QrCode;
pub use refused::{Findings, Refused};
pub use share::{Share, Shared};
pub use store::Store;
pub use upload::{Form, Upload};

mod curl;
mod pasted;
mod problem;
mod qr;
mod refused;
mod share;
mod steps;
mod store;
mod upload;

/// A link: [`Share::sign`] at `now`, in Unix seconds.
#[must_use]
#[wasm_bindgen]
pub fn share(fields: &str, now: f64) -> String {
    answer(fields, |share: Share| share.sign(timestamp(now)))
}

/// An upload form: [`Upload::sign`] at `now`, in Unix seconds.
#[must_use]
#[wasm_bindgen]
pub fn upload(fields: &str, now: f64) -> String {
    answer(fields, |upload: Upload| upload.sign(timestamp(now)))
}

/// Why a link was refused: [`Refused::explain`] at `now`, in Unix seconds.
#[must_use]
#[wasm_bindgen]
pub fn explain(fields: &str, now: f64) -> String {
    answer(fields, |refused: Refused| refused.explain(timestamp(now)))
}

/// The credentials in a text that was pasted, by the names of their fields; `{}` where there are none.
#[must_use]
#[wasm_bindgen]
pub fn credentials(text: &str) -> String {
    serde_json::to_string(&pasted::pasted(text)).unwrap_or_default() // it holds texts only
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "saturates, and signing refuses such a time"
)]
fn timestamp(now: f64) -> Timestamp {
    Timestamp::from_unix(now.floor() as i64)
}

/// `{"Ok": ...}` or `{"Err": {"field": ..., "message": ..., "missing": ...}}`.
fn answer<F: DeserializeOwned, S: Serialize>(
    fields: &str,
    view: impl FnOnce(F) -> Result<S, Problem>,
) -> String {
    let result = serde_json::from_str(fields)
        .map_err(|error| Problem::new("", error))
        .and_then(view);
    serde_json::to_string(&result).unwrap_or_default() // it holds texts and numbers only
}
