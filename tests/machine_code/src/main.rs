//! Signs and verifies its arguments in every way that needs no allocator. The checks examine the machine code of this
//! program.
#![no_std]
#![no_main]

use core::ffi::{CStr, c_char, c_int};
use core::hint::black_box;
use core::time::Duration;

use presign::verify::{Request, Verifier};
use presign::{
    Bucket, Checksum, Credentials, Encryption, Error, ExpiryPolicy, Identity, Method, Presigner,
    Timestamp,
};

#[link(name = "c")]
unsafe extern "C" {}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}

/// The arguments are unknown to the optimizer.
struct Arguments(c_int, *const *const c_char);

impl Arguments {
    fn get(&self, at: c_int) -> &str {
        if at >= self.0 {
            return "";
        }
        let text = unsafe { CStr::from_ptr(*self.1.offset(at as isize)) };
        text.to_str().unwrap_or_default()
    }

    fn number(&self, at: c_int) -> i64 {
        self.get(at).parse().unwrap_or(0)
    }
}

#[unsafe(no_mangle)]
extern "C" fn main(count: c_int, arguments: *const *const c_char) -> c_int {
    let arguments = Arguments(count, arguments);
    match run(&arguments) {
        Ok(true) => 0,
        Ok(false) => 1,
        Err(error) => {
            black_box(error);
            2
        }
    }
}

/// Verifies a signed or received request.
fn run(given: &Arguments) -> Result<bool, Error> {
    #[cfg(feature = "panics")]
    black_box(given.get(1).as_bytes()[black_box(3)]);

    let mut credentials = Credentials::new(given.get(1), given.get(2));
    if !given.get(3).is_empty() {
        credentials = credentials
            .session_token(given.get(3))
            .expiration(Timestamp::from_unix(given.number(4)));
    }
    let mut bucket = match given.get(5) {
        "" => Bucket::service(given.get(6))?,
        name => Bucket::new(name, given.get(6))?,
    };
    if !given.get(7).is_empty() {
        bucket = bucket.endpoint(given.get(7))?;
    }
    for setting in given.get(8).bytes() {
        bucket = match setting {
            b'p' => bucket.path_style(),
            b'g' => bucket.global_endpoint(),
            b'd' => bucket.dual_stack(),
            b'f' => bucket.fips(),
            b'a' => bucket.accelerate(),
            _ => bucket,
        };
    }
    let now = Timestamp::from_unix(given.number(9));
    let pair = [
        (given.get(10), given.get(11)),
        (given.get(12), given.get(13)),
    ];
    let lists = given.number(14).clamp(0, 2) as usize;
    let pairs = pair.get(..lists).unwrap_or_default();

    let sign = |identity: Identity<'_>, buffer: &mut [u8]| -> Result<usize, Error> {
        let method: Method = given.get(15).parse()?;
        let mut presigner = match given.get(16) {
            "" => Presigner::bucket(method, identity, &bucket),
            key => Presigner::new(method, identity, &bucket, key),
        };
        presigner = presigner
            .query(pairs)
            .headers(pairs)
            .metadata_list(pairs)
            .expires_in(Duration::new(given.number(17) as u64, 0));
        for setter in given.get(18).bytes() {
            let text = given.get(19);
            presigner = match setter {
                b'd' => presigner.allow_dot_segments(),
                b'v' => presigner.version_id(text),
                b'p' => presigner.part_number(given.number(19) as u16),
                b'l' => presigner.content_length(given.number(19) as u64),
                b't' => presigner.content_type(text),
                b'm' => presigner.content_md5(text),
                b'c' => presigner.checksum(Checksum::Sha256(text)),
                b'e' => presigner.encryption(Encryption::Customer {
                    key: text,
                    key_md5: text,
                }),
                b'r' => presigner.response_content_disposition(text),
                b'k' => presigner.max_keys(given.number(19) as u32),
                b'C' => presigner.expiry_policy(ExpiryPolicy::Clamp),
                b'R' => presigner.expiry_policy(ExpiryPolicy::Refuse),
                b'E' => presigner.expires_at(now),
                _ => presigner,
            };
        }
        black_box(presigner.valid_until(now))?;
        black_box(presigner.advisories(now).count());
        Ok(presigner.sign_into(now, buffer)?.len())
    };
    let mut buffer = [0; 4096];
    let room = buffer
        .get_mut(..given.number(20) as usize)
        .unwrap_or_default();
    black_box(sign((&credentials).into(), room)?);
    let key = credentials.signing_key(&bucket, now)?;
    black_box(sign((&key).into(), room)?);
    black_box(&room);
    #[cfg(feature = "early-exit")]
    for (signed, sent) in room.iter().zip(given.get(21).bytes()) {
        if black_box(*signed) != sent {
            break;
        }
    }

    let Ok(request) = Request::new(given.get(15), given.get(21), pairs) else {
        return Ok(false);
    };
    let (regions, services) = ([given.get(6)], [given.get(22)]);
    let mut verifier = Verifier::new().clock_tolerance(given.number(9) as u64);
    if lists > 0 {
        verifier = verifier
            .regions(&regions)
            .services(&services)
            .max_age(given.number(17) as u64);
    }
    let verified = verifier.verify(&request, now, |_| Some(credentials.clone()));
    if let Ok(verified) = &verified {
        black_box(verified.signed_headers().count());
        black_box((
            verified.access_key_id(),
            verified.region(),
            verified.service(),
        ));
    }
    let _ = black_box(given.get(23).parse::<Timestamp>());
    Ok(verified.is_ok())
}
