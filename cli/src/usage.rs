//! What `clap` refuses, in one line. No value is repeated except for numbers: it may be a URL, a header or a token.

use core::num::{IntErrorKind, ParseIntError};

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::output::Error;

/// Help and version are not errors, and go to stdout.
pub(crate) fn report(error: &clap::Error) -> Result<(), Error> {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let _ = error.print(); // in colors on a terminal
            Ok(())
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = error.print();
            Err(Error::Usage(String::new())) // the help is printed
        }
        _ => Err(Error::Usage(format!("{}; see --help", sentence(error)))),
    }
}

fn sentence(error: &clap::Error) -> String {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::Strings(list)) if !list.is_empty() => Some(list.join(", ")),
        _ => None,
    };
    let bare = |name: String| name.split(['=', ' ']).next().unwrap_or_default().to_owned();
    let argument = text(ContextKind::InvalidArg).map(bare);
    let flag = argument.as_deref().filter(|text| text.starts_with('-'));
    let name = argument.as_deref().unwrap_or("an argument");
    // The most similar is the last.
    let similar = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand];
    let similar = similar.into_iter().find_map(|kind| match error.get(kind)? {
        ContextValue::String(name) => Some(name),
        ContextValue::Strings(names) => names.last(),
        _ => None,
    });
    // By their letters alone, --version-id is similar to --region.
    let first = |name: &str| name.trim_start_matches('-').chars().next();
    let similar = similar.filter(|name| flag.is_none_or(|flag| first(flag) == first(name)));
    let similar = similar.map_or(String::new(), |name| format!("; did you mean {name}?"));
    match error.kind() {
        ErrorKind::UnknownArgument => match flag {
            Some("-") if reads_keys(error) => {
                "keys from stdin need --bucket, and no S3 URI".to_owned()
            }
            Some("-") => "an argument is not expected here".to_owned(),
            Some(flag) => format!("unknown flag {flag}{similar}"),
            None => "an argument is not expected here".to_owned(),
        },
        ErrorKind::InvalidSubcommand => {
            let word = text(ContextKind::InvalidSubcommand).unwrap_or_default();
            if word.len() < 20 && word.chars().all(|c| c.is_ascii_alphabetic() || c == '-') {
                format!("unknown command {word}{similar}")
            } else {
                "the first argument is neither a command nor an S3 URI, s3://BUCKET/KEY".to_owned()
            }
        }
        ErrorKind::InvalidValue => match text(ContextKind::InvalidValue) {
            Some(value) if !value.is_empty() => {
                let valid = text(ContextKind::ValidValue).unwrap_or_default();
                format!("{name} is not one of {valid}")
            }
            _ => format!("{name} needs a value"),
        },
        ErrorKind::ValueValidation => match core::error::Error::source(error) {
            Some(source) if is_no_number(source) => {
                let value = text(ContextKind::InvalidValue).unwrap_or_default();
                format!("{name}: {value:?} is not a whole number")
            }
            Some(source) => format!("{name}: {source}"),
            None => format!("{name} is malformed"),
        },
        ErrorKind::MissingRequiredArgument => format!("{name} is missing"),
        ErrorKind::MissingSubcommand => "a command is missing".to_owned(),
        ErrorKind::ArgumentConflict => match text(ContextKind::PriorArg).map(bare) {
            Some(prior) if prior == name => format!("{name} is given twice"),
            Some(prior) => format!("{name} cannot be combined with {prior}"),
            None => format!("{name} cannot be given here"),
        },
        ErrorKind::TooManyValues => format!("{name} accepts no value"),
        ErrorKind::InvalidUtf8 => "an argument is not valid UTF-8".to_owned(),
        kind => kind
            .as_str()
            .unwrap_or("the arguments are wrong")
            .to_owned(),
    }
}

/// Whether the command accepts keys on stdin. `clap` shows which it is only in the line of its usage.
fn reads_keys(error: &clap::Error) -> bool {
    let Some(ContextValue::StyledStr(line)) = error.get(ContextKind::Usage) else {
        return false;
    };
    let line = line.to_string();
    let mut words = line.split_whitespace();
    words.any(|word| ["get", "put", "head", "delete", "request"].contains(&word))
}

fn is_no_number(error: &(dyn core::error::Error + 'static)) -> bool {
    let error = error.downcast_ref::<ParseIntError>();
    error.is_some_and(|error| *error.kind() != IntErrorKind::PosOverflow)
}

/// For arguments that contradict each other in ways that `clap` does not know.
pub(crate) fn error(text: &str) -> Error {
    Error::Usage(format!("{text}; see --help"))
}
