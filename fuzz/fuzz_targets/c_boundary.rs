//! Through the C interface any request gives what the crate gives: the same URL, within the buffer, or the code of the same
//! error; and a pointer that can be seen to be wrong gives an error. Strings, structures and buffers are allocated
//! at their exact size, so that the address sanitizer sees each byte too many.
#![no_main]

use std::ffi::{CStr, CString, c_char};
use std::ptr::{null, null_mut};
use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use presign::{Credentials, Error, Method, Presigner, Timestamp};
use presign_c::*;

mod record;

/// What a C program passes. The lines `null`, `not-utf8`, `unaligned` and `inside` of a record name what is passed so.
struct Caller<'r> {
    record: &'r record::Record<'r>,
    strings: Vec<CString>,
    url: Box<[c_char]>,
}

impl Caller<'_> {
    fn is(&self, misuse: &str, name: &str) -> bool {
        self.record.lines().any(|line| line == (misuse, name))
    }

    fn text(&mut self, name: &str, text: Option<&str>) -> *const c_char {
        let Some(text) = text.filter(|_| !self.is("null", name)) else {
            return null();
        };
        if self.is("inside", name) {
            return self.url.as_ptr();
        }
        let mut text = Vec::from(text);
        if self.is("not-utf8", name) {
            text.push(0xff);
        }
        self.strings.push(CString::new(text).unwrap());
        self.strings.last().unwrap().as_ptr()
    }

    fn pairs(&mut self, pairs: &[(&str, &str)]) -> Box<[presign_pair]> {
        let pair = |(name, value): &(&str, &str)| presign_pair {
            name: self.text("name", Some(name)),
            value: self.text("value", Some(value)),
        };
        pairs.iter().map(pair).collect()
    }

    fn at<T>(&self, name: &str, at: *const T) -> *const T {
        match name {
            _ if self.is("null", name) => null(),
            _ if self.is("unaligned", name) => at.wrapping_byte_add(1),
            _ => at,
        }
    }
}

const METHODS: [Method; 5] = [
    Method::Get,
    Method::Head,
    Method::Put,
    Method::Post,
    Method::Delete,
];
const SETTINGS: [(&str, u32); 5] = [
    ("path-style", PRESIGN_PATH_STYLE),
    ("global", PRESIGN_GLOBAL_ENDPOINT),
    ("dual-stack", PRESIGN_DUAL_STACK),
    ("fips", PRESIGN_FIPS),
    ("accelerate", PRESIGN_ACCELERATE),
];

fuzz_target!(|text: &str| {
    let record = &record::Record::parse(text);
    let credentials = record.credentials();
    let known = METHODS.iter().position(|known| *known == record.method());
    let values = record.headers.len() + record.query.len() + usize::from(record.has("type"));
    let (Some(method), Ok(until)) = (known, record.get("until").unwrap_or("0").parse()) else {
        return;
    };
    if text.contains('\0')
        || record.has("regions")
        || credentials.expires_at() == Some(Timestamp::from_unix(0))
    {
        return; // C cannot say so
    }
    let size = record.number::<u16>("size").unwrap_or(2048).into();
    let mut caller = Caller {
        record,
        strings: Vec::new(),
        url: vec![b'#' as c_char; size].into(),
    };
    let who = Box::new(presign_credentials {
        access_key_id: caller.text("id", Some(credentials.access_key_id())),
        secret_access_key: caller.text("secret", Some(record.secret())),
        session_token: caller.text("token", record.get("token")),
        expiration: until,
        flags: record.number("flags").unwrap_or(0),
    });
    let flags = SETTINGS.iter().filter(|(name, _)| record.has(name));
    let name = record.get("bucket").unwrap_or("examplebucket");
    let place = Box::new(presign_bucket {
        name: caller.text("bucket", Some(name).filter(|name| !name.is_empty())),
        region: caller.text("region", Some(record.get("region").unwrap_or("us-west-2"))),
        endpoint: caller.text("endpoint", record.get("endpoint")),
        flags: flags.map(|(_, flag)| flag).sum(),
    });
    let what = Box::new(presign_request {
        method: method as i32,
        expires_in: record.number("expires").unwrap_or(900),
        key: caller.text("key", record.key()),
        flags: if record.has("dots") {
            PRESIGN_ALLOW_DOT_SEGMENTS
        } else {
            0
        },
    });
    let (headers, query) = (caller.pairs(&record.headers), caller.pairs(&record.query));
    let with = Box::new(presign_values {
        content_type: caller.text("type", record.get("type")),
        headers: caller.at("headers", headers.as_ptr()),
        header_count: headers.len(),
        query: caller.at("query", query.as_ptr()),
        query_count: query.len(),
    });
    let call = (
        caller.at("who", &raw const *who),
        caller.at("place", &raw const *place),
        caller.at("what", &raw const *what),
        caller.at("with", &raw const *with),
        record.now().as_unix(),
    );
    let (who, place, what, with, now) = call;
    let to = match caller.is("null", "url") {
        true => null_mut(),
        false => caller.url.as_mut_ptr(),
    };
    let mut needed = usize::MAX;
    // SAFETY: strings end with a NUL, and pointers that are neither null nor unaligned refer to what they should.
    let error = unsafe { presign_sign_with(who, place, what, with, now, to, size, &mut needed) };
    // SAFETY: the text is static, and ends with a NUL.
    let text = unsafe { CStr::from_ptr(presign_error_text(error as i32)) };
    assert!(!text.is_empty() && error != presign_error::Other);
    assert_eq!(needed > 0, error == presign_error::BufferTooSmall);
    if ["null", "not-utf8", "unaligned", "inside", "flags"]
        .iter()
        .any(|name| record.has(name))
    {
        return; // an error or not: nothing was read or written that should not have been
    }

    let mut room = vec![0; size.saturating_sub(1)];
    let expected = match record.bucket() {
        _ if values > 10 => Err(presign_error::TooManyValues),
        Ok(bucket) => plain(record, &credentials, &bucket)
            .sign_into(record.now(), &mut room)
            .map_err(|error| {
                if let Error::BufferTooSmall { needed: text } = error {
                    assert_eq!(needed, text + 1);
                }
                error.into()
            }),
        Err(error) => Err(error.into()),
    };
    let url = caller
        .url
        .iter()
        .map(|byte| *byte as u8)
        .collect::<Vec<_>>();
    match expected {
        Ok(expected) if expected.contains("ECDSA") => {} // another signature each time
        Ok(expected) => {
            assert_eq!(error, presign_error::None, "{expected}");
            let (written, after) = url.split_at(expected.len());
            assert_eq!((written, after[0]), (expected.as_bytes(), 0));
            if let (Some(key), false) = (record.key(), name.is_empty()) {
                as_a_batch(call, key, expected);
            }
        }
        Err(expected) => {
            // Which of two mistakes is found first may differ.
            assert!(
                error == expected || values > 10 && error != presign_error::None,
                "{error:?}, not {expected:?}"
            );
            assert!(url.first().is_none_or(|byte| *byte == 0));
        }
    }
});

