//! One link, in each form of output.

use std::io::{self, IsTerminal, Write};
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use presign::{Method, PresignedUrl, Timestamp};
use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::args::Output;
use crate::output::{Error, note, print};

/// A link as JSON, in one line.
#[derive(Serialize)]
pub(crate) struct Link<'l> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key: Option<&'l str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) part: Option<u16>,
    pub(crate) method: &'l str,
    pub(crate) url: &'l str,
    pub(crate) headers: &'l Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) body: Option<&'l str>,
    pub(crate) expires_at: &'l str,
}

pub(crate) fn headers<'h>(headers: impl Iterator<Item = (&'h str, &'h str)>) -> Map<String, Value> {
    headers
        .map(|(name, value)| (name.to_owned(), value.into()))
        .collect()
}

pub(crate) fn json(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(Error::refused)
}

/// What is printed in addition to the link.
#[derive(Default)]
pub(crate) struct With<'w> {
    pub(crate) part: Option<u16>,
    pub(crate) body: Option<&'w str>,
    /// The name of the file that curl uploads.
    pub(crate) file: Option<&'w str>,
}

/// Prints a link as the flags request.
pub(crate) fn link(url: &PresignedUrl, with: &With<'_>, output: &Output) -> Result<(), Error> {
    if output.json {
        print(&json(&Link {
            key: None,
            part: with.part,
            method: url.method().as_str(),
            url: url.as_str(),
            headers: &headers(url.headers()),
            body: with.body,
            expires_at: &url.expires_at().to_string(),
        })?)?;
    } else if output.curl {
        print(&curl(url, with))?;
    } else {
        print(url.as_str())?;
        if !output.quiet {
            for (name, value) in url.headers() {
                note(&format!("send the header {name}: {value}"));
            }
        }
    }
    if output.qr {
        qr(url.as_str())?;
    }
    if output.copy {
        copy(url.as_str())?;
    }
    Ok(())
}

/// Prints the advisories on stderr.
pub(crate) fn advise(presigner: &presign::Presigner<'_>, at: Timestamp, output: &Output) {
    if !output.quiet {
        for advisory in presigner.advisories(at) {
            note(&format!("note: {advisory}"));
        }
    }
}

/// The command that sends the request.
fn curl(url: &PresignedUrl, with: &With<'_>) -> String {
    let mut words = vec!["curl".to_owned()];
    match url.method() {
        Method::Get => {}
        Method::Head => words.push("--head".into()),
        Method::Put => {
            let file = with.file.filter(|file| !file.is_empty()).unwrap_or("FILE");
            words.extend(["--upload-file".into(), quoted(&format!("./{file}"))]);
        }
        method => words.extend(["--request".into(), method.as_str().into()]),
    }
    for (name, value) in url.headers() {
        // curl drops a header without a value, unless it ends with a semicolon.
        let header = if value.is_empty() {
            format!("{name};")
        } else {
            format!("{name}: {value}")
        };
        words.extend(["--header".into(), quoted(&header)]);
    }
    if let Some(body) = with.body {
        words.extend(["--data-binary".into(), quoted(body)]);
    }
    words.extend([
        "--path-as-is".into(),
        "--globoff".into(),
        quoted(url.as_str()),
    ]);
    words.join(" ")
}

/// A word for a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Draws a QR code on stderr, so that stdout contains only the link.
fn qr(url: &str) -> Result<(), Error> {
    let code = QrCode::with_error_correction_level(url, EcLevel::L).map_err(|_| {
        Error::Refused(format!(
            "link of {} bytes exceeds the limit of a QR code, 2953",
            url.len()
        ))
    })?;
    // Dark modules are drawn as gaps: readers expect dark on light.
    let drawn = code
        .render::<Dense1x2>()
        .dark_color(Dense1x2::Light)
        .light_color(Dense1x2::Dark)
        .build();
    let mut stderr = io::stderr();
    // White on black, whatever the terminal's colors.
    let (start, end) = if stderr.is_terminal() {
        ("\x1b[97;40m", "\x1b[0m")
    } else {
        ("", "")
    };
    for line in drawn.lines() {
        let _ = writeln!(stderr, "{start}{line}{end}");
    }
    Ok(())
}

/// Copies the link with a command of the desktop, which reads it from stdin, or else through the terminal (OSC 52), which
/// also works over SSH.
fn copy(url: &str) -> Result<(), Error> {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let commands: &[(bool, &[&str])] = &[
        (cfg!(target_os = "macos"), &["pbcopy"]),
        (cfg!(windows), &["clip"]),
        (is_set("WAYLAND_DISPLAY"), &["wl-copy"]),
        (is_set("DISPLAY"), &["xclip", "-selection", "clipboard"]),
        (is_set("DISPLAY"), &["xsel", "--clipboard", "--input"]),
        (is_set("WSL_DISTRO_NAME"), &["clip.exe"]),
    ];
    let mut usable = commands.iter().filter(|(usable, _)| *usable);
    if usable.any(|(_, command)| pipe(command, url).is_ok()) {
        return Ok(());
    }
    let mut stderr = io::stderr();
    if stderr.is_terminal() {
        let encoded = BASE64_STANDARD.encode(url);
        let _ = write!(stderr, "\x1b]52;c;{encoded}\x07");
        return Ok(());
    }
    Err(Error::Refused(
        "no clipboard: pbcopy, wl-copy, xclip, xsel and clip do not work, and stderr is not a terminal".into(),
    ))
}

fn pipe(command: &[&str], text: &str) -> io::Result<()> {
    let (program, arguments) = command.split_first().ok_or(io::ErrorKind::NotFound)?;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null()) // some stay in the background, and must not keep a pipe open
        .stderr(Stdio::null())
        .spawn()?;
    let written = child
        .stdin
        .take()
        .map(|mut stdin| stdin.write_all(text.as_bytes()));
    let status = child.wait()?;
    written.transpose()?;
    match status.success() {
        true => Ok(()),
        false => Err(io::ErrorKind::Other.into()),
    }
}
