//! Explains why a presigned URL is refused.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use crate::credentials::Credentials;
use crate::timestamp::Timestamp;
use crate::verify::credential::Credential;
use crate::verify::{Rejection, Request, Verifier};

mod answer;
mod cause;
mod comparison;
mod habits;
mod hypothesis;
mod meaning;

use answer::Answer;
pub use cause::Cause;
pub use comparison::Comparison;
use comparison::{compare, compare_strings_to_sign};
use hypothesis::Hypothesis;
use meaning::{cause_of, is_certain, signature, without_fragment};

/// What is known about a presigned URL that was refused.
///
/// At least the URL, and what was really sent with it: method and headers (a `Host` header among them tells where it
/// went). With the secret the cause is certain: guesses at what was signed are held against the signature. With the
/// store's answer, its canonical request is compared. Neither secret nor expected signature is ever shown.
///
/// # Examples
/// ```
/// use presign::diagnose::{Cause, Evidence};
/// use presign::{Bucket, Credentials, Method, Presigner, Timestamp};
///
/// let credentials = Credentials::new("AKIAEXAMPLE", "secret");
/// let bucket = Bucket::new("examplebucket", "eu-west-1")?;
/// let now = Timestamp::from_unix(1_369_353_600);
/// let url = Presigner::get(&credentials, &bucket, "k").sign_at(now)?;
///
/// let evidence = Evidence::new("HEAD", url.as_str(), &[]).at(now);
/// let diagnosis = evidence.credentials(&credentials).diagnose();
/// assert!(diagnosis.is_certain());
/// assert_eq!(diagnosis.causes()[0], Cause::MethodDiffers { signed_for: Some(Method::Get) });
///
/// let later = Timestamp::from_unix(now.as_unix() + 901);
/// let diagnosis = Evidence::new("GET", url.as_str(), &[]).at(later).diagnose();
/// assert_eq!(diagnosis.causes()[0], Cause::Expired { at: url.expires_at() });
/// # Ok::<(), presign::Error>(())
/// ```
#[derive(Clone)]
pub struct Evidence<'e> {
    method: &'e str,
    url: &'e str,
    headers: &'e [(&'e str, &'e str)],
    credentials: Option<&'e Credentials<'e>>,
    now: Option<Timestamp>,
    answer: Option<Answer>,
}

impl<'e> Evidence<'e> {
    /// The URL, and the method and headers that were sent.
    ///
    /// # Examples
    /// See [`Evidence`].
    #[must_use]
    pub const fn new(method: &'e str, url: &'e str, headers: &'e [(&'e str, &'e str)]) -> Self {
        Self {
            method,
            url,
            headers,
            credentials: None,
            now: None,
            answer: None,
        }
    }

    /// The credentials that should have signed.
    ///
    /// # Examples
    /// See [`Evidence`].
    #[must_use]
    pub const fn credentials(mut self, credentials: &'e Credentials<'e>) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// When it was sent. Without it, nothing is said of expiry.
    ///
    /// # Examples
    /// See [`Evidence`].
    #[must_use]
    pub fn at(mut self, time: impl Into<Timestamp>) -> Self {
        self.now = Some(time.into());
        self
    }

    /// The body of the store's answer: S3's error XML. What is no such XML is left out of account.
    ///
    /// # Examples
    /// ```
    /// use presign::diagnose::{Cause, Evidence};
    ///
    /// let url = "https://h/b/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=A%2F20130524%2Fus-east-1%2Fs3%2Faws4_request\
    ///            &X-Amz-Date=20130524T000000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=\
    ///            0000000000000000000000000000000000000000000000000000000000000000";
    /// let xml = "<Error><Code>AuthorizationQueryParametersError</Code>\
    ///            <Message>Error parsing the X-Amz-Credential parameter; the region 'us-east-1' is wrong; \
    ///            expecting 'eu-west-1'</Message></Error>";
    /// let diagnosis = Evidence::new("GET", url, &[]).error_xml(xml).diagnose();
    /// assert_eq!(
    ///     diagnosis.causes()[0].to_string(),
    ///     "the URL is signed for region us-east-1, but the bucket is in eu-west-1"
    /// );
    /// ```
    #[must_use]
    pub fn error_xml(mut self, body: &str) -> Self {
        self.answer = Answer::parse(body);
        self
    }