/// The request, of what C can say.
fn plain<'a>(
    record: &'a record::Record<'_>,
    credentials: &'a Credentials<'a>,
    bucket: &'a presign::Bucket<'a>,
) -> Presigner<'a> {
    let mut presigner = match record.key() {
        Some(key) => Presigner::new(record.method(), credentials, bucket, key),
        None => Presigner::bucket(record.method(), credentials, bucket),
    };
    let seconds: u32 = record.number("expires").unwrap_or(900);
    presigner = presigner.expires_in(Duration::from_secs(seconds.into()));
    if record.has("dots") {
        presigner = presigner.allow_dot_segments();
    }
    if let Some(content_type) = record.get("type") {
        presigner = presigner.content_type(content_type);
    }
    presigner.headers(&record.headers).query(&record.query)
}

type Call = (
    *const presign_credentials,
    *const presign_bucket,
    *const presign_request,
    *const presign_values,
    i64,
);

/// A batch signs the same, in buffers of exactly the size that it reports.
fn as_a_batch((who, place, what, with, now): Call, key: &str, expected: &str) {
    let key = CString::new(key).unwrap();
    let mut batch = Box::<presign_batch>::new_uninit();
    let (batch, mut needed) = (batch.as_mut_ptr(), 0);
    // SAFETY: as above; a null buffer of no size is allowed.
    let error = unsafe {
        presign_batch_begin(
            batch,
            who,
            place,
            what,
            with,
            now,
            null_mut(),
            0,
            &mut needed,
        )
    };
    assert_eq!(error, presign_error::BufferTooSmall);
    let mut buffer = vec![0; needed].into_boxed_slice();
    let (at, size) = (buffer.as_mut_ptr(), buffer.len());
    // SAFETY: as above; the buffer outlives the batch.
    let error =
        unsafe { presign_batch_begin(batch, who, place, what, with, now, at, size, &mut needed) };
    assert_eq!(error, presign_error::None);
    let mut url = vec![0; expected.len() + 1].into_boxed_slice();
    let (at, size) = (url.as_mut_ptr(), url.len());
    // SAFETY: the batch was begun, and the key ends with a NUL.
    let error = unsafe { presign_batch_sign(batch, key.as_ptr(), at, size, &mut needed) };
    assert_eq!(error, presign_error::None);
    // SAFETY: a URL ends with a NUL.
    assert_eq!(
        unsafe { CStr::from_ptr(at) }.to_bytes(),
        expected.as_bytes()
    );
    // SAFETY: a batch that nobody else uses.
    assert_eq!(unsafe { presign_batch_end(batch) }, presign_error::None);
}
