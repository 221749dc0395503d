//! Credentials out of a text that a tool printed.

use std::collections::BTreeMap;

/// The fields that a text names, with their values: lines for a shell (`export AWS_ACCESS_KEY_ID=...`, also `set` and
/// `$Env:`), a profile (`aws_access_key_id = ...`), or JSON (`"AccessKeyId": ...`, as `aws configure
/// export-credentials` prints). Empty where there are not both an access key ID and a secret.
pub(crate) fn pasted(text: &str) -> BTreeMap<&'static str, &str> {
    let assignments = text.split(['\n', ',', ';', '{', '}']);
    let fields: BTreeMap<_, _> = assignments.filter_map(field).collect();
    if fields.contains_key("access_key_id") && fields.contains_key("secret_access_key") {
        fields
    } else {
        BTreeMap::new()
    }
}

fn field(assignment: &str) -> Option<(&'static str, &str)> {
    let quotes = |c: char| c.is_whitespace() || c == '"' || c == '\'';
    let assignment = assignment.trim_matches(quotes);
    let word = assignment.split_once(' ').filter(|(word, _)| {
        word.eq_ignore_ascii_case("export") || word.eq_ignore_ascii_case("set")
    });
    let assignment = word.map_or(assignment, |(_, rest)| rest);
    let assignment = assignment.strip_prefix("$Env:").unwrap_or(assignment);
    let (name, value) = assignment.split_once(['=', ':'])?;
    let name: String = name.chars().filter(char::is_ascii_alphabetic).collect();
    let name = name.to_ascii_lowercase();
    let field = match name.strip_prefix("aws").unwrap_or(&name) {
        "accesskeyid" => "access_key_id",
        "secretaccesskey" => "secret_access_key",
        "sessiontoken" => "session_token",
        "expiration" | "credentialexpiration" => "expiration",
        "region" | "defaultregion" => "region",
        _ => return None,
    };
    let value = value.trim_matches(quotes);
    (!value.is_empty()).then_some((field, value))
}
