//! The tables, in Markdown.

use crate::Column;
use crate::check::Kind;
use crate::clients::Client;
use crate::expected::{self, Expected};

const INTRODUCTION: &str = "\
# Servers and clients

How S3 servers and HTTP clients handle URLs and forms that this crate signs. The servers share no code with it or with each other:

- s3s 0.14.1 in the process, with an access hook for cases that S3 refuses and s3s accepts (`examples/store/gate.rs`)
- Ceph RGW 16.2, with permanent credentials, and with credentials that its STS issued
- rclone 1.75.2
- MinIO at commit 7aac2a2c5b7c (February 12, 2026), with permanent credentials, and with its STS for session tokens
- SeaweedFS 4.48
- Garage 2.5.0

```sh
tests/servers/stores                                                # builds MinIO and Garage
tests/servers/run --write                                           # installs the others, starts all, and writes this page
tests/servers/run --endpoint URL --region REGION --bucket BUCKET    # runs the same checks on your own store
```
";

const LEGEND: &str = "\
- `ok`: every answer is the one that S3 documents.
- `code`: the server refuses the same requests as S3, but with another status or code.
- `LAX`: the server accepts what S3 refuses.
- `no`: the server does not support it.
- `-`: nothing to check.

The rows *command*, *service* and *page* upload with `cli`, `examples/share_service` and `examples/web`, in path style and in
virtual-hosted style, and download again with the checks' own client. curl sends what the command and the page show; the
page's WebAssembly module signs in Node.js, not in a browser. The service's multipart uploads use path style alone, because
the service itself sends some requests, and its client cannot resolve names below `localhost`.

SeaweedFS issues session tokens too, for roles in a second configuration file (`-s3.iam.config`). These checks do not set that
up, so its session tokens are not tested.

The reasons follow the table.
";

pub(crate) fn introduction() {
    println!("{INTRODUCTION}");
}

/// Prints the table and the deviations. Returns whether there are no unexpected ones.
pub(crate) fn servers(columns: &[Column<'_>]) -> bool {
    println!("## Servers\n\n{LEGEND}");
    let Some(first) = columns.first() else {
        return true;
    };
    let mut rows = vec![vec!["check".to_owned()]];
    for column in columns {
        rows[0].push(column.server.name.to_owned());
    }
    for (at, (name, _)) in first.runs.iter().enumerate() {
        let mut row = vec![name.clone()];
        row.extend(columns.iter().map(|column| cell(column, at)));
        rows.push(row);
    }
    let mut totals = vec!["answers checked".to_owned()];
    totals.extend(columns.iter().map(|column| {
        let answers: usize = column.runs.iter().map(|(_, run)| run.answers).sum();
        answers.to_string()
    }));
    rows.push(totals);
    table(&rows);
    let mut right = true;
    for column in columns {
        right &= deviations(column);
    }
    right
}

fn reason(
    column: &Column<'_>,
    check: &str,
    deviation: &crate::check::Deviation,
) -> Option<&'static Expected> {
    expected::all().find(|expected| expected.fits(column.server.name, check, deviation))
}

fn cell(column: &Column<'_>, at: usize) -> String {
    let (name, run) = &column.runs[at];
    if run.skipped.is_some() {
        return "-".to_owned();
    }
    let Some(worst) = run.deviations.iter().map(|deviation| deviation.kind).max() else {
        return "ok".to_owned();
    };
    let unexpected = run
        .deviations
        .iter()
        .any(|deviation| reason(column, name, deviation).is_none());
    let text = match worst {
        Kind::Code => "code",
        Kind::Lax => "LAX",
        Kind::Fail if unexpected => "FAIL",
        Kind::Fail => "no",
    };
    match unexpected && column.server.disposable {
        true => format!("{text} (unexpected)"),
        false => text.to_owned(),
    }
}

