//! The known differences between these servers and S3, and their reasons. An unlisted difference fails the run, and so
//! does a listed one that no longer occurs.

use crate::check::Kind::{Code, Fail, Lax};
use crate::check::{Deviation, Kind};

mod stores;

pub(crate) struct Expected {
    server: &'static str,
    checks: &'static [&'static str],
    /// In each of these checks; empty: in any.
    cases: &'static [&'static str],
    kind: Kind,
    /// Empty: any answer.
    seen: &'static str,
    pub(crate) reason: &'static str,
}

const fn on(
    server: &'static str,
    kind: Kind,
    checks: &'static [&'static str],
    cases: &'static [&'static str],
    reason: &'static str,
) -> Expected {
    Expected {
        server,
        checks,
        cases,
        kind,
        seen: "",
        reason,
    }
}

/// A failure must have a known answer: a signature mismatch is not a reason.
const fn no(
    server: &'static str,
    seen: &'static str,
    checks: &'static [&'static str],
    cases: &'static [&'static str],
    reason: &'static str,
) -> Expected {
    let expected = on(server, Fail, checks, cases, reason);
    Expected { seen, ..expected }
}

const S3S: &str = "s3s";
const RGW: &str = "Ceph RGW";
const STS: &str = "Ceph RGW, STS";
const RCLONE: &str = "rclone";
/// The user's endpoint: it can be any server, so its listed differences need not occur.
pub(crate) const THEIRS: &str = "endpoint";

const LIFETIMES: &str = "expiries, by signing time";
const SLASHES: &str = "keys: `//`, leading and trailing `/`";
const DOTS: &str = "keys: dot segments";
const SHA256: &str = "signed: checksum SHA-256";
const CRC32: &str = "signed: checksum CRC-32";
const UNKNOWN_TOKEN: &str = "session token: never issued";
const WITHIN: &str = "form: within its policy";
const FILE_NAME: &str = "form: `${filename}`";
const OUTSIDE: &str = "form: violating a condition";
const CHANGED: &str = "form: signature, policy or secret changed";
const EXPIRED: &str = "form: expired";
const FORM_TOKEN: &str = "form: session token";
const COMMAND_PUT: &str = "command: put, with a SHA-256";
const COMMAND_FORM: &str = "command: form, with a SHA-256";
const SERVICE_FORM: &str = "service: form";
const PAGE_FORM: &str = "page: form";
const LIFETIME: &str = "damaged: expiry and date";
const SCOPE: &str = "damaged: credential scope, algorithm, signed headers";
const HEADER: &str = "damaged: an extra `x-amz-...` header";
const REGION: &str = "signed for another region";

