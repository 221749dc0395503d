//! Messages of clients that got no answer.

use zeroize::Zeroizing;

/// Parts of clients' messages about a request that did not reach the store, in lower case, and what they mean.
const FAILURES: [(&[&str], &str); 6] = [
    (
        &[
            "zsh: no matches found",
            "zsh: parse error",
            "not recognized as an internal or external command",
            "command not found",
        ],
        "the shell split the URL, which needs quotes",
    ),
    (
        &[
            "mixed content",
            "content security policy",
            "cleartext communication",
            "app transport security",
        ],
        "the page or the app may not send requests to this address (http:// or its host)",
    ),
    (
        &[
            "could not resolve host",
            "err_name_not_resolved",
            "enotfound",
            "eai_again",
            "getaddrinfo",
            "no such host",
            "name or service not known",
            "unknownhostexception",
            "specified hostname could not be found",
            "name resolution",
            "failed to lookup address",
        ],
        "the host's name does not resolve",
    ),
    (
        &[
            "http request to an https server",
            "http request was sent to https port",
            "http response to https client",
            "wrong version number",
            "err_ssl_protocol_error",
        ],
        EXCHANGED,
    ),
    (
        &[
            "no alternative certificate subject name",
            "certificate_verify_failed",
            "certificate verify failed",
            "err_cert_",
            "certificate's altnames",
            "x509: certificate",
            "unable to get local issuer certificate",
            "self-signed certificate",
            "self signed certificate",
        ],
        "the client does not accept the host's certificate",
    ),
    (
        &[
            "connection refused",
            "econnrefused",
            "err_connection_refused",
            "couldn't connect to server",
            "etimedout",
            "err_connection_timed_out",
            "connection timed out",
        ],
        "nothing answers at the host and port",
    ),
];

/// The one failure that servers and proxies report themselves, as an answer.
pub(super) const EXCHANGED: &str = "https:// and http:// are exchanged";

/// Why a request did not reach the store, by the client's message.
pub(super) fn failure(text: &str) -> Option<&'static str> {
    let lower = Zeroizing::new(text.to_ascii_lowercase());
    let found = FAILURES
        .iter()
        .find(|(parts, _)| parts.iter().any(|part| lower.contains(part)));
    found.map(|(_, how)| *how)
}
