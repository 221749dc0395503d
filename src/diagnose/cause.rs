//! The kinds of causes, and the one function that ranks them.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::answer::About;
use super::search::Tries;
use super::seen::Seen;

/// A kind of cause, with all its texts and rules in one place.
///
/// # Examples
/// ```
/// let mut kinds = presign::diagnose::kinds();
/// let expired = kinds.find(|kind| kind.name() == "Expired").ok_or("no such kind")?;
/// assert_eq!(expired.text(), "the URL expired at {}");
/// assert_eq!(expired.way_out(), "sign again, with a longer expiry if necessary (expires_in)");
/// # Ok::<(), &str>(())
/// ```
pub struct Kind {
    pub(super) name: &'static str,
    pub(super) text: &'static str,
    pub(super) way_out: &'static str,
    /// The answers that a store gives for this cause. Any other understood answer excludes it.
    pub(super) predicts: &'static [About],
    /// How often this kind occurs compared with the others: the tie-breaker between causes that explain the same
    /// answer.
    pub(super) often: u8,
    /// Finds which causes of this kind the observations allow.
    pub(super) weigh: fn(&Seen<'_>, &mut Findings<'_>),
    /// Proposes changes to the request to test against the signature.
    pub(super) tries: fn(&Seen<'_>, &mut Tries<'_, '_>),
}

impl Kind {
    /// Defaults for the fields of a row.
    pub(super) const BASE: Self = Self {
        name: "",
        text: "",
        way_out: "",
        predicts: &[],
        often: 50,
        weigh: |_, _| (),
        tries: |_, _| (),
    };

    /// Returns the stable name, for programs.
    ///
    /// # Examples
    /// See [`Kind`].
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the sentence, with `{}` for each detail of a cause.
    ///
    /// # Examples
    /// See [`Kind`].
    #[must_use]
    pub const fn text(&self) -> &'static str {
        self.text
    }

    /// Returns how to fix it.
    ///
    /// # Examples
    /// See [`Kind`].
    #[must_use]
    pub const fn way_out(&self) -> &'static str {
        self.way_out
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name)
    }
}

/// Iterates over all known kinds of causes, in the order of the documentation.
///
/// # Examples
/// See [`Kind`].
pub fn kinds() -> impl Iterator<Item = &'static Kind> {
    super::causes::ALL.into_iter().flatten().copied()
}

/// How certain a cause is.
///
/// # Examples
/// ```
/// use presign::diagnose::Certainty;
///
/// assert!(Certainty::Certain > Certainty::Likely);
/// assert_eq!(Certainty::Possible.to_string(), "possible");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Certainty {
    /// The evidence allows it.
    Possible,
    /// Something in the evidence points to it, and nothing contradicts it.
    Likely,
    /// The evidence proves it.
    Certain,
}

impl fmt::Display for Certainty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Possible => "possible",
            Self::Likely => "likely",
            Self::Certain => "certain",
        })
    }
}

/// A reason why a presigned URL was refused: see [`Evidence`](crate::diagnose::Evidence).
///
/// `Display` writes a sentence for people. It contains no secret, token or signature; `Debug` shows only the name and
/// the certainty.
///
/// # Examples
/// ```
/// use presign::diagnose::{Certainty, Evidence};
///
/// let diagnosis = Evidence::new("https://examplebucket.s3.amazonaws.com/k").diagnose();
/// let cause = diagnosis.causes().first().ok_or("no cause")?;
/// assert_eq!(cause.name(), "NotPresigned");
/// assert_eq!(cause.to_string(), "the URL is not presigned: it has no X-Amz-Signature");
/// assert_eq!(cause.certainty(), Certainty::Certain);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone)]
pub struct Cause {
    kind: &'static Kind,
    details: Vec<String>,
    certainty: Certainty,
    often: u8,
}

