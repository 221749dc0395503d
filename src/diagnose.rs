//! Explains why a presigned URL is refused.
//!
//! `seen`, `answer` and, with the secret, `search` collect the observations. Each kind of cause (`causes`) judges them
//! independently. One function (`cause::rank`) orders the findings.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use zeroize::Zeroizing;

use crate::credentials::Credentials;
use crate::sigv4::string_to_sign::Start;
use crate::text::find;
use crate::timestamp::Timestamp;

mod answer;
mod answers;
mod cause;
mod causes;
mod comparison;
mod failures;
mod form;
mod habits;
mod hosts;
mod search;
mod seen;
mod template;
mod text;

use answer::Answer;
pub use cause::{Cause, Certainty, Kind, kinds};
pub use comparison::Comparison;
use comparison::{compare, compare_strings_to_sign};
use form::Form;
use search::{Signature, search};
use seen::{Auth, Seen, Url};
use template::Template;

/// The evidence about a presigned URL that was refused.
///
/// Only the URL is required. Each further piece of evidence excludes causes. Missing evidence counts as unknown: a
/// cause is only certain if no missing piece could contradict it. With the secret, likely changes to the request are
/// tested against the signature. With the store's answer, the canonical request that the store computed is compared.
/// `Debug` shows none of these values.
///
/// Limits: 16 KiB for the URL; 512 headers, 512 form fields and 512 query parameters; 64 KiB each for headers and
/// fields; 256 KiB for the answer. Anything beyond is left out and reported as `NotExamined` or `AnswerUnread`.
///
/// # Examples
/// ```
/// use presign::diagnose::{Certainty, Evidence};
/// use presign::{Bucket, Credentials, Presigner, Timestamp};
///
/// let credentials = Credentials::new("AKIAEXAMPLE", "secret");
/// let bucket = Bucket::new("examplebucket", "eu-west-1")?;
/// # #[cfg(feature = "std")] {
/// let url = Presigner::get(&credentials, &bucket, "k").sign()?;
///
/// let diagnosis = Evidence::new(url.as_str())
///     .method("HEAD")
///     .headers(&[])
///     .at(Timestamp::now())
///     .credentials(&credentials)
///     .diagnose();
/// let cause = &diagnosis.causes()[0];
/// assert_eq!(cause.certainty(), Certainty::Certain);
/// assert_eq!(cause.to_string(), "the URL is signed for GET, but the method of the request is HEAD");
/// # }
/// # Ok::<(), presign::Error>(())
/// ```
#[derive(Clone)]
#[must_use]
pub struct Evidence<'e> {
    url: &'e str,
    method: Option<&'e str>,
    headers: Option<&'e [(&'e str, &'e str)]>,
    fields: Option<&'e [(&'e str, &'e str)]>,
    credentials: Option<&'e Credentials<'e>>,
    now: Option<Timestamp>,
    answer: &'e str,
}

/// The maximum length of the URL: twice what servers accept.
const MAX_URL: usize = 16 * 1024;
/// Limits for parameters, headers and fields: their number, and their size in bytes.
const MAX_COUNT: usize = 512;
const MAX_BYTES: usize = 64 * 1024;

impl<'e> Evidence<'e> {
    /// Starts with the URL, as it was sent or found.
    ///
    /// # Examples
    /// See [`Evidence`].
    pub const fn new(url: &'e str) -> Self {
        Self {
            url,
            method: None,
            headers: None,
            fields: None,
            credentials: None,
            now: None,
            answer: "",
        }
    }

    /// Adds the method that was sent. Without it, the usual one is assumed: `GET`, or `POST` for a form.
    ///
    /// # Examples
    /// See [`Evidence`].
    pub const fn method(mut self, method: &'e str) -> Self {
        self.method = Some(method);
        self
    }

    /// Adds all headers that were sent. A `Host` header among them shows where the request went. Without this call, the
    /// headers are unknown.
    ///
    /// # Examples
    /// ```
    /// # use presign::diagnose::Evidence;
    /// # use presign::{Bucket, Credentials, Presigner, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let url = Presigner::put(&credentials, &bucket, "k").content_type("image/png").sign_at(Timestamp::from_unix(0))?;
    /// let diagnosis = Evidence::new(url.as_str()).method("PUT").headers(&[]).diagnose();
    /// assert_eq!(diagnosis.causes()[0].to_string(), "header content-type is signed, but was not sent");
    /// # Ok::<(), presign::Error>(())
    /// ```
    pub const fn headers(mut self, headers: &'e [(&'e str, &'e str)]) -> Self {
        self.headers = Some(headers);
        self
    }