    /// Says which causes are likely, the most likely first.
    ///
    /// # Examples
    /// See [`Evidence`].
    #[must_use]
    pub fn diagnose(&self) -> Diagnosis {
        let mut diagnosis = Diagnosis {
            causes: Vec::new(),
            certain: false,
            comparison: Vec::new(),
        };
        if let Some((cause, certain)) = self.form() {
            diagnosis.causes.push(cause);
            diagnosis.certain = certain;
            return diagnosis;
        }
        let Some(sent) = self.sent() else {
            diagnosis.causes.push(Cause::CutOff {
                missing: "the host",
            });
            return diagnosis;
        };
        self.compare_with_answer(&sent, &mut diagnosis);
        match self.credentials {
            Some(credentials) => self.with_secret(&sent, credentials, &mut diagnosis),
            None => self.without_secret(&sent, &mut diagnosis),
        }
        diagnosis.tidy();
        diagnosis
    }

    /// What is wrong with the URL as a text.
    fn form(&self) -> Option<(Cause, bool)> {
        let url = without_fragment(self.url);
        let has = |name: &str| url.contains(name);
        if has("&amp;X-Amz-") || has("&amp;x-id=") {
            return Some((Cause::HtmlEscaped, true));
        }
        if !has("X-Amz-Signature=") {
            if has("AWSAccessKeyId=") && has("Signature=") {
                return Some((Cause::SignatureVersion2, true));
            }
            let cut_off = has("X-Amz-Algorithm=") || has("X-Amz-Credential=");
            let cause = if cut_off {
                Cause::CutOff {
                    missing: "X-Amz-Signature",
                }
            } else {
                Cause::NotPresigned
            };
            return Some((cause, true));
        }
        let signature = signature(url)?;
        let digits = signature.bytes().take_while(u8::is_ascii_hexdigit).count();
        let hmac = has("X-Amz-Algorithm=AWS4-HMAC-SHA256");
        if digits < signature.len() && (!hmac || digits >= 64) {
            return Some((Cause::TrailingText, true));
        }
        if hmac && digits > 64 {
            return Some((Cause::TrailingText, true));
        }
        if hmac && digits < 64 {
            return Some((
                Cause::CutOff {
                    missing: "X-Amz-Signature",
                },
                true,
            ));
        }
        let beside = |c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>');
        if url.trim_matches(beside) != url || url.contains(['\n', '\r', '\t']) {
            return Some((Cause::TrailingText, true));
        }
        None
    }

    /// The request as it was sent.
    fn sent(&self) -> Option<Hypothesis> {
        let request = Request::new(self.method, self.url, self.headers).ok()?;
        Some(Hypothesis {
            method: self.method.to_string(),
            host: request.host().to_string(),
            path: request.path().to_string(),
            query: request.query().to_string(),
            headers: self
                .headers
                .iter()
                .map(|(name, value)| ((*name).to_string(), (*value).to_string()))
                .collect(),
        })
    }

    /// What does not need the secret: form, time, headers.
    fn rejection(&self, sent: &Hypothesis) -> Option<Rejection> {
        let headers: Vec<_> = sent
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let target = alloc::format!("{}?{}", sent.path, sent.query);
        let request = Request::from_parts(&sent.method, &sent.host, &target, &headers);
        let signed_at = sent.with(|_, received| Some(received.signed_at));
        let now = self.now.or(signed_at).unwrap_or(Timestamp::from_unix(0));
        let who = |_: &str| self.credentials.cloned();
        Verifier::new().verify(&request, now, who).err()
    }

