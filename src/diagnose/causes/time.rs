//! Expiry and clocks. The store's answer outranks any clock.

use alloc::string::ToString;

use super::super::answer::About;
use super::super::cause::Kind;
use super::super::seen::Seen;
use crate::credentials::Credentials;
use crate::timestamp::Timestamp;

static EXPIRED: Kind = Kind {
    name: "Expired",
    text: "the URL expired at {}",
    way_out: "sign again, with a longer expiry if necessary (expires_in)",
    predicts: &[About::Expired],
    often: 95,
    weigh: |seen, found| {
        let at = expiry(seen);
        let text = at.map_or_else(|| "an unknown time".to_string(), |at| at.to_string());
        let passed = |time: Option<_>| at.zip(time).is_some_and(|(at, now)| now >= at);
        let valid = seen
            .auth
            .expires
            .is_some_and(|seconds| (1..=604_800).contains(&seconds));
        // Garage gives the same answer for a negative expiry.
        let malformed = !valid && seen.url.value("X-Amz-Expires").is_some();
        let answered = seen.answer.about == About::Expired && !malformed;
        if answered && is_early(seen) {
            found.possible(&[&text]);
        } else if answered || (!malformed && passed(seen.store_time)) {
            found.certain(&[&text]);
        } else if !malformed && passed(seen.time()) && !denies(seen) {
            // Any other answer may be older than the expiry.
            found.certain_if(seen.answer.about == About::Nothing, &[&text]);
        }
    },
    ..Kind::BASE
};

/// Whether the URL is valid by the given clock, and by any clock that S3 tolerates.
fn is_early(seen: &Seen<'_>) -> bool {
    let now = seen.time().zip(expiry(seen));
    now.is_some_and(|(now, expiry)| now.as_unix().saturating_add(900) < expiry.as_unix())
}

fn expiry(seen: &Seen<'_>) -> Option<Timestamp> {
    let own = seen.auth.expires_at().filter(|_| seen.is_presigned());
    own.or_else(|| version_2(seen))
}

/// The expiry in a URL of Signature Version 2.
fn version_2(seen: &Seen<'_>) -> Option<Timestamp> {
    seen.url.value("AWSAccessKeyId")?;
    let seconds = seen.url.value("Expires")?.parse().ok()?;
    Some(Timestamp::from_unix(seconds))
}

/// AWS names the expiry, so its plain answer has another reason.
fn denies(seen: &Seen<'_>) -> bool {
    seen.at_aws() && seen.answer.message == "Access Denied"
}

static CLOCK: Kind = Kind {
    name: "ClockSkew",
    text: "the URL is signed for {}, and the clocks of signer and store differ too much (S3 allows 15 minutes)",
    way_out: "correct the signer's clock; X-Amz-Date is in UTC",
    predicts: &[About::NotYet, About::Expired],
    often: 70,
    weigh: |seen, found| {
        let Some(signed_at) = seen.auth.signed_at.filter(|_| seen.is_presigned()) else {
            if seen.answer.about == About::NotYet {
                found.certain(&["another time"]);
            }
            return;
        };
        let ahead = seen
            .time()
            .is_some_and(|now| signed_at.as_unix() > now.as_unix().saturating_add(900));
        let text = signed_at.to_string();
        if seen.answer.about == About::Expired {
            if is_early(seen) {
                found.likely(&[&text]);
            }
            return;
        }
        // Some stores, such as S3Proxy, give the same answer for a request that is older than 15 minutes.
        let old = seen
            .time()
            .is_some_and(|now| now.as_unix() > signed_at.as_unix().saturating_add(900));
        if seen.answer.about == About::NotYet && old {
            found.likely(&[&text]);
        } else if seen.answer.about == About::NotYet || (ahead && seen.store_time.is_some()) {
            found.certain(&[&text]);
        } else if ahead {
            // Some stores accept a signing time in the future: Ceph and rclone do.
            found.certain_if(
                seen.at_aws() && seen.answer.about == About::Nothing,
                &[&text],
            );
        }
    },
    ..Kind::BASE
};

static EXPIRY_RANGE: Kind = Kind {
    name: "ExpiryOutOfRange",
    text: "X-Amz-Expires is outside 1 s to 604800 s (7 days)",
    way_out: "sign for at most 7 days",
    predicts: &[About::Expires, About::Expired, About::Parameter],
    often: 60,
    weigh: |seen, found| {
        let out = seen
            .auth
            .expires
            .is_some_and(|seconds| !(1..=604_800).contains(&seconds));
        let negative = seen
            .url
            .value("X-Amz-Expires")
            .is_some_and(|value| value.starts_with('-'));
        if out || negative || seen.answer.about == About::Expires {
            found.certain(&[]);
        }
    },
    ..Kind::BASE
};

static CREDENTIALS: Kind = Kind {
    name: "CredentialsExpired",
    text: "the temporary credentials that signed the URL have expired, and so has the URL",
    way_out: "sign with credentials that last longer than the URL",
    predicts: &[About::TokenExpired],
    often: 90,
    weigh: |seen, found| {
        // Those that did not sign do not matter.
        let signed = |credentials: &&Credentials<'_>| {
            !seen.is_presigned() || credentials.access_key_id() == seen.auth.access_key_id
        };
        let end = seen
            .credentials
            .filter(signed)
            .and_then(|credentials| credentials.expires_at());
        let over = end.zip(seen.time()).is_some_and(|(end, now)| end <= now);
        if seen.answer.about == About::TokenExpired {
            let permanent = seen.auth.token.is_none() && !seen.auth.is_temporary();
            found.certain_if(!(permanent && seen.is_presigned()), &[]);
        } else if over {
            found.certain_if(seen.answer.about == About::Nothing, &[]);
        }
    },
    ..Kind::BASE
};

pub(in super::super) const KINDS: &[&Kind] = &[&EXPIRED, &CLOCK, &EXPIRY_RANGE, &CREDENTIALS];