    /// Adds the fields of the form that was sent to the URL, including its policy.
    ///
    /// # Examples
    /// ```
    /// use presign::diagnose::Evidence;
    ///
    /// // {"expiration": "2013-05-25T00:00:00Z", "conditions": [{"acl": "private"}]}
    /// let policy = "eyJleHBpcmF0aW9uIjogIjIwMTMtMDUtMjVUMDA6MDA6MDBaIiwgImNvbmRpdGlvbnMiOiBbeyJhY2wiOiAicHJpdmF0ZSJ9XX0=";
    /// let fields = [("key", "k"), ("acl", "public-read"), ("policy", policy)];
    /// let diagnosis = Evidence::new("https://examplebucket.s3.amazonaws.com/").form(&fields).diagnose();
    /// assert_eq!(diagnosis.causes()[0].to_string(), "a form field does not meet the policy's condition: acl has another value");
    /// ```
    pub const fn form(mut self, fields: &'e [(&'e str, &'e str)]) -> Self {
        self.fields = Some(fields);
        self
    }

    /// Adds the credentials that should have signed.
    ///
    /// # Examples
    /// See [`Evidence`].
    pub const fn credentials(mut self, credentials: &'e Credentials<'e>) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// Adds the time of the request. Without it, expiry is checked only if the store's answer contains a time.
    ///
    /// # Examples
    /// See [`Evidence`].
    pub fn at(mut self, time: impl Into<Timestamp>) -> Self {
        self.now = Some(time.into());
        self
    }

    /// Adds the store's answer in any form: the error XML, complete or in part, as shown by a browser, an SDK or a log,
    /// or the output of `curl -i` or `curl -v`. An answer that cannot be read is reported as the cause `AnswerUnread`.
    /// To add the status, start with a line such as `HTTP/1.1 403 Forbidden`, followed by an empty line.
    ///
    /// # Examples
    /// ```
    /// use presign::diagnose::Evidence;
    ///
    /// let url = "https://h/b/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=A%2F20130524%2Fus-east-1%2Fs3%2Faws4_request\
    ///            &X-Amz-Date=20130524T000000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=\
    ///            0000000000000000000000000000000000000000000000000000000000000000";
    /// let answer = "<Error><Code>AuthorizationQueryParametersError</Code>\
    ///               <Message>Error parsing the X-Amz-Credential parameter; the region 'us-east-1' is wrong; \
    ///               expecting 'eu-west-1'</Message></Error>";
    /// let diagnosis = Evidence::new(url).answer(answer).diagnose();
    /// assert_eq!(
    ///     diagnosis.causes()[0].to_string(),
    ///     "the URL is signed for region us-east-1, but the bucket is in eu-west-1"
    /// );
    /// ```
    #[doc(alias = "body")]
    #[doc(alias = "status")]
    pub const fn answer(mut self, answer: &'e str) -> Self {
        self.answer = answer;
        self
    }

    /// Finds the causes, the most likely first.
    ///
    /// # Examples
    /// See [`Evidence`].
    #[must_use]
    pub fn diagnose(&self) -> Diagnosis {
        let diagnosis = self.observe(|seen| {
            let comparison = seen.compare();
            Diagnosis {
                causes: cause::rank(seen),
                comparison,
            }
        });
        wipe();
        diagnosis
    }

