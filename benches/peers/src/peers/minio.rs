use core::hint::black_box;

use http::Method;
use minio::s3::creds::StaticProvider;
use minio::s3::http::BaseUrl;
use minio::s3::multimap_ext::{Multimap, MultimapExt};
use minio::s3::{MinioClient, MinioClientBuilder};

use super::{Peer, TOKEN, sign};
use crate::items::{ACCESS_KEY_ID, BUCKET, OVERRIDES, SECONDS, SECRET};

pub fn peer() -> Peer {
    let (for_get, for_overridden) = (client(None), client(Some(&TOKEN)));
    Peer {
        package: "minio",
        way: "",
        get: sign(move |key, url| url(&get(&for_get, key, None))),
        get_overridden: sign(move |key, url| {
            let mut query = Multimap::new();
            for (name, value) in OVERRIDES {
                query.add(name, value);
            }
            url(&get(&for_overridden, key, Some(query)));
        }),
        put: Err("signs no headers"),
        each: None,
        from_strings: sign(|key, url| url(&get(&client(None), key, None))),
    }
}

fn client(token: Option<&str>) -> MinioClient {
    let endpoint: BaseUrl = black_box("https://s3.us-west-2.amazonaws.com")
        .parse()
        .expect("a URL");
    MinioClientBuilder::new(endpoint)
        .provider(Some(StaticProvider::new(
            black_box(ACCESS_KEY_ID),
            black_box(SECRET),
            token,
        )))
        .build()
        .expect("a client")
}

fn get(client: &MinioClient, key: &str, query: Option<Multimap>) -> String {
    let request = client
        .get_presigned_object_url(black_box(BUCKET), key, Method::GET)
        .expect("a bucket and a key")
        .extra_query_params(query)
        .expiry_seconds(SECONDS as u32)
        .build();
    pollster::block_on(request.send()).expect("a URL").url
}
