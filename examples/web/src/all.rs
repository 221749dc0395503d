//! What only some visitors use: upload forms, explanations and QR codes.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::{answer, json, timestamp};

pub use qr::QrCode;
pub use refused::{Finding, Findings, Refused};
pub use upload::{Form, Upload};

mod qr;
mod refused;
mod upload;

/// An upload form: [`Upload::sign`] at `now`, in Unix seconds.
#[must_use]
#[wasm_bindgen]
pub fn upload(store: Vec<String>, fields: Vec<String>, now: f64) -> String {
    answer(store, fields, |store, upload: Upload| {
        Upload { store, ..upload }.sign(timestamp(now))
    })
}

/// Why a link was refused: [`Refused::explain`] at `now`, in Unix seconds.
#[must_use]
#[wasm_bindgen]
pub fn explain(store: Vec<String>, fields: Vec<String>, now: f64) -> String {
    answer(store, fields, |store, refused: Refused| {
        Refused { store, ..refused }.explain(timestamp(now))
    })
}

/// A link as a QR code: [`QrCode::new`].
#[must_use]
#[wasm_bindgen]
pub fn qr(url: &str) -> String {
    json(&QrCode::new(url))
}
