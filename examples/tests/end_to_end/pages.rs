//! Pages from other origins: the browser's preflight request, and what the page may read.

use presign_store::{Config, Server, http};

const ORIGIN: (&str, &str) = ("origin", "https://page.example");
const QUESTION: [(&str, &str); 3] = [
    ORIGIN,
    ("access-control-request-method", "PUT"),
    ("access-control-request-headers", "content-type"),
];

#[test]
fn pages_of_other_origins() {
    for pages in [true, false] {
        let server = Server::start(&Config {
            pages,
            ..Config::default()
        });
        let server = server.unwrap();
        let url = format!("{}/examplebucket/k", server.endpoint());
        let asked = http::send("OPTIONS", &url, &QUESTION, b"").unwrap();
        assert_eq!(asked.status == 200, pages);
        let allowed = pages.then_some("content-type");
        assert_eq!(asked.header("access-control-allow-headers"), allowed);

        let answer = http::send("PUT", &url, &[ORIGIN], b"").unwrap();
        assert_eq!(answer.error_code(), Some("AccessDenied")); // it must still be signed
        let any = pages.then_some("*");
        assert_eq!(answer.header("access-control-allow-origin"), any);
        let exposed = answer.header("access-control-expose-headers");
        assert_eq!(exposed, pages.then_some("ETag"));
    }
}