/// Prints the deviations, one line for each reason. Those without a reason go to standard error.
fn deviations(column: &Column<'_>) -> bool {
    let server = column.server.name;
    let all: Vec<_> = column
        .runs
        .iter()
        .flat_map(|(check, run)| {
            run.deviations
                .iter()
                .map(move |deviation| (check.as_str(), deviation))
        })
        .collect();
    let skipped: Vec<_> = column
        .runs
        .iter()
        .filter_map(|(check, run)| Some((check, run.skipped?)))
        .collect();
    let expected: Vec<_> = expected::all()
        .filter(|expected| {
            all.iter()
                .any(|(check, deviation)| expected.fits(server, check, deviation))
        })
        .collect();
    if !expected.is_empty() || !skipped.is_empty() {
        println!("\n### {server}\n");
    }
    for expected in expected {
        // Groups cases of one check with the same answer.
        let mut groups: Vec<(&str, &str, Vec<&str>)> = Vec::new();
        for (check, deviation) in &all {
            let listed = reason(column, check, deviation);
            if !listed.is_some_and(|listed| std::ptr::eq(listed, expected)) {
                continue;
            }
            let (case, seen) = (deviation.case.as_str(), deviation.seen.as_str());
            match groups
                .iter_mut()
                .find(|(of, by, _)| *of == *check && *by == seen)
            {
                Some((_, _, cases)) if cases.contains(&case) => {}
                Some((_, _, cases)) => cases.push(case),
                None => groups.push((check, seen, vec![case])),
            }
        }
        let groups: Vec<_> = groups
            .iter()
            .map(|(check, seen, cases)| format!("*{check}*: {} ({seen})", cases.join(", ")))
            .collect();
        println!("- {}. {}", expected.reason, groups.join("; "));
    }
    for (check, reason) in skipped {
        println!("- *{check}*: not checked, {reason}");
    }

    let ours = column.server.disposable;
    let mut right = true;
    for (check, deviation) in &all {
        if reason(column, check, deviation).is_none() {
            eprintln!(
                "{server}: {check}: {}: {:?}, {}",
                deviation.case, deviation.kind, deviation.seen
            );
            right &= !ours && deviation.kind == Kind::Code;
        }
    }
    let ran = |check: &str| column.runs.iter().any(|(name, _)| name == check);
    for expected in expected::all() {
        for missing in expected.missing(server, ran, &all) {
            eprintln!("{server}: {missing}");
            right = false;
        }
    }
    right
}

/// Prints the table, and returns whether every installed client behaves as listed.
pub(crate) fn clients(clients: &[Client]) -> bool {
    println!("\n## Clients\n\n{}", crate::clients::LEGEND);
    let mut rows = vec![vec!["key".to_owned()]];
    rows[0].extend(clients.iter().map(|client| client.name.to_owned()));
    for (at, shape) in crate::clients::SHAPES.iter().enumerate() {
        let mut row = vec![shape.label()];
        row.extend(clients.iter().map(|client| client.sent[at].clone()));
        rows.push(row);
    }
    table(&rows);
    let mut right = true;
    for client in clients {
        println!(
            "{}- {}: {}",
            if client.name == clients[0].name {
                "\n"
            } else {
                ""
            },
            client.name,
            client.version
        );
        for unexpected in client.unexpected() {
            eprintln!("{unexpected}");
            right = false;
        }
    }
    right
}

fn table(rows: &[Vec<String>]) {
    let width = |at: usize| {
        rows.iter()
            .map(|row| row[at].chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<_> = (0..rows.first().map_or(0, Vec::len)).map(width).collect();
    for (number, row) in rows.iter().enumerate() {
        let cells: Vec<_> = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        println!("| {} |", cells.join(" | "));
        if number == 0 {
            let line: Vec<_> = widths.iter().map(|width| "-".repeat(*width)).collect();
            println!("|-{}-|", line.join("-|-"));
        }
    }
}

#[cfg(test)]
mod tests {
    use presign::Credentials;

    use super::*;
    use crate::check::{Deviation, Run};
    use crate::expected::THEIRS;
    use crate::server::Server;

    fn is_right(seen: Option<&str>) -> bool {
        let bucket = crate::bucket_at("http://localhost", crate::BUCKET).unwrap();
        let server = Server::new(THEIRS, Credentials::new("id", "secret"), bucket);
        let mut run = Run::new(&server);
        run.deviations.extend(seen.map(|seen| Deviation {
            case: "7 days, after a day".to_owned(),
            kind: Kind::Fail,
            seen: seen.to_owned(),
        }));
        let column = Column {
            server: &server,
            runs: vec![("form: expired".to_owned(), run)],
        };
        servers(&[column])
    }

    /// Garage refuses a form a day after it was signed.
    #[test]
    fn known_limits_of_an_endpoint() {
        assert!(is_right(None));
        assert!(is_right(Some("400 InvalidRequest")));
        assert!(!is_right(Some("403 SignatureDoesNotMatch")));
    }
}
