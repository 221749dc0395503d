//! One check on one server: the requests, and the answers that differ from S3's.

use std::io;

use presign_store::http::Answer;

use crate::server::Server;

type Function = dyn Fn(&mut Run<'_>) -> io::Result<()>;

/// A row of the table.
pub(crate) struct Check {
    pub(crate) name: String,
    run: Box<Function>,
}

impl Check {
    pub(crate) fn new(name: &str, run: impl Fn(&mut Run<'_>) -> io::Result<()> + 'static) -> Self {
        Self {
            name: name.to_owned(),
            run: Box::new(run),
        }
    }
}

/// How an answer differs from what S3 documents, from the least to the most serious.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Refused, as expected, with another status or code.
    Code,
    /// Accepted, where S3 refuses.
    Lax,
    /// Refused, or executed differently, although S3 accepts it.
    Fail,
}

/// An answer that differs from S3's.
#[derive(Debug)]
pub(crate) struct Deviation {
    pub(crate) case: String,
    pub(crate) kind: Kind,
    pub(crate) seen: String,
}

/// The result of one check on one server.
pub(crate) struct Run<'s> {
    pub(crate) server: &'s Server,
    /// The number of answers checked.
    pub(crate) answers: usize,
    pub(crate) deviations: Vec<Deviation>,
    /// The reason why there was nothing to check.
    pub(crate) skipped: Option<&'static str>,
}

impl<'s> Run<'s> {
    pub(crate) const fn new(server: &'s Server) -> Self {
        Self {
            server,
            answers: 0,
            deviations: Vec::new(),
            skipped: None,
        }
    }

    pub(crate) fn of(check: &Check, server: &'s Server) -> Self {
        let mut run = Self::new(server);
        if let Err(error) = (check.run)(&mut run) {
            run.deviates("connection", Kind::Fail, &error.to_string());
        }
        run
    }

    pub(crate) fn skip(&mut self, reason: &'static str) -> io::Result<()> {
        self.skipped = Some(reason);
        Ok(())
    }

    /// S3 accepts it.
    pub(crate) fn accepted(&mut self, case: &str, answer: &Answer, status: u16) -> bool {
        self.answers += 1;
        if answer.status != status {
            self.deviates(case, Kind::Fail, &seen(answer));
        }
        answer.status == status
    }

    /// S3 refuses it, with one of these codes. (An answer to `HEAD` has none.)
    pub(crate) fn refused(&mut self, case: &str, answer: &Answer, with: &[(u16, &str)]) {
        self.answers += 1;
        let given = (answer.status, answer.error_code().unwrap_or_default());
        let kind = match answer.status {
            200..400 => Kind::Lax,
            400..=499 | 501 if !with.contains(&given) => Kind::Code,
            400..=499 | 501 => return,
            _ => Kind::Fail,
        };
        self.deviates(case, kind, &seen(answer));
    }

    pub(crate) fn holds(&mut self, case: &str, holds: bool, seen: &str) {
        self.answers += 1;
        if !holds {
            self.deviates(case, Kind::Fail, seen);
        }
    }

    pub(crate) fn equals(&mut self, case: &str, given: Option<&str>, right: &str) {
        self.holds(case, given == Some(right), &format!("{given:?}"));
    }

    fn deviates(&mut self, case: &str, kind: Kind, seen: &str) {
        self.deviations.push(Deviation {
            case: case.to_owned(),
            kind,
            seen: seen.to_owned(),
        });
    }
}

fn seen(answer: &Answer) -> String {
    let code = answer.error_code().unwrap_or_default();
    format!("{} {code}", answer.status).trim_end().to_owned()
}
