//! `--serve`.

use std::io;

use presign::post::PostForm;
use presign::{Bucket, Credentials};
use presign_servers::{Account, Config, Server, Site, random_secret};

use crate::args::Args;
use crate::output::{Error, print};
use crate::page;

pub(crate) fn serve(args: Args) -> Result<(), Error> {
    let Args {
        bucket,
        mut upload,
        region,
        ..
    } = args;
    let region = region.unwrap_or_else(|| Config::default().region.to_owned());
    Bucket::new(&bucket, &region)?;
    let secret = random_secret()?;
    let account = Account {
        access_key_id: "AKIAIOSFODNN7EXAMPLE",
        secret_access_key: &secret,
        session_token: None,
    };
    let server = Server::start(&Config {
        accounts: &[account],
        buckets: &[&bucket],
        region: &region,
        ..Config::default()
    })?;
    let site = Site::bind()?;

    let is_answer = |name: &str| name.to_ascii_lowercase().starts_with("success_action_");
    if !upload.fields.iter().any(|(name, _)| is_answer(name)) {
        let redirect = "success_action_redirect".to_owned();
        upload.fields.push((redirect, site.done()));
    }
    let credentials = Credentials::new(account.access_key_id, &secret).into_owned();
    let endpoint = server.endpoint();
    let sign = move || -> Result<PostForm, presign::Error> {
        let bucket = Bucket::new(&bucket, &region)?
            .endpoint(&endpoint)?
            .path_style();
        upload.form(&credentials, &bucket, None)
    };
    sign()?; // reports mistakes now, not in the browser

    print(&format!("page     {}", site.url()))?;
    print(&format!(
        "server   {}, inside this process, with a new secret",
        server.endpoint()
    ))?;
    // Each visit gets a new form: the server requires one that was signed within the last 15 minutes.
    site.serve(move || sign().map_or_else(|error| error.to_string(), |form| page(&form)));
    let ready =
        || print("\nServing until Ctrl-C.").map_err(|error| io::Error::other(error.to_string()));
    server.wait_for_interrupt(ready)?;
    print("Stopped.")
}
