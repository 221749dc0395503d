//! The demo's S3 store. Unlike the one of `presign_store`, it keeps a folder, so that it can be restarted.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use axum::http::header::ETAG;
use hyper_util::service::TowerToHyperService;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use tokio::net::TcpListener;
use tower_http::cors::Cors;

const TIMEOUT: Duration = Duration::from_secs(30);

/// Starts it with one account and one bucket. It runs until the process exits.
pub(crate) async fn start(
    folder: &Path,
    port: u16,
    access_key_id: &str,
    secret: &str,
    bucket: &str,
) -> Result<SocketAddr, super::Error> {
    std::fs::create_dir_all(folder.join(bucket))?;
    let files = s3s_fs::FileSystem::new(folder).map_err(|error| format!("{error:?}"))?;
    let mut store = S3ServiceBuilder::new(files);
    store.set_auth(SimpleAuth::from_single(access_key_id, secret));
    // A bucket's CORS configuration: pages need `ETag` to complete an upload in parts.
    let store = Cors::permissive(store.build()).expose_headers([ETAG]);
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let listener = TcpListener::bind(address).await;
    let listener = listener.map_err(|error| super::in_use(address, &error))?;
    let address = listener.local_addr()?;
    let service = TowerToHyperService::new(store);
    tokio::spawn(presign_store::serve(listener, TIMEOUT, service));
    Ok(address)
}
