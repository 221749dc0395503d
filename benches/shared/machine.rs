//! The machine and the date of a measurement.

use std::process::Command;

use time::OffsetDateTime;

pub fn describe() -> String {
    let hash = if cfg!(sha2_backend = "soft") {
        "no SHA extensions"
    } else if sha_extensions() {
        "SHA extensions"
    } else {
        "no SHA extensions here"
    };
    format!(
        "{}, {hash}, {}, {}",
        cpu(),
        rustc(),
        OffsetDateTime::now_utc().date()
    )
}

fn cpu() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name| {
        let line = text
            .lines()
            .find(|line| line.split('\t').next() == Some(name))?;
        Some(line.split_once(": ")?.1.to_owned())
    };
    let Some(name) = field("model name") else {
        return std::env::consts::ARCH.to_owned();
    };
    match (field("cpu family"), field("model")) {
        (Some(family), Some(model)) => format!("{name} (family {family}, model {model})"),
        _ => name,
    }
}

/// `rustc 1.95.0`
fn rustc() -> String {
    let output = Command::new("rustc").arg("--version").output();
    let text = output.map_or_else(
        |_| String::new(),
        |output| String::from_utf8_lossy(&output.stdout).into(),
    );
    text.split(" (").next().unwrap_or_default().to_owned()
}

#[cfg(target_arch = "x86_64")]
fn sha_extensions() -> bool {
    std::arch::is_x86_feature_detected!("sha")
}

#[cfg(target_arch = "aarch64")]
fn sha_extensions() -> bool {
    std::arch::is_aarch64_feature_detected!("sha2")
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn sha_extensions() -> bool {
    false
}
