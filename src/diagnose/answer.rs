//! What a store answered: the XML of its error.

use alloc::string::{String, ToString};

/// The parts of an error body that tell something. Element names are the same at AWS, MinIO, Ceph and the others.
#[derive(Clone, Default)]
pub(super) struct Answer {
    pub(super) code: String,
    pub(super) message: String,
    pub(super) canonical_request: Option<String>,
    pub(super) string_to_sign: Option<String>,
    pub(super) region: Option<String>,
    pub(super) headers_not_signed: Option<String>,
}

impl Answer {
    /// `None` where it is not XML, or no error.
    pub(super) fn parse(xml: &str) -> Option<Self> {
        let document =
            roxmltree::Document::parse(xml.trim_start_matches('\u{feff}').trim()).ok()?;
        let text = |name: &str| {
            let mut elements = document.descendants().filter(|node| node.is_element());
            let element = elements.find(|node| node.tag_name().name() == name)?;
            Some(element.text().unwrap_or_default().to_string())
        };
        let message = [text("Message"), text("Details")]; // Google tells the reason in the details
        Some(Self {
            code: text("Code")?,
            message: message.map(Option::unwrap_or_default).join("\n"),
            canonical_request: text("CanonicalRequest"),
            string_to_sign: text("StringToSign"),
            region: text("Region"),
            headers_not_signed: text("HeadersNotSigned"),
        })
    }

    /// The region that an answer like "the region 'us-east-1' is wrong; expecting 'eu-west-1'" names.
    pub(super) fn expected_region(&self) -> Option<String> {
        let expecting = self
            .message
            .split_once("expecting '")
            .and_then(|(_, rest)| rest.split_once('\''));
        expecting
            .map(|(region, _)| region.to_string())
            .or_else(|| self.region.clone())
    }
}
