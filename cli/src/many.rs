//! Keys from stdin, links to stdout, in order.

use std::io::{self, Read};
use std::sync::Mutex;

use indicatif::{ProgressBar, ProgressStyle};
use presign::{Batch, Presigner, Timestamp};
use serde_json::{Map, Value};

use crate::args::{Many, Sign};
use crate::output::{self, Error};
use crate::share::{self, Link};

/// The maximum size of one read, in bytes, and of a line.
const CHUNK: usize = 256 * 1024;

/// Locked while links are written, so that Ctrl-C does not truncate one.
static WRITING: Mutex<()> = Mutex::new(());

pub(crate) fn run(presigner: &Presigner<'_>, args: &Sign) -> Result<(), Error> {
    let at = args.request.when.at;
    let bar = progress(args.output.quiet);
    let on_interrupt = {
        let bar = bar.clone();
        move || {
            let _complete = WRITING.lock();
            bar.finish_and_clear();
            std::process::exit(130); // as shells report it
        }
    };
    ctrlc::set_handler(on_interrupt).map_err(Error::refused)?;

    share::advise(presigner, at.unwrap_or_else(Timestamp::now), &args.output);
    let mut writer = Writer {
        presigner,
        at,
        json: args.output.json,
        line: 0,
        out: Vec::new(),
    };
    let result = each_chunk(&args.many, |text| {
        if writer.line == 0 && text.starts_with(b"s3://") && !args.output.quiet {
            output::note("note: the first key starts with s3://; stdin has keys, not S3 URIs");
        }
        let links = writer.write(text, &args.many)?;
        bar.inc(links);
        Ok(())
    });
    bar.finish_and_clear();
    result
}

/// Shows progress, on a terminal only.
fn progress(quiet: bool) -> ProgressBar {
    if quiet {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{spinner} {human_pos} links, {per_sec}, {elapsed}");
    let bar = ProgressBar::new_spinner();
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// Reads the available text and passes on whole lines, so that a slow source gets its links immediately.
fn each_chunk(many: &Many, mut run: impl FnMut(&[u8]) -> Result<(), Error>) -> Result<(), Error> {
    let mut stdin = io::stdin().lock();
    let mut buffer = vec![0; CHUNK];
    let mut held = 0;
    loop {
        let room = buffer.get_mut(held..).unwrap_or_default();
        if room.is_empty() {
            return Err(Error::Usage(format!(
                "a line on stdin exceeds the limit of {CHUNK} bytes"
            )));
        }
        let read = match stdin.read(room) {
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(Error::Refused(format!("cannot read stdin: {error}"))),
        };
        let filled = held + read;
        let text = buffer.get(..filled).unwrap_or_default();
        if read == 0 {
            return if text.is_empty() { Ok(()) } else { run(text) };
        }
        held = match memchr::memrchr(separator(many), text) {
            Some(end) => {
                run(text.get(..end).unwrap_or_default())?;
                buffer.copy_within(end + 1..filled, 0);
                filled - end - 1
            }
            None => filled,
        };
    }
}

const fn separator(many: &Many) -> u8 {
    if many.null { 0 } else { b'\n' }
}

struct Writer<'w> {
    presigner: &'w Presigner<'w>,
    /// Without it, each chunk is signed for the time at which it is read, so that every link has its full lifetime.
    at: Option<Timestamp>,
    json: bool,
    /// The lines before this chunk.
    line: u64,
    out: Vec<u8>,
}

impl Writer<'_> {
    /// Signs the keys of some lines. Returns how many there are.
    fn write(&mut self, text: &[u8], many: &Many) -> Result<u64, Error> {
        let batch = self
            .presigner
            .batch_at(self.at.unwrap_or_else(Timestamp::now))?;
        let text = str::from_utf8(text).map_err(|error| {
            let before = text.get(..error.valid_up_to()).unwrap_or_default();
            let lines = memchr::memchr_iter(separator(many), before).count() as u64;
            Error::Usage(format!("line {} is not valid UTF-8", self.line + lines + 1))
        })?;
        let before = self.line;
        if many.jsonl {
            let keys = text
                .split('\n')
                .zip(1..)
                .map(|(line, n)| from_json(line, before + n));
            let keys: Vec<String> = keys.collect::<Result<_, _>>()?;
            self.sign(&batch, &keys)?;
        } else if many.null {
            self.sign(&batch, &text.split('\0').collect::<Vec<_>>())?;
        } else {
            let keys = text
                .split('\n')
                .map(|line| line.strip_suffix('\r').unwrap_or(line));
            self.sign(&batch, &keys.collect::<Vec<_>>())?;
        }
        Ok(self.line - before)
    }

    fn sign<K: AsRef<str>>(&mut self, batch: &Batch<'_>, keys: &[K]) -> Result<(), Error> {
        let Ok(urls) = batch.sign_each(keys) else {
            return self.up_to_the_wrong_one(batch, keys);
        };
        self.line += keys.len() as u64;
        self.out.clear();
        if self.json {
            let (headers, expires_at) = shared(batch);
            for (key, url) in keys.iter().zip(urls.iter()) {
                self.put_json(batch, key.as_ref(), url, &headers, &expires_at)?;
            }
        } else {
            for url in urls.iter() {
                self.out.extend_from_slice(url.as_bytes());
                self.out.push(b'\n');
            }
        }
        self.flush()
    }

    fn up_to_the_wrong_one<K: AsRef<str>>(
        &mut self,
        batch: &Batch<'_>,
        keys: &[K],
    ) -> Result<(), Error> {
        let right = keys
            .iter()
            .take_while(|key| batch.sign(key.as_ref()).is_ok())
            .count();
        let (right, rest) = keys.split_at_checked(right).unwrap_or_default();
        if !right.is_empty() {
            self.sign(batch, right)?;
        }
        match rest.first().map(|key| batch.sign(key.as_ref())) {
            Some(Err(error)) => Err(Error::Usage(format!("line {}: {error}", self.line + 1))),
            _ => Err(Error::Refused("out of memory".to_owned())),
        }
    }

    fn put_json(
        &mut self,
        batch: &Batch<'_>,
        key: &str,
        url: &str,
        headers: &Map<String, Value>,
        expires_at: &str,
    ) -> Result<(), Error> {
        let link = Link {
            key: Some(key),
            part: None,
            method: batch.method().as_str(),
            url,
            headers,
            body: None,
            expires_at,
        };
        serde_json::to_writer(&mut self.out, &link).map_err(Error::refused)?;
        self.out.push(b'\n');
        Ok(())
    }

    fn flush(&self) -> Result<(), Error> {
        let _complete = WRITING.lock();
        output::write(&self.out)
    }
}

fn shared(batch: &Batch<'_>) -> (Map<String, Value>, String) {
    (
        share::headers(batch.headers()),
        batch.expires_at().to_string(),
    )
}

/// A JSON string, or the member `key` or `Key` of an object, as in lists of S3.
fn from_json(line: &str, number: u64) -> Result<String, Error> {
    let wrong = |what| Error::Usage(format!("line {number} {what}"));
    let value: Value = serde_json::from_str(line).map_err(|_| wrong("is not JSON"))?;
    let key =
        match value {
            Value::String(key) => Some(key),
            Value::Object(mut members) => ["key", "Key"].into_iter().find_map(|name| match members
                .remove(name)
            {
                Some(Value::String(key)) => Some(key),
                _ => None,
            }),
            _ => None,
        };
    key.ok_or_else(|| wrong("is neither a string nor an object with a string `key` or `Key`"))
}
