//! The functions that the page calls: from a view's form fields to what the view shows, as JSON.
//!
//! Everything about signing is here, and runs on any host; JavaScript only moves values between the form and these
//! functions. Nothing is kept between calls.
//!
//! Without the feature `all`, the module only does what most links require.

use presign::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde::de::value::MapDeserializer;
use wasm_bindgen::prelude::wasm_bindgen;

#[cfg(feature = "all")]
pub use all::*;
pub use problem::{Fix, Problem};
pub use share::{Share, Shared};
pub use steps::{Line, Steps};
pub use store::Store;

#[cfg(feature = "all")]
mod all;
mod check;
mod curl;
mod pasted;
mod problem;
mod share;
mod steps;
mod store;

/// A link: [`Share::sign`] at `now`, in Unix seconds. The fields are names and values in turn, as for all views.
#[must_use]
#[wasm_bindgen]
pub fn share(store: Vec<String>, fields: Vec<String>, now: f64) -> String {
    answer(store, fields, |store, share: Share| {
        Share { store, ..share }.sign(timestamp(now))
    })
}

/// How a link is signed: [`Share::steps`] at `now`, in Unix seconds.
#[must_use]
#[wasm_bindgen]
pub fn steps(store: Vec<String>, fields: Vec<String>, now: f64) -> String {
    answer(store, fields, |store, share: Share| {
        Share { store, ..share }.steps(timestamp(now))
    })
}

/// The credentials in a text that was pasted into a field: `{"profiles": [{"name": ..., "values": {...}}], "secret": ...}`.
#[must_use]
#[wasm_bindgen]
pub fn credentials(text: &str, field: &str) -> String {
    json(&pasted::pasted(text, field))
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
    store: Vec<String>,
    fields: Vec<String>,
    view: impl FnOnce(Store, F) -> Result<S, Problem>,
) -> String {
    let result = read(store)
        .and_then(|store| Ok((store, read(fields)?)))
        .and_then(|(store, fields)| view(store, fields));
    json(&result)
}

/// Reads names and values in turn.
fn read<F: DeserializeOwned>(texts: Vec<String>) -> Result<F, Problem> {
    let mut texts = texts.into_iter();
    let pairs = std::iter::from_fn(|| Some((texts.next()?, texts.next()?)));
    let fields = MapDeserializer::<_, serde::de::value::Error>::new(pairs);
    F::deserialize(fields).map_err(|error| Problem::new("", error.to_string()))
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default() // it only contains texts and numbers
}
