//! The known causes: each is one row, independent of the others.
//!
//! To add a cause, write a row in one of these files and append it to the list at the end of the file.

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

/// Answers to a signature that does not match. Some stores check other things first and report those.
const MISMATCH: &[About] = &[About::Mismatch];

/// Answers to a URL whose text is damaged: anything except acceptance or expiry.
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
    About::Anonymous,
    About::Addressing,
    About::NoForms,
    About::Unreachable,
];

/// A cause that the answer itself names.
const ANY: &[About] = &[About::Nothing];
