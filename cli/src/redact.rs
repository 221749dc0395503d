//! `redact`: stdin to stdout.

use std::io::{self, BufRead, Read};

use presign::Redactor;

use crate::args::Redact;
use crate::output::{Error, write};

pub(crate) fn run(args: &Redact) -> Result<(), Error> {
    let mut redactor = Redactor::new();
    // One by one: a missing or malformed variable must not expose the others.
    for name in ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"] {
        if let Some(secret) = std::env::var_os(name) {
            redactor = redactor.value(secret.to_string_lossy().trim());
        }
    }
    let unread = |error: io::Error| Error::Refused(format!("cannot read stdin: {error}"));
    let mut stdin = io::stdin().lock();
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        let read = if args.by_line {
            stdin.read_until(b'\n', &mut bytes)
        } else {
            stdin.read_to_end(&mut bytes)
        };
        if read.map_err(unread)? == 0 {
            return Ok(());
        }
        // Windows PowerShell writes it.
        if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
            return Err(Error::Refused(
                "stdin is UTF-16, in which nothing would be masked; convert it to UTF-8".to_owned(),
            ));
        }
        let text = String::from_utf8_lossy(&bytes);
        write(redactor.redact(&text).to_string().as_bytes())?;
    }
}
