//! `Verifier` and the server agree on random requests, valid and damaged ones.

use std::time::{Duration, SystemTime};

use presign::verify::{Rejection, Request, Verified, Verifier};
use presign::{Bucket, Credentials, Method, Presigner, Timestamp};
use presign_store::http;

use crate::{BUCKET, Fixture, ID, REGION, SECRET, bucket_at};

/// Random numbers from a seed, which a failing test reports.
struct Random(u64);

impl Random {
    /// One of `n` numbers. (xorshift64*)
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(high).unwrap() % n
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

struct Sent {
    method: Method,
    url: String,
    headers: Vec<(String, String)>,
}

/// Signs a random request for an existing object.
fn sign(random: &mut Random, fixture: &Fixture, now: i64) -> Sent {
    let method = random.of(&[Method::Get, Method::Put, Method::Delete, Method::Head]);
    let key = random.of(&["k", "a b", "ü/k", "a+b", "100%"]);
    let token = fixture.credentials.clone();
    let credentials = match random.below(12) {
        0 => Credentials::new(ID, "another"),
        1 => Credentials::new("AKIANOBODYEXAMPLE", SECRET),
        2 => Credentials::new(ID, SECRET).session_token("another"),
        3 => Credentials::new(ID, SECRET),
        _ => token,
    };
    let bucket = match random.below(8) {
        0 => {
            let other = Bucket::new(BUCKET, "us-east-1").unwrap();
            other
                .endpoint(&fixture.server.endpoint())
                .unwrap()
                .path_style()
                .into_owned()
        }
        1..4 => fixture.virtual_hosted(BUCKET),
        _ => bucket_at(&fixture.server.endpoint(), BUCKET).path_style(),
    };
    let queries = [
        &[][..],
        &[("x-id", "GetObject")],
        &[("response-content-type", "text/plain; a=b c")],
    ];
    let headers = [
        &[][..],
        &[("x-amz-meta-a", "b  c")],
        &[("Content-Type", "text/plain"), ("X-Amz-Meta-A", " b ")],
    ];
    let (query, headers) = (random.of(&queries), random.of(&headers));
    // Stays away from the limits by more than a slow machine can be late.
    let (age, expires) = random.of(&[
        (0, 900),
        (0, 604_800),
        (60, 30),
        (-600, 60),
        (-1200, 900),
        (80_000, 90_000),
    ]);
    let url = Presigner::new(method, &credentials, &bucket, key)
        .query(query)
        .headers(headers)
        .expires_in(Duration::from_secs(expires))
        .sign_at(Timestamp::from_unix(now - age))
        .unwrap();
    Sent {
        method,
        headers: url
            .headers()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        url: url.into_string(),
    }
}

/// Changes the request as requests are changed in practice.
fn damage(random: &mut Random, sent: &mut Sent) -> &'static str {
    let start = sent.url.find("//").unwrap() + 2;
    let path = start + sent.url[start..].find('/').unwrap() + 1; // elsewhere, the server is not reached
    let place = path + random.below(sent.url.len() - path);
    let byte = random.of(&["a", "Z", "0", "/", "%", "&", "=", "+", "-", ".", "~", ";"]);
    let pairs = |url: &str| {
        let (start, query) = url.split_once('?').unwrap();
        let pairs: Vec<_> = query.split('&').map(str::to_owned).collect();
        (start.to_owned(), pairs)
    };
    match random.below(16) {
        0 => {
            sent.url.replace_range(place..=place, byte);
            "a byte changed"
        }
        1 => {
            sent.url.insert_str(place, byte);
            "a byte more"
        }
        2 => {
            sent.url.remove(place);
            "a byte less"
        }
        3 => {
            sent.method = random.of(&[Method::Get, Method::Put, Method::Delete, Method::Head]);
            "another method"
        }
        4 => {
            sent.headers
                .push(("x-amz-meta-b".to_owned(), String::new()));
            "a header more"
        }
        5 => {
            sent.headers.pop();
            "a header less"
        }
        6 => {
            if let Some((_, value)) = sent.headers.last_mut() {
                value.push('x');
            }
            "a header changed"
        }
        7 => {
            let escapes: Vec<_> = sent.url.match_indices('%').map(|(at, _)| at).collect();
            let at = random.of(&escapes);
            let lower = sent.url[at..at + 3].to_lowercase();
            sent.url.replace_range(at..at + 3, &lower);
            "an escape in lower case"
        }
        8 => {
            let (start, mut pairs) = pairs(&sent.url);
            let by = random.below(pairs.len());
            pairs.rotate_left(by);
            sent.url = format!("{start}?{}", pairs.join("&"));
            "another order"
        }
        9 => {
            let (start, mut pairs) = pairs(&sent.url);
            let pair = pairs[random.below(pairs.len())].clone();
            pairs.push(pair);
            sent.url = format!("{start}?{}", pairs.join("&"));
            "a parameter twice"
        }
        10 => {
            let (start, mut pairs) = pairs(&sent.url);
            pairs.remove(random.below(pairs.len()));
            sent.url = format!("{start}?{}", pairs.join("&"));
            "a parameter less"
        }
        11 => {
            sent.url.push_str("&a=b");
            "a parameter more"
        }
        12 => {
            sent.headers
                .push(("Authorization".to_owned(), "Basic YTpi".to_owned()));
            "two authentications"
        }
        13 => {
            sent.headers
                .push(("Range".to_owned(), "bytes=0-1".to_owned()));
            "a header that need not be signed"
        }
        _ => "nothing",
    }
}

