//! Builds a request from the fuzzer's bytes, with interesting values to choose from.

use libfuzzer_sys::arbitrary::{self, Arbitrary};

use crate::naive::{Policy, Request};

#[derive(Arbitrary, Debug)]
pub(crate) struct Input<'a> {
    method: Method,
    bucket: Bucket<'a>,
    region: Region<'a>,
    endpoint: Endpoint<'a>,
    path_style: bool,
    global_endpoint: bool,
    key: Option<&'a str>,
    allow_dot_segments: bool,
    query: Vec<(Name<'a>, &'a str)>,
    version_id: Option<&'a str>,
    part_number: Option<u16>,
    headers: Vec<(Name<'a>, &'a str)>,
    metadata: Vec<(&'a str, &'a str)>,
    content_type: Option<&'a str>,
    content_length: Option<u64>,
    access_key_id: Option<&'a str>,
    secret_access_key: Option<&'a str>,
    session_token: Option<&'a str>,
    time: Time,
    policy: Option<bool>,
}

#[derive(Arbitrary, Debug)]
enum Method {
    Get,
    Head,
    Put,
    Post,
    Delete,
    Options,
    Patch,
}

#[derive(Arbitrary, Debug)]
enum Bucket<'a> {
    Plain,
    Dotted,
    Old,
    Directory(&'a str),
    Service,
    Any(&'a str),
}

#[derive(Arbitrary, Debug)]
enum Region<'a> {
    UsEast1,
    China,
    Global,
    Any(&'a str),
}

#[derive(Arbitrary, Debug)]
enum Endpoint<'a> {
    None,
    Http,
    Ip,
    Host(&'a str),
    Path(&'a str),
    Any(&'a str),
}

#[derive(Arbitrary, Debug)]
enum Name<'a> {
    Amz(&'a str),
    Response(&'a str),
    ContentType,
    ContentSha256,
    VersionId,
    PartNumber,
    Any(&'a str),
}

#[derive(Arbitrary, Debug)]
enum Time {
    Usual,
    Any {
        now: i64,
        expires: (u64, u32),
        left: Option<i64>,
    },
    Near {
        now: u32,
        expires: u32,
        left: Option<u32>,
    },
}

impl Input<'_> {
    pub(crate) fn request(self) -> Request {
        let (now, expires, expiration) = match self.time {
            Time::Usual => (1_369_353_600, (900, 0), None),
            Time::Any { now, expires, left } => {
                let (seconds, nanoseconds) = expires;
                let expires = (seconds, nanoseconds % 1_000_000_000);
                (now, expires, left.map(|left| now.saturating_add(left)))
            }
            Time::Near { now, expires, left } => (
                i64::from(now),
                (u64::from(expires % 604_802), 0),
                left.map(|left| i64::from(now) + i64::from(left % 604_802)),
            ),
        };
        let own = |text: Option<&str>| text.map(String::from);
        let names = |pairs: Vec<(Name<'_>, &str)>| {
            let own = |(name, value): (Name<'_>, &str)| (name.text(), value.to_owned());
            pairs.into_iter().map(own).collect()
        };
        Request {
            method: match self.method {
                Method::Get => "GET",
                Method::Head => "HEAD",
                Method::Put => "PUT",
                Method::Post => "POST",
                Method::Delete => "DELETE",
                Method::Options => "OPTIONS",
                Method::Patch => "PATCH",
            },
            bucket: match self.bucket {
                Bucket::Plain => Some("examplebucket".into()),
                Bucket::Dotted => Some("a.b-c".into()),
                Bucket::Old => Some("My_Bucket".into()),
                Bucket::Directory(start) => Some(format!("{start}--x-s3")),
                Bucket::Service => None,
                Bucket::Any(name) => Some(name.into()),
            },
            region: match self.region {
                Region::UsEast1 => "us-east-1",
                Region::China => "cn-north-1",
                Region::Global => "aws-global",
                Region::Any(region) => region,
            }
            .into(),
            endpoint: match self.endpoint {
                Endpoint::None => None,
                Endpoint::Http => Some("http://h.example:80/".into()),
                Endpoint::Ip => Some("http://[::1]:9000".into()),
                Endpoint::Host(host) => Some(format!("https://{host}")),
                Endpoint::Path(path) => Some(format!("https://h.example/{path}")),
                Endpoint::Any(url) => Some(url.into()),
            },
            path_style: self.path_style,
            global_endpoint: self.global_endpoint,
            key: own(self.key),
            allow_dot_segments: self.allow_dot_segments,
            query: names(self.query),
            version_id: own(self.version_id),
            part_number: self.part_number,
            headers: names(self.headers),
            metadata: self
                .metadata
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
            content_type: own(self.content_type),
            content_length: self.content_length,
            access_key_id: self.access_key_id.unwrap_or("AKIAEXAMPLE").into(),
            secret_access_key: self.secret_access_key.unwrap_or("secret").into(),
            session_token: own(self.session_token),
            expiration,
            policy: match self.policy {
                None => Policy::Keep,
                Some(true) => Policy::Clamp,
                Some(false) => Policy::Refuse,
            },
            now,
            expires,
        }
    }
}

impl Name<'_> {
    fn text(self) -> String {
        match self {
            Self::Amz(rest) => format!("X-Amz-{rest}"),
            Self::Response(rest) => format!("response-{rest}"),
            Self::ContentType => "Content-Type".into(),
            Self::ContentSha256 => "X-Amz-Content-Sha256".into(),
            Self::VersionId => "versionId".into(),
            Self::PartNumber => "partNumber".into(),
            Self::Any(name) => name.into(),
        }
    }
}
