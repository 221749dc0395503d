//! S3's answers to multipart uploads, and the list of parts that completes one.
#![cfg(feature = "alloc")]
#![allow(clippy::string_slice, clippy::unwrap_used, reason = "a test may panic")]

use presign::Checksum;
use presign::multipart::{AnswerError, Part, complete_body, completed, error_in, upload_id};
use proptest::prelude::*;
use roxmltree::Document;

const DECLARATION: &str = r#"<?xml version="1.0" encoding="UTF-8"?>"#;
const NS: &str = r#"xmlns="http://s3.amazonaws.com/doc/2006-03-01/""#;

fn started(inner: &str) -> String {
    format!(
        "{DECLARATION}\n<InitiateMultipartUploadResult {NS}>{inner}</InitiateMultipartUploadResult>"
    )
}

#[test]
fn upload_ids() {
    for (inner, id) in [
        (
            "<Bucket>b</Bucket><Key>k</Key><UploadId>VXBs.b_2-</UploadId>",
            "VXBs.b_2-",
        ),
        ("\n  <UploadId>2~a+b/c==</UploadId>\n", "2~a+b/c=="),
        (
            "<Key>&lt;UploadId&gt;other&lt;/UploadId&gt;</Key><UploadId>a&amp;b&#x41;&#66;&quot;&apos;</UploadId>",
            "a&bAB\"'",
        ),
        ("<Key/><UploadId\n>id</UploadId >", "id"),
        (
            "<Owner><UploadId>other</UploadId></Owner><UploadId>id</UploadId>",
            "id",
        ),
    ] {
        assert_eq!(upload_id(&started(inner)).unwrap(), id, "{inner}");
    }
    let bare = "\u{feff} <InitiateMultipartUploadResult><UploadId>id</UploadId></InitiateMultipartUploadResult> \n";
    assert_eq!(upload_id(bare).unwrap(), "id");
    let from_rclone = "<InitiateMultipartUpload><UploadId>1</UploadId></InitiateMultipartUpload>";
    assert_eq!(upload_id(from_rclone).unwrap(), "1");
}

#[test]
fn answers_without_an_upload_id() {
    let unexpected = AnswerError::Unexpected {
        expected: "InitiateMultipartUploadResult",
    };
    assert_eq!(
        unexpected.to_string(),
        "answer is not a complete InitiateMultipartUploadResult element"
    );
    let whole = started("<UploadId>id</UploadId>");
    assert!(upload_id(&whole).is_ok());
    for cut in 0..whole.len() {
        assert_eq!(
            upload_id(&whole[..cut]),
            Err(unexpected.clone()),
            "cut at {cut}"
        );
    }
    for answer in [
        "",
        " ",
        "not XML",
        "<html><body>502 Bad Gateway</body></html>",
        "<Error></Error>",
        "<UploadId>id</UploadId>",
        "<CompleteMultipartUploadResult><UploadId>id</UploadId></CompleteMultipartUploadResult>",
        &started(""),
        &started("<UploadId></UploadId>"),
        &started("<UploadId/>"),
        &started("<UploadId>a&b</UploadId>"),
        &started("<UploadId>a&nbsp;</UploadId>"),
        &started("<UploadId>a&#xD800;</UploadId>"),
        &started("<Key></UploadId></Key><UploadId>id</UploadId>"),
        &started("<!-- --><UploadId>id</UploadId>"),
        &started("<![CDATA[<UploadId>id</UploadId>]]>"),
        &format!("<!DOCTYPE a>{}", started("<UploadId>id</UploadId>")),
        &format!("text{whole}"),
        &format!("{whole}text"),
        &format!("{whole}<Error><Code>InternalError</Code></Error>"),
    ] {
        assert_eq!(upload_id(answer), Err(unexpected.clone()), "{answer}");
    }
}

/// The documented trap: status 200 and spaces come first, then an error.
#[test]
fn an_error_in_a_completion() {
    let error = format!(
        "{DECLARATION}\n   \n\n<Error><Code>InternalError</Code><Message>We encountered an internal error. Please try &quot;again&quot;.</Message>\
         <RequestId>656c76696e6727732072657175657374</RequestId></Error>"
    );
    let expected = AnswerError::Store {
        code: "InternalError".into(),
        message: "We encountered an internal error. Please try \"again\".".into(),
    };
    assert_eq!(completed(&error), Err(expected.clone()));
    assert_eq!(upload_id(&error), Err(expected.clone()));
    assert_eq!(error_in(&error), Some(expected));
    let short = error_in("<Error><Code>InternalError</Code></Error>").unwrap();
    assert_eq!(short.to_string(), "the store answered InternalError");

    let done = format!(
        "   {DECLARATION}  <CompleteMultipartUploadResult {NS}><Location>http://h/b/k</Location><Bucket>b</Bucket>\
         <Key>Code</Key><ETag>&#34;e-2&#34;</ETag></CompleteMultipartUploadResult>"
    );
    assert_eq!(completed(&done).unwrap(), "\"e-2\"");
    assert_eq!(error_in(&done), None);
    for etag in ["<ETag></ETag>", "<ETag/>"] {
        let from_ceph =
            format!("<CompleteMultipartUploadResult {NS}>{etag}</CompleteMultipartUploadResult>");
        assert_eq!(completed(&from_ceph).unwrap(), "");
    }
    let expected = "CompleteMultipartUploadResult";
    let without = format!("<{expected}></{expected}>");
    assert_eq!(
        completed(&without),
        Err(AnswerError::Unexpected { expected })
    );
    assert_eq!(completed("  "), Err(AnswerError::Unexpected { expected }));
}

