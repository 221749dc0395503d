//! What the evidence tells.

use alloc::vec::Vec;

use super::{Cause, Comparison};

/// Why a URL was refused, as far as the [`Evidence`] tells.
///
/// # Examples
/// See [`Evidence`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    pub(super) causes: Vec<Cause>,
    pub(super) certain: bool,
    pub(super) comparison: Vec<Comparison>,
}

impl Diagnosis {
    /// The causes, the most likely first; none where nothing is wrong as far as can be seen.
    ///
    /// # Examples
    /// See [`Evidence`].
    #[must_use]
    pub fn causes(&self) -> &[Cause] {
        &self.causes
    }

    /// Whether the first cause is certain: proven by the signature, by form, headers and time, or by the store's answer.
    ///
    /// # Examples
    /// See [`Evidence`].
    #[must_use]
    pub const fn is_certain(&self) -> bool {
        self.certain
    }

    /// The canonical request part by part, side by side, where there are two of them: as sent, and as signed (where the
    /// secret told) or as the store computed it. The first that [`differs`](Comparison::differs) is the one to look at.
    ///
    /// # Examples
    /// ```
    /// # use presign::{Bucket, Credentials, Evidence, Presigner, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let url = Presigner::get(&credentials, &bucket, "k").sign_at(Timestamp::from_unix(0))?;
    /// let diagnosis = Evidence::new("PUT", url.as_str(), &[]).credentials(&credentials).diagnose();
    /// let first = diagnosis.comparison().iter().find(|row| row.differs()).ok_or("no difference")?;
    /// assert_eq!((first.part(), first.sent(), first.other()), ("method", Some("PUT"), Some("GET")));
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[must_use]
    pub fn comparison(&self) -> &[Comparison] {
        &self.comparison
    }

    /// Each cause once, where it stood first.
    pub(super) fn tidy(&mut self) {
        let mut seen = Vec::new();
        self.causes.retain(|cause| {
            let new = !seen.contains(&cause.name());
            seen.push(cause.name());
            new
        });
    }
}
