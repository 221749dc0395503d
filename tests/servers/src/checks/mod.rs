//! All checks, in the table's order.

use std::io;

use presign::Method;
use presign_store::http::Answer;

use crate::check::{Check, Run};
use crate::server::send;

mod damage;
mod diagnosis;
mod forms;
mod headers;
mod keys;
mod objects;
mod tokens;
mod uploads;

pub(crate) const MISMATCH: (u16, &str) = (403, "SignatureDoesNotMatch");
pub(crate) const DENIED: (u16, &str) = (403, "AccessDenied");
pub(crate) const MALFORMED: (u16, &str) = (400, "AuthorizationQueryParametersError");
pub(crate) const NOT_FOUND: (u16, &str) = (404, "NoSuchKey");

pub(crate) fn all() -> Vec<Check> {
    let parts = [
        objects::checks(),
        keys::checks(),
        headers::checks(),
        tokens::checks(),
        forms::checks(),
        uploads::checks(),
        damage::checks(),
        diagnosis::checks(),
    ];
    parts.into_iter().flatten().collect()
}

impl Run<'_> {
    fn send(&self, method: Method, key: &str, body: &[u8]) -> io::Result<Answer> {
        send(&self.server.presigner(method, key), body)
    }

    /// Uploads what a check needs.
    fn put(&mut self, key: &str, body: &[u8]) -> io::Result<()> {
        let answer = self.send(Method::Put, key, body)?;
        self.accepted("upload", &answer, 200);
        Ok(())
    }

    fn has_content(&mut self, case: &str, key: &str, body: &[u8]) -> io::Result<()> {
        let answer = self.send(Method::Get, key, b"")?;
        if self.accepted(case, &answer, 200) {
            self.holds(case, answer.body == body, "200 with another content");
        }
        Ok(())
    }

    fn is_absent(&mut self, case: &str, key: &str) -> io::Result<()> {
        let answer = self.send(Method::Get, key, b"")?;
        self.refused(case, &answer, &[NOT_FOUND]);
        Ok(())
    }
}