    /// Collects the observations. Not inlined, so that its stack frame is below the one that wipes it.
    #[inline(never)]
    fn observe<R>(&self, read: impl FnOnce(&mut Seen<'_>) -> R) -> R {
        let mut limits = Vec::new();
        let url = self.url.trim();
        let (url, damages) = if url.len() > MAX_URL {
            limits.push("the URL is longer than 16 KiB; most servers refuse that");
            (Zeroizing::new(String::new()), Vec::new())
        } else {
            causes::text::repair(url)
        };
        let unescaped =
            answer::unescaped(self.answer.get(..answer::MAX_ANSWER).unwrap_or(self.answer));
        let mut answer = Answer::read(unescaped.as_deref().map_or(self.answer, String::as_str));
        let mut fits = |what, list: Option<&'e [(&'e str, &'e str)]>| {
            list.filter(|list| {
                let bytes: usize = list
                    .iter()
                    .map(|(name, value)| name.len() + value.len())
                    .sum();
                let fits = list.len() <= MAX_COUNT && bytes <= MAX_BYTES;
                if !fits {
                    limits.push(what);
                }
                fits
            })
        };
        let headers = fits(
            "there are more than 512 headers, or 64 KiB of them",
            self.headers,
        );
        let fields = fits(
            "there are more than 512 form fields, or 64 KiB of them",
            self.fields,
        );
        let mut parts = Url::parse(&url);
        if parts.pairs.len() > MAX_COUNT {
            limits.push("the URL has more than 512 parameters");
            parts.pairs.truncate(MAX_COUNT);
        }
        let mut auth = Auth::read(&parts);
        let credential = fields.and_then(|fields| find(fields, "x-amz-credential"));
        if let Some(credential) = credential.filter(|_| auth.signature.is_empty()) {
            auth.read_credential(credential, &None);
        }
        let as_given = self.url.get(..MAX_URL).unwrap_or(self.url);
        let as_given = as_given.split('#').next().unwrap_or_default();
        let as_given = Auth::read(&Url::parse(as_given));
        let answers_another = auth.contradicts(&answer, &as_given);
        if answers_another {
            answer.disown();
        }
        if !auth.masked.is_empty() {
            limits.push("the signature, the credential or the token is masked");
        }
        let sent = answer.sent.as_ref();
        let assumed = if fields.is_some() { "POST" } else { "GET" };
        // The store shows which method arrived.
        let arrived = answer.computed("CanonicalRequest");
        let arrived = arrived.as_deref().and_then(|text| {
            let (method, _) = text.split_once(['\n', ' '])?;
            let is_method =
                method.len() <= 7 && method.bytes().all(|byte| byte.is_ascii_uppercase());
            is_method.then_some(method)
        });
        let known = self
            .method
            .or_else(|| sent.map(|sent| sent.method))
            .or(arrived);
        let store_time = answer
            .element("ServerTime")
            .and_then(|time| time.parse().ok());
        let mut seen = Seen {
            damages,
            is_readable_as_given: as_given.day.is_some() && !as_given.signature.is_empty(),
            is_padded: self.url.trim() != self.url,
            limits,
            auth,
            url: parts,
            method: known.unwrap_or(assumed),
            // In lower case, it may be a note of the method rather than the text that was sent.
            method_is_known: known
                .is_some_and(|method| !method.bytes().any(|byte| byte.is_ascii_lowercase())),
            headers: headers.or_else(|| sent.map(|sent| sent.headers.as_slice())),
            now: self.now,
            store_time,
            answer: &answer,
            answers_another,
            credentials: self.credentials,
            form: fields.map(Form::new),
            signature: Signature::Unknown,
            path_is_unusual: false,
            query_is_unusual: false,
            computed: Vec::new(),
        };
        read(&mut seen)
    }
}

impl Seen<'_> {
    /// Compares what was sent with what the store computed and, with the secret, with what was signed.
    fn compare(&mut self) -> Vec<Comparison> {
        if !self.is_presigned() {
            return Vec::new();
        }
        let template = Template::new(self);
        (self.path_is_unusual, self.query_is_unusual) =
            (template.path_is_unusual, template.query_is_unusual);
        let sent = core::str::from_utf8(&template.text).unwrap_or_default();
        if let Some(theirs) = self.answer.computed("CanonicalRequest") {
            self.computed = compare(sent, &theirs);
        }
        let theirs = self.answer.computed("StringToSign");
        // Other versions of the signature have other parts.
        let theirs = theirs.filter(|theirs| theirs.starts_with("AWS4"));
        if let (Some(theirs), Some(ours)) = (theirs, self.start()) {
            self.computed
                .extend(compare_strings_to_sign(&ours, &theirs));
        }
        let Some(credentials) = self.credentials else {
            return self.computed.clone();
        };
        let outcome = search(self, &template, credentials);
        self.signature = outcome.signature;
        if outcome.cut_short {
            self.limits
                .push("the search for what was signed stopped at its limit");
        }
        match core::str::from_utf8(&outcome.signed) {
            Ok(signed) if !signed.is_empty() => compare(sent, signed),
            _ => self.computed.clone(),
        }
    }

    /// The string to sign, without the hash in its last line.
    fn start(&self) -> Option<String> {
        let auth = &self.auth;
        let start = Start {
            stamp: auth.stamp?,
            scope: search::scope(self, &auth.region, &auth.service)?,
            written: None,
        };
        let mut text = Vec::new();
        start.put(&mut text);
        String::from_utf8(text).ok()
    }
}