static ROWS: &[Expected] = &[
    no(
        THEIRS,
        "400 InvalidRequest",
        &[EXPIRED],
        &["7 days, after a day"],
        "It refuses forms that were signed over a day ago, whatever their expiry (Garage)",
    ),
    no(
        S3S,
        "501 NotImplemented",
        &[SLASHES, DOTS, "keys: 1024 bytes"],
        &[],
        "It stores objects as files, and this key is not a valid file name",
    ),
    on(
        S3S,
        Code,
        &["20 MiB in parts, only with links"],
        &["a part after abort"],
        "It has no error code for an aborted upload",
    ),
    no(
        S3S,
        "404 NoSuchKey",
        &[FILE_NAME, PAGE_FORM],
        &[],
        "It stores `${filename}` literally",
    ),
    on(
        S3S,
        Code,
        &[OUTSIDE],
        &[],
        "It has its own code for a condition that fails",
    ),
    no(
        S3S,
        "403 RequestTimeTooSkewed",
        &[EXPIRED],
        &["7 days, after a day"],
        "It accepts a form only within 15 minutes of signing, whatever its expiry",
    ),
    on(
        S3S,
        Code,
        &[FORM_TOKEN],
        &["removed", "altered", "signed without"],
        "It has other codes for a wrong token",
    ),
    no(
        S3S,
        "501 NotImplemented",
        &[FORM_TOKEN],
        &["right"],
        "It does not pass on the token of a form, so the access hook refuses it",
    ),
    on(
        S3S,
        Code,
        &["damaged: signature", LIFETIME, SCOPE],
        &[],
        "It has other codes for malformed requests",
    ),
    no(
        S3S,
        "403 SignatureDoesNotMatch",
        &["not damaged: other spelling"],
        &["escapes in lower case"],
        "The access hook here requires the path exactly as signed",
    ),
    on(
        RGW,
        Lax,
        &[LIFETIMES],
        &["signed an hour ahead"],
        "It does not refuse a date in the future",
    ),
    on(
        RGW,
        Lax,
        &[SHA256, CRC32, COMMAND_PUT, COMMAND_FORM],
        &["another body"],
        "Version 16 does not support checksum headers: it checks their signature, but not the body",
    ),
    on(
        RGW,
        Lax,
        &[UNKNOWN_TOKEN],
        &["signed with it"],
        "Without STS it does not check tokens",
    ),
    on(
        RGW,
        Code,
        &[CHANGED],
        &[
            "another signature",
            "the policy of another form",
            "another secret",
        ],
        "It answers forms with a wrong signature with `AccessDenied`",
    ),
    on(
        RGW,
        Lax,
        &["damaged: parameters"],
        &["a parameter twice"],
        "If a parameter is repeated, it keeps one",
    ),
    on(
        RGW,
        Code,
        &[LIFETIME, SCOPE],
        &[],
        "It has other codes for malformed requests",
    ),
    on(
        RGW,
        Lax,
        &[HEADER],
        &["x-amz-meta-more", "x-amz-acl"],
        "It accepts `x-amz-...` headers that are not signed",
    ),
    on(RGW, Lax, &[REGION], &["GET"], "It accepts any region"),
    on(
        STS,
        Lax,
        &[LIFETIMES],
        &["signed an hour ahead"],
        "It does not refuse a date in the future",
    ),
    on(
        STS,
        Lax,
        &[SHA256, CRC32, COMMAND_PUT, COMMAND_FORM],
        &["another body"],
        "Version 16 does not support checksum headers: it checks their signature, but not the body",
    ),
    on(
        STS,
        Code,
        &["session token: issued", UNKNOWN_TOKEN, FORM_TOKEN],
        &[],
        "It tries several engines, and the last one answers `AccessDenied` to any wrong token",
    ),
    on(
        STS,
        Code,
        &[CHANGED],
        &[
            "another signature",
            "the policy of another form",
            "another secret",
        ],
        "It answers forms with a wrong signature with `AccessDenied`",
    ),
    on(
        STS,
        Lax,
        &["damaged: parameters"],
        &["a parameter twice"],
        "If a parameter is repeated, it keeps one",
    ),
    on(
        STS,
        Code,
        &[LIFETIME, SCOPE],
        &[],
        "It has other codes for malformed requests",
    ),
    on(
        STS,
        Lax,
        &[HEADER],
        &["x-amz-meta-more", "x-amz-acl"],
        "It accepts `x-amz-...` headers that are not signed",
    ),
    on(STS, Lax, &[REGION], &["GET"], "It accepts any region"),
    no(
        RCLONE,
        "200",
        &["a range"],
        &["the range that was signed"],
        "It sends the whole object with status 200",
    ),
    on(
        RCLONE,
        Code,
        &[
            "a range",
            "signed: content type",
            "signed: MD5",
            SHA256,
            CRC32,
            "signed: metadata",
            "signed: storage class",
        ],
        &[],
        "It answers `AccessDenied` if a signed header is missing",
    ),
    on(
        RCLONE,
        Code,
        &["expiry, reached while waiting", LIFETIMES],
        &[],
        "It answers expired requests with status 400",
    ),
    on(
        RCLONE,
        Lax,
        &[LIFETIMES],
        &["signed an hour ahead"],
        "It does not refuse a date in the future",
    ),
    no(
        RCLONE,
        "found under another key",
        &["keys: Unicode"],
        &["composed", "decomposed"],
        "It finds a key by any of its Unicode normal forms",
    ),
    no(
        RCLONE,
        "400 InvalidArgument",
        &[SLASHES, DOTS],
        &[],
        "It stores objects as files, and this key is not a valid file name",
    ),
    no(
        RCLONE,
        "found under another key",
        &[SLASHES],
        &["trailing /", "trailing //"],
        "It ignores a trailing `/`",
    ),
    on(
        RCLONE,
        Lax,
        &[SHA256, CRC32, COMMAND_PUT],
        &["another body"],
        "It does not support checksum headers: it checks their signature, but not the body",
    ),
    on(
        RCLONE,
        Lax,
        &[UNKNOWN_TOKEN],
        &["signed with it"],
        "It does not check tokens",
    ),
    no(
        RCLONE,
        "400 UnsupportedAlgorithm",
        &[
            WITHIN,
            FILE_NAME,
            OUTSIDE,
            CHANGED,
            EXPIRED,
            COMMAND_FORM,
            SERVICE_FORM,
            PAGE_FORM,
        ],
        &[],
        "It does not support forms",
    ),
    on(
        RCLONE,
        Code,
        &["damaged: signature", LIFETIME, SCOPE],
        &[],
        "It has other codes for malformed requests",
    ),
    on(RCLONE, Lax, &[REGION], &["GET"], "It accepts any region"),
];

pub(crate) fn all() -> impl Iterator<Item = &'static Expected> {
    ROWS.iter().chain(stores::ROWS)
}

impl Expected {
    pub(crate) fn fits(&self, server: &str, check: &str, deviation: &Deviation) -> bool {
        self.server == server
            && self.checks.contains(&check)
            && self.kind == deviation.kind
            && (self.seen.is_empty() || self.seen == deviation.seen)
            && (self.cases.is_empty() || self.cases.contains(&&*deviation.case))
    }

    /// Of all the known differences of this server in checks that ran, those that did not occur.
    pub(crate) fn missing(
        &self,
        server: &str,
        ran: impl Fn(&str) -> bool,
        happened: &[(&str, &Deviation)],
    ) -> Vec<String> {
        if self.server != server || server == THEIRS {
            return Vec::new();
        }
        let mut missing = Vec::new();
        for check in self.checks.iter().filter(|check| ran(check)) {
            let of_check = |(of, deviation): &&(&str, &Deviation)| {
                of == check && self.fits(server, check, deviation)
            };
            let found: Vec<_> = happened
                .iter()
                .filter(of_check)
                .map(|(_, it)| &*it.case)
                .collect();
            let no_longer = |case: &str| {
                format!(
                    "{check}: {case}: {:?} is expected, and no longer happens",
                    self.kind
                )
            };
            if self.cases.is_empty() && found.is_empty() {
                missing.push(no_longer("any"));
            }
            let cases = self.cases.iter().filter(|case| !found.contains(case));
            missing.extend(cases.map(|case| no_longer(case)));
        }
        missing
    }
}
