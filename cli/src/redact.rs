//! `redact`: stdin to stdout.

use std::io::{self, BufRead, Read};

use presign::{Credentials, Redactor};

use crate::args::Redact;
use crate::output::{Error, write};

pub(crate) fn run(args: &Redact) -> Result<(), Error> {
    let mut redactor = Redactor::new();
    if let Ok(credentials) = Credentials::from_env() {
        redactor = redactor.credentials(&credentials);
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
        let text = String::from_utf8_lossy(&bytes);
        write(redactor.redact(&text).to_string().as_bytes())?;
    }
}