    fn with_secret(
        &self,
        sent: &Hypothesis,
        credentials: &Credentials<'_>,
        diagnosis: &mut Diagnosis,
    ) {
        let rejection = self.rejection(sent);
        if sent.holds(credentials) {
            // Where no token is known, the one that came is signed, and may be right.
            let (unknown, rejection) = match rejection {
                Some(Rejection::SessionTokenMismatch) if credentials.token().is_none() => {
                    (true, None)
                }
                other => (false, other),
            };
            self.beyond_the_signature(sent, rejection, diagnosis);
            if unknown {
                diagnosis.certain &= !diagnosis.causes.is_empty();
                diagnosis.causes.push(Cause::TokenAltered);
            }
            return;
        }
        if let Some((signed, cause)) = sent.explain(credentials) {
            let causes = &mut diagnosis.causes;
            let also = sent.also(&signed, &cause);
            causes.push(cause);
            causes.extend(also);
            causes.extend(self.other_host(&signed));
            causes.extend(sent.content_type_not_signed());
            diagnosis.certain = true;
            if let (Some(sent), Some(signed)) =
                (canonical_request(sent), canonical_request(&signed))
            {
                diagnosis.comparison = compare(&sent, &signed);
            }
            let also = rejection.filter(is_certain);
            diagnosis
                .causes
                .extend(also.and_then(|also| cause_of(also, sent)));
        } else {
            // The secret says nothing, so it is no evidence: least of all where it belongs to another access key ID.
            self.without_secret(sent, diagnosis);
        }
    }

    fn without_secret(&self, sent: &Hypothesis, diagnosis: &mut Diagnosis) {
        let rejection = self.rejection(sent).filter(|rejection| {
            !matches!(
                rejection,
                Rejection::UnknownAccessKey | Rejection::SessionTokenMismatch
            )
        });
        let certain = rejection.is_some_and(|rejection| is_certain(&rejection));
        let cause = rejection.and_then(|rejection| cause_of(rejection, sent));
        let answer = self.answer_cause(sent, diagnosis);
        match (answer, cause) {
            (Some(answer), Some(cause)) if answer.is_about_the_signature() => {
                diagnosis.causes.extend([answer, cause]);
                diagnosis.certain = true;
            }
            (answer, Some(cause)) => {
                diagnosis.causes.push(cause);
                diagnosis.causes.extend(answer);
                diagnosis.certain = certain;
            }
            (answer, None) => {
                diagnosis.certain = answer.as_ref().is_some_and(Cause::is_proof);
                diagnosis.causes.extend(answer);
            }
        }
        diagnosis.causes.extend(sent.posted_form());
        self.hints(sent, diagnosis);
        if self
            .answer
            .as_ref()
            .is_none_or(|answer| answer.code == "SignatureDoesNotMatch")
        {
            diagnosis.causes.push(Cause::WrongSecretOrAltered);
        }
    }

    /// The signature is right, so it is something else.
    fn beyond_the_signature(
        &self,
        sent: &Hypothesis,
        rejection: Option<Rejection>,
        diagnosis: &mut Diagnosis,
    ) {
        let causes = &mut diagnosis.causes;
        causes.extend(rejection.and_then(|rejection| cause_of(rejection, sent)));
        causes.extend(self.other_host(sent));
        let answer = self.answer_cause(sent, diagnosis);
        diagnosis.causes.extend(answer);
        diagnosis.certain = !diagnosis.causes.is_empty();
        self.hints(sent, diagnosis);
        if self
            .answer
            .as_ref()
            .is_some_and(|answer| answer.code == "SignatureDoesNotMatch")
        {
            diagnosis.causes.push(Cause::WrongSecretOrAltered); // the store knows another
        }
        diagnosis.certain |= diagnosis.causes.is_empty(); // nothing is wrong
    }

    /// The `Host` header that was sent is another than was signed.
    fn other_host(&self, signed: &Hypothesis) -> Option<Cause> {
        let host = signed.header("host");
        host.filter(|host| *host != signed.host)
            .map(|_| Cause::HostChanged {
                signed_for: signed.host.clone(),
            })
    }

    fn answer_cause(&self, sent: &Hypothesis, diagnosis: &Diagnosis) -> Option<Cause> {
        self.answer.as_ref()?.cause(sent, &diagnosis.comparison)
    }