/// Overwrites the part of the stack that contained secrets, tokens and keys.
#[inline(never)]
fn wipe() {
    core::hint::black_box(&mut [0_u8; STACK]);
}

const STACK: usize = 32 * 1024;

impl fmt::Debug for Evidence<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Evidence")
            .field("method", &self.method.is_some())
            .field("headers", &self.headers.map(<[_]>::len))
            .field("form", &self.fields.map(<[_]>::len))
            .field("credentials", &self.credentials.is_some())
            .field("at", &self.now)
            .field("answer", &self.answer.len())
            .finish_non_exhaustive()
    }
}

/// Why a URL was refused, as far as the [`Evidence`] shows.
///
/// # Examples
/// See [`Evidence`].
#[derive(Clone, Debug)]
pub struct Diagnosis {
    causes: Vec<Cause>,
    comparison: Vec<Comparison>,
}

impl Diagnosis {
    /// Returns the causes, the most likely first, each with its [`Certainty`]; empty if nothing in the evidence is wrong.
    ///
    /// # Examples
    /// See [`Evidence`].
    #[must_use]
    pub fn causes(&self) -> &[Cause] {
        &self.causes
    }

    /// Compares two versions of the canonical request part by part: the one that was sent, and the one that was signed
    /// (if the secret revealed it) or that the store computed. Empty if there is only one. Look at the first part that
    /// [`differs`](Comparison::differs).
    ///
    /// # Examples
    /// ```
    /// # use presign::diagnose::Evidence;
    /// # use presign::{Bucket, Credentials, Presigner, Timestamp};
    /// # let (credentials, bucket) = (Credentials::new("AKIAEXAMPLE", "secret"), Bucket::new("examplebucket", "eu-west-1")?);
    /// let url = Presigner::get(&credentials, &bucket, "k").sign_at(Timestamp::from_unix(0))?;
    /// let diagnosis = Evidence::new(url.as_str()).method("PUT").credentials(&credentials).diagnose();
    /// let first = diagnosis.comparison().iter().find(|row| row.differs()).ok_or("no difference")?;
    /// assert_eq!((first.part(), first.sent(), first.other()), ("method", Some("PUT"), Some("GET")));
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[must_use]
    pub fn comparison(&self) -> &[Comparison] {
        &self.comparison
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bucket::Bucket;
    use crate::presigner::Presigner;

    /// The number of bytes hashed to explain a URL grows linearly with its length.
    #[test]
    fn work_is_bounded() {
        let secrets = ["secret", "another"].map(|secret| Credentials::new("AKIAEXAMPLE", secret));
        let [signer, other] = &secrets;
        let bucket = Bucket::new("examplebucket", "eu-west-1").unwrap();
        let names: Vec<_> = (0..240)
            .map(|n| alloc::format!("parameter{n:03}"))
            .collect();
        let query: Vec<_> = names.iter().map(|name| (name.as_str(), "1234")).collect();
        let presigner = Presigner::get(signer, &bucket, "k").query(&query);
        let url = presigner.sign_at(Timestamp::from_unix(0)).unwrap();
        assert!(url.as_str().len() > 4500);
        let hashed = |url: &str, credentials: &Credentials<'_>| {
            let evidence = Evidence::new(url).method("GET").headers(&[]);
            evidence.observe(|seen| search(seen, &Template::new(seen), credentials).hashed)
        };
        let url = url.as_str();
        assert!(hashed(url, signer) < 6000);
        let added = alloc::format!("{url}&parameter999=");
        assert!(hashed(&added, signer) < 100 * url.len());
        let within = url.replacen("&parameter200=", "&parameter1999=&parameter200=", 1);
        assert!(hashed(&within, signer) < 200 * url.len());
        assert!(hashed(url, other) < search::MAX_HASHED + 8 * url.len());
        let longer = url.replacen("/k?", &alloc::format!("/{}k?", "/a%2520".repeat(1500)), 1);
        assert!(hashed(&longer, other) < search::MAX_HASHED + 4 * longer.len());
    }
}