fn verify<'r>(request: &Request<'r>, fixture: &Fixture) -> Result<Verified<'r>, Rejection> {
    let verifier = Verifier::new().regions(&[REGION]).services(&["s3"]);
    let now = Timestamp::from(SystemTime::now());
    verifier.verify(request, now, |id| {
        (id == ID).then(|| fixture.credentials.clone())
    })
}

/// Requests that the server accepts and `Verifier` refuses. The server decodes the query and encodes it again, so
/// lower-case escapes, unencoded bytes and empty parameters make no difference. S3 does the same. `Verifier` accepts a
/// URL only as it was signed.
const LAX: [Rejection; 1] = [Rejection::NotCanonical];

#[test]
fn the_same_of_random_requests() {
    let mut seed = [0; 8];
    getrandom::fill(&mut seed).unwrap();
    let seed = u64::from_ne_bytes(seed) | 1;
    println!("seed {seed}");
    let mut random = Random(seed);
    let (mut taken, mut refused, mut lax) = (0, 0, 0);
    for token in [None, Some("to/k+en==")] {
        let fixture = Fixture::with_token(token);
        for round in 0..400 {
            let now = Timestamp::from(SystemTime::now()).as_unix();
            let mut sent = sign(&mut random, &fixture, now);
            let damage = damage(&mut random, &mut sent);
            let headers: Vec<_> = sent
                .headers
                .iter()
                .map(|(name, value)| (&**name, &**value))
                .collect();
            let ours = Request::new(sent.method.as_str(), &sent.url, &headers)
                .and_then(|request| verify(&request, &fixture));
            let before = fixture.server.accepted().len();
            let answer = http::send(sent.method.as_str(), &sent.url, &headers, b"");
            let theirs = fixture.server.accepted().len() > before;
            match ours.map(|_| ()) {
                Ok(()) if theirs => taken += 1,
                Err(_) if !theirs => refused += 1,
                Err(rejection) if LAX.contains(&rejection) => lax += 1,
                ours => panic!(
                    "seed {seed}, round {round}, {damage}: {ours:?}, but {answer:?}\n{} {} {headers:?}",
                    sent.method, sent.url
                ),
            }
        }
    }
    println!(
        "accepted by both: {taken}; refused by both: {refused}; accepted by the server alone: {lax}"
    );
    assert!(
        taken > 50 && refused > 200 && lax < 100,
        "{taken}, {refused}, {lax}"
    );
}