    /// The store's canonical request beside the one of the URL.
    fn compare_with_answer(&self, sent: &Hypothesis, diagnosis: &mut Diagnosis) {
        let theirs = self
            .answer
            .as_ref()
            .and_then(|answer| answer.canonical_request.as_deref());
        if let (Some(ours), Some(theirs)) = (canonical_request(sent), theirs) {
            diagnosis.comparison = compare(&ours, &theirs.replace("\r\n", "\n"));
        }
        let theirs = self
            .answer
            .as_ref()
            .and_then(|answer| answer.string_to_sign.as_deref());
        if let (Some(ours), Some(theirs)) = (string_to_sign(sent), theirs) {
            diagnosis
                .comparison
                .extend(compare_strings_to_sign(&ours, theirs));
        }
    }

    /// What is often wrong with such a URL.
    fn hints(&self, sent: &Hypothesis, diagnosis: &mut Diagnosis) {
        let causes = &mut diagnosis.causes;
        causes.extend(self.other_host(sent));
        if sent
            .path
            .split('/')
            .any(|segment| matches!(segment, "." | ".."))
        {
            causes.push(Cause::KeyRewritten {
                how: "most clients resolve segments . and ..",
            });
        }
        if sent.path.contains("//") {
            causes.push(Cause::KeyRewritten {
                how: "some clients and proxies fold //",
            });
        }
        if sent.path.contains("%2F") {
            causes.push(Cause::PathEncoding {
                how: "%2F stands for a slash, which is signed bare",
            });
        }
        if sent.path.contains("%25") {
            causes.push(Cause::PathEncoding {
                how: "%25 often means that it was encoded twice",
            });
        }
        let temporary = self.url.contains("X-Amz-Credential=ASIA");
        if temporary
            && !self.url.contains("X-Amz-Security-Token=")
            && !self.url.contains("X-Amz-S3session-Token=")
        {
            causes.push(Cause::TokenMissing);
        }
        if let Some((signed_for, host)) = region_of_host(sent).filter(|(scope, host)| scope != host)
        {
            causes.push(Cause::WrongRegion {
                signed_for,
                expected: Some(host),
            });
        }
        causes.extend(sent.trackers());
        causes.extend(sent.content_type_not_signed());
    }
}

/// The regions of the scope and, where it names one, of the AWS host.
fn region_of_host(sent: &Hypothesis) -> Option<(String, String)> {
    let scope = sent.region()?;
    let (before, _) = sent.host.split_once(".amazonaws.")?;
    let region = before.rsplit('.').next()?;
    let named = region.contains('-')
        && region.ends_with(|c: char| c.is_ascii_digit())
        && !region.starts_with("s3");
    named.then(|| (scope, region.to_string()))
}

/// The canonical request that a store computes of what was sent.
fn canonical_request(request: &Hypothesis) -> Option<String> {
    request.with(|request, received| {
        let mut text = Vec::new();
        received.with_canonical_request(request, |canonical_request| {
            canonical_request.put(&mut text)
        });
        String::from_utf8(text).ok()
    })
}

fn string_to_sign(request: &Hypothesis) -> Option<String> {
    request.with(|request, received| {
        let credential = Credential::parse(received.credential, received.algorithm).ok()?;
        let mut text = Vec::new();
        received
            .string_to_sign(request, &credential.scope().ok()?)
            .put(&mut text);
        String::from_utf8(text).ok()
    })
}

impl fmt::Debug for Evidence<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Evidence")
            .field("method", &self.method)
            .field("url", &format_args!("{}", crate::redact::redact(self.url)))
            .finish_non_exhaustive()
    }
}

/// Why a URL was refused, as far as the [`Evidence`] tells.
///
/// # Examples
/// See [`Evidence`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    causes: Vec<Cause>,
    certain: bool,
    comparison: Vec<Comparison>,
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
    /// Without a cause: whether the signature holds, so that nothing is wrong.
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
    /// # use presign::diagnose::Evidence;
    /// # use presign::{Bucket, Credentials, Presigner, Timestamp};
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

    /// Each cause once, where it stood first; added parameters each by name.
    fn tidy(&mut self) {
        let mut seen: Vec<Cause> = Vec::new();
        self.causes.retain(|cause| {
            let several = matches!(cause, Cause::QueryAdded { .. });
            let same = |seen: &Cause| seen == cause || (!several && seen.name() == cause.name());
            let new = !seen.iter().any(same);
            seen.push(cause.clone());
            new
        });
    }
}
