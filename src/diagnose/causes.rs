//! The causes that are known: one row each, which says all about it. None knows of another.
//!
//! A new one is a row in one of these files, and in the list at its end.

use super::answer::About;
use super::cause::Kind;

pub(super) mod form;
pub(super) mod host;
pub(super) mod identity;
pub(super) mod place;
pub(super) mod query;
pub(super) mod request;
pub(super) mod signed;
pub(super) mod store;
pub(super) mod text;
pub(super) mod time;

pub(super) const ALL: [&[&Kind]; 10] = [
    signed::KINDS,
    text::KINDS,
    time::KINDS,
    identity::KINDS,
    place::KINDS,
    host::KINDS,
    request::KINDS,
    query::KINDS,
    store::KINDS,
    form::KINDS,
];

/// A signature that does not match. Stores that check other things first may complain of those.
const MISMATCH: &[About] = &[About::Mismatch];

/// Answers to a URL that is broken as a text: anything but that it was accepted, or has expired.
const BROKEN: &[About] = &[
    About::Mismatch,
    About::Token,
    About::AccessKey,
    About::Region,
    About::Redirect,
    About::Service,
    About::Parameter,
    About::Expires,
    About::Argument,
    About::Header,
    About::TwoAuthentications,
    About::NotSigned,
    About::Version2,
    About::Addressing,
];

/// A cause that the answer itself names.
const ANY: &[About] = &[About::Nothing];
