use core::hint::black_box;
use core::time::Duration;
use std::rc::Rc;

use aws_sdk_s3::config::{Credentials, Region};
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::types::ObjectCannedAcl;
use aws_sdk_s3::{Client, Config};
use tokio::runtime::{Builder, Runtime};

use super::{Peer, TOKEN, sign};
use crate::items::{
    ACCESS_KEY_ID, BUCKET, CACHE_CONTROL, CONTENT_TYPE, DISPOSITION, REGION, SECONDS, SECRET,
    UPLOAD_TYPE,
};

pub fn peer() -> Peer {
    let runtime = Rc::new(
        Builder::new_current_thread()
            .enable_time()
            .build()
            .expect("a runtime"),
    );
    let (for_get, for_overridden, for_put) =
        (client(None), client(Some(TOKEN.clone())), client(None));
    let runtimes: [Rc<Runtime>; 4] = core::array::from_fn(|_| Rc::clone(&runtime));
    let [run_get, run_overridden, run_put, run_cold] = runtimes;
    Peer {
        package: "aws-sdk-s3",
        way: "",
        get: sign(move |key, url| {
            let signed = for_get
                .get_object()
                .bucket(BUCKET)
                .key(key)
                .presigned(expiry());
            url(&run_get.block_on(signed).expect("a URL").uri());
        }),
        get_overridden: sign(move |key, url| {
            let signed = for_overridden
                .get_object()
                .bucket(BUCKET)
                .key(key)
                .response_content_type(CONTENT_TYPE)
                .response_content_disposition(DISPOSITION)
                .response_cache_control(CACHE_CONTROL)
                .presigned(expiry());
            url(&run_overridden.block_on(signed).expect("a URL").uri());
        }),
        put: sign(move |key, url| {
            let signed = for_put
                .put_object()
                .bucket(BUCKET)
                .key(key)
                .content_type(UPLOAD_TYPE)
                .acl(ObjectCannedAcl::Private)
                .metadata("author", "somebody")
                .presigned(expiry());
            url(&run_put.block_on(signed).expect("a URL").uri());
        }),
        each: None,
        from_strings: sign(move |key, url| {
            let client = client(None);
            let signed = client
                .get_object()
                .bucket(black_box(BUCKET))
                .key(key)
                .presigned(expiry());
            url(&run_cold.block_on(signed).expect("a URL").uri());
        }),
    }
}

fn expiry() -> PresigningConfig {
    PresigningConfig::expires_in(Duration::from_secs(SECONDS)).expect("an hour")
}

fn client(token: Option<String>) -> Client {
    let credentials = Credentials::new(
        black_box(ACCESS_KEY_ID),
        black_box(SECRET),
        token,
        None,
        "peers",
    );
    let config = Config::builder()
        .region(Region::new(black_box(REGION)))
        .credentials_provider(credentials)
        .build();
    Client::from_conf(config)
}
