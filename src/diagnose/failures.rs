//! Messages of clients that got no answer.

use zeroize::Zeroizing;

/// Parts of clients' messages about a request that did not reach the store, in lower case, and what they mean.
const FAILURES: [(&[&str], &str); 11] = [
    (&["zsh: no matches found", "zsh: parse error"], SPLIT),
    (
        &["curl: (3)"],
        "the client does not accept the URL's format",
    ),
    (&["err_blocked_by_client"], "a browser extension blocked it"),
    (
        &[
            "could not resolve proxy",
            "proxyerror",
            "err_proxy_",
            "err_tunnel_connection_failed",
            "407 proxy authentication",
            "code 407 from proxy",
        ],
        "the client's own proxy does not connect",
    ),
    (
        &["upstream connect error", "proxy error: "],
        "a proxy answered, because it cannot connect to the store",
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
            "name could not be resolved",
            "unable to resolve host",
            "wget: bad address",
            "dns_probe_finished",
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
            "ssl certificate problem",
            "unable_to_verify_leaf_signature",
            "cert_has_expired",
            "pkix path",
            "remote certificate is invalid",
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
            "connect timed out",
            "i/o timeout",
            "no route to host",
            "network is unreachable",
        ],
        "nothing answers at the host and port",
    ),
    (
        &[
            "econnreset",
            "err_connection_reset",
            "connection reset by peer",
            "socket hang up",
            "remotedisconnected",
            "empty reply from server",
            "ssl_error_syscall",
            "context deadline exceeded",
        ],
        NO_ANSWER,
    ),
];

/// The one failure that servers and proxies report themselves, as an answer.
pub(super) const EXCHANGED: &str = "https:// and http:// are exchanged";

/// The store can also cause this failure.
pub(super) const NO_ANSWER: &str = "the connection ended without an answer";

const SPLIT: &str = "the shell split the URL, which needs quotes";

/// Why a request did not reach the store, by the client's message.
pub(super) fn failure(text: &str) -> Option<&'static str> {
    let lower = Zeroizing::new(text.to_ascii_lowercase());
    // A program that is not installed is not a part of the URL.
    let unknown = [
        "command not found",
        "not recognized as an internal or external command",
    ];
    let is_any = |parts: &[&str]| parts.iter().any(|part| lower.contains(part));
    if is_any(&["x-amz-", "x-id"]) && is_any(&unknown) {
        return Some(SPLIT);
    }
    let found = FAILURES.iter().find(|(parts, _)| is_any(parts));
    found.map(|(_, how)| *how)
}

/// Whether a code is a client's own, such as `ECONNRESET` of Node.js or `RequestError` of an SDK.
pub(super) fn is_of_client(code: &str) -> bool {
    let sdk = ["NetworkingError", "RequestError", "TimeoutError"];
    let starts = ["EAI_", "ERR_", "UND_ERR_"];
    let upper = !code.contains(|c: char| c.is_ascii_lowercase());
    let is_errno = code.starts_with('E') && !code.contains('_');
    let is_tls = code.contains("CERT") || code.contains("_VERIFY_");
    let starts = starts.iter().any(|start| code.starts_with(start));
    sdk.contains(&code) || (upper && (is_errno || is_tls || starts))
}