impl Cause {
    /// Returns the stable name of its kind, for programs.
    ///
    /// # Examples
    /// See [`Cause`].
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.kind.name
    }

    /// Returns how certain it is.
    ///
    /// # Examples
    /// See [`Cause`].
    #[must_use]
    pub const fn certainty(&self) -> Certainty {
        self.certainty
    }

    /// Returns the details of this case, such as a header's name: one for each `{}` in [`Kind::text`].
    ///
    /// # Examples
    /// ```
    /// use presign::diagnose::Evidence;
    ///
    /// let answer = "<Error><Code>NoSuchKey</Code></Error>";
    /// let diagnosis = Evidence::new("https://h.example/b/k").answer(answer).diagnose();
    /// assert!(diagnosis.causes().iter().any(|cause| cause.details() == ["NoSuchKey"]));
    /// ```
    #[must_use]
    pub fn details(&self) -> &[String] {
        &self.details
    }

    /// Returns how to fix it.
    ///
    /// # Examples
    /// See [`Kind`].
    #[must_use]
    pub const fn way_out(&self) -> &'static str {
        self.kind.way_out
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut details = self.details.iter();
        for (at, piece) in self.kind.text.split("{}").enumerate() {
            if at > 0 {
                f.write_str(details.next().map_or("another", String::as_str))?;
            }
            f.write_str(piece)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.kind.name, self.certainty)
    }
}

/// Collects the findings of one kind.
pub(super) struct Findings<'f> {
    pub(super) kind: &'static Kind,
    pub(super) found: &'f mut Vec<Cause>,
}

impl Findings<'_> {
    /// The evidence proves it.
    pub(super) fn certain(&mut self, details: &[&str]) {
        self.add(Certainty::Certain, details);
    }

    /// Something points to it.
    pub(super) fn likely(&mut self, details: &[&str]) {
        self.add(Certainty::Likely, details);
    }

    /// Nothing contradicts it, and nothing points to it.
    pub(super) fn conceivable(&mut self, details: &[&str]) {
        self.add(Certainty::Possible, details);
        if let Some(cause) = self.found.last_mut() {
            cause.often /= 3;
        }
    }

    /// Nothing contradicts it.
    pub(super) fn possible(&mut self, details: &[&str]) {
        self.add(Certainty::Possible, details);
    }

    pub(super) fn certain_if(&mut self, proven: bool, details: &[&str]) {
        match proven {
            true => self.certain(details),
            false => self.likely(details),
        }
    }

    /// Damage to the URL, unless the answer shows that the URL arrived without it.
    pub(super) fn damage(&mut self, seen: &Seen<'_>, details: &[&str]) {
        match seen.arrived_whole() {
            true => self.conceivable(details),
            false => self.certain(details),
        }
    }

    pub(super) fn likely_if(&mut self, likely: bool, details: &[&str]) {
        match likely {
            true => self.likely(details),
            false => self.possible(details),
        }
    }

    fn add(&mut self, certainty: Certainty, details: &[&str]) {
        self.found.push(Cause {
            kind: self.kind,
            details: details.iter().map(ToString::to_string).collect(),
            certainty,
            often: self.kind.often,
        });
    }
}

/// Collects the findings of every kind and ranks them: proven causes first, then those that explain the answer, then
/// those that something points to, then the more frequent ones.
pub(super) fn rank(seen: &Seen<'_>) -> Vec<Cause> {
    let mut all = Vec::new();
    for kind in kinds().filter(|kind| seen.answer.allows(kind.predicts)) {
        let before = all.len();
        let found = &mut all;
        let mut findings = Findings { kind, found };
        (kind.weigh)(seen, &mut findings);
        if seen.answers_another {
            for cause in findings.found.iter_mut().skip(before) {
                cause.certainty = cause.certainty.min(Certainty::Likely);
            }
        }
        for (explained, details) in seen.signature.explained() {
            if core::ptr::eq(*explained, kind) {
                let details: Vec<&str> = details.iter().map(String::as_str).collect();
                findings.certain_if(seen.request_is_known(), &details);
            }
        }
    }
    let about = seen.answer.about;
    let vague = seen.answer.allows(&[]);
    if !vague && !all.iter().any(|cause| cause.kind.predicts.contains(&about)) {
        let found = &mut all;
        let kind = &super::causes::store::OTHER;
        super::causes::store::refuse(seen, &mut Findings { kind, found });
    }
    all.sort_by_key(|cause| {
        let explains = !seen.answers_another && cause.kind.predicts.contains(&about);
        core::cmp::Reverse((cause.certainty, explains, cause.often))
    });
    let mut kept: Vec<Cause> = Vec::new();
    for cause in all {
        let same = |kept: &Cause| {
            core::ptr::eq(kept.kind, cause.kind)
                && (kept.details.first() == cause.details.first()
                    || (cause.certainty, kept.certainty > cause.certainty)
                        == (Certainty::Possible, true))
        };
        if kept.len() < MAX_CAUSES && !kept.iter().any(same) {
            kept.push(cause);
        }
    }
    kept
}

/// The maximum number of causes listed: more than anyone reads.
const MAX_CAUSES: usize = 32;