#[test]
fn bodies() {
    let open = format!("<CompleteMultipartUpload {NS}>");
    let part =
        |number: u16, rest: &str| format!("<Part><PartNumber>{number}</PartNumber>{rest}</Part>");
    let close = "</CompleteMultipartUpload>";
    assert_eq!(
        complete_body([(10_000, "\"c\""), (1, "a"), (2, "</ETag>&\"")]).unwrap(),
        [
            &*open,
            &part(1, "<ETag>a</ETag>"),
            &part(2, "<ETag>&lt;/ETag&gt;&amp;&quot;</ETag>"),
            &part(10_000, "<ETag>&quot;c&quot;</ETag>"),
            close
        ]
        .concat()
    );
    for (checksum, element) in [
        (
            Checksum::Crc32("yZRlqg=="),
            "<ChecksumCRC32>yZRlqg==</ChecksumCRC32>",
        ),
        (
            Checksum::Crc32c("yZRlqg=="),
            "<ChecksumCRC32C>yZRlqg==</ChecksumCRC32C>",
        ),
        (
            Checksum::Crc64Nvme("AAAAAAAAAAA="),
            "<ChecksumCRC64NVME>AAAAAAAAAAA=</ChecksumCRC64NVME>",
        ),
        (
            Checksum::Sha1("2jmj7l5rSw0yVb/vlWAYkK/YBwk="),
            "<ChecksumSHA1>2jmj7l5rSw0yVb/vlWAYkK/YBwk=</ChecksumSHA1>",
        ),
        (
            Checksum::Sha256("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
            "<ChecksumSHA256>47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=</ChecksumSHA256>",
        ),
    ] {
        let body = complete_body([Part::new(1, "a").checksum(checksum)]).unwrap();
        assert_eq!(
            body,
            [&*open, &part(1, &format!("<ETag>a</ETag>{element}")), close].concat()
        );
    }
    let all: Vec<(u16, String)> = (1..=10_000)
        .rev()
        .map(|n| (n, format!("\"{n}\"")))
        .collect();
    let body = complete_body(&all).unwrap();
    let document = Document::parse(&body).unwrap();
    let parts = document.root_element().children();
    assert!(parts.zip(1..).all(|(part, n)| {
        let texts: Vec<_> = part.children().filter_map(|child| child.text()).collect();
        texts == [n.to_string(), format!("\"{n}\"")]
    }));
    assert_eq!(document.root_element().children().count(), 10_000);
}

fn piece() -> impl Strategy<Value = String> {
    const FIXED: [&str; 28] = [
        "<UploadId>",
        "</UploadId>",
        "<UploadId/>",
        "<Key>",
        "</Key>",
        "<Code>",
        "</Code>",
        "<Error>",
        "</Error>",
        "<InitiateMultipartUploadResult>",
        "</InitiateMultipartUploadResult>",
        "&amp;",
        "&lt;",
        "&#65;",
        "&#x42;",
        " ",
        "\n",
        "id",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<?xml version=\"1.0\"?>",
        " a=\"b\"",
        "<",
        ">",
        "&",
        "/",
    ];
    prop_oneof![
        9 => prop::sample::select(&FIXED[..]).prop_map(str::to_owned),
        1 => ".{0,3}",
    ]
}

/// The upload ID as a full XML parser reads it; `None` if the text is not XML.
fn by_roxmltree(xml: &str) -> Option<Option<String>> {
    let document = Document::parse(xml.trim_start_matches('\u{feff}').trim()).ok()?;
    let top = document.root_element();
    let name = |node: &roxmltree::Node<'_, '_>| node.tag_name().name().to_owned();
    let mut children = top
        .children()
        .filter(|_| name(&top).starts_with("InitiateMultipartUpload"));
    let found = children.rfind(|node| name(node) == "UploadId");
    Some(found.map(|node| node.text().unwrap_or_default().to_owned()))
}

proptest! {
    /// Everything read from XML is also read by a full parser.
    #[test]
    fn no_more_than_xml(pieces in prop::collection::vec(piece(), 0..12)) {
        let inner = pieces.concat();
        for xml in [started(&inner), inner] {
            if let (Ok(id), Some(twin)) = (upload_id(&xml), by_roxmltree(&xml)) {
                prop_assert_eq!(twin, Some(id), "{}", xml);
            }
        }
    }

    /// Everything that S3 may escape is unescaped again.
    #[test]
    fn any_text(key in "[^\\p{Cc}]{0,20}", id in "[^\\p{Cc}]{1,20}") {
        let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let xml = started(&format!("<Key>{}</Key><UploadId>{}</UploadId>", escape(&key), escape(&id)));
        prop_assert_eq!(upload_id(&xml), Ok(id));
    }

    #[test]
    fn any_etag(etag in "[^\\p{Cc}]{1,40}") {
        let body = complete_body([(1, &*etag)]).unwrap();
        let document = Document::parse(&body).unwrap();
        let read = document.descendants().find(|node| node.tag_name().name() == "ETag").unwrap();
        prop_assert_eq!(read.text(), Some(&*etag));
    }
}
