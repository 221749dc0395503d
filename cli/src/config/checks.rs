//! Mistakes in profiles that the AWS SDK's loader ignores, or reports only after a request.

use aws_config::profile::ProfileSet;
use aws_runtime::fs_util::{Os, home_dir};
use aws_types::os_shim_internal::Env;

use crate::output::Error;

/// What the name of a profile can contain, except letters and digits. The loader skips other profiles.
const MARKS: &str = "_-/.%@:+";

pub(super) fn name(name: &str) -> Result<(), Error> {
    if name
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || MARKS.contains(c))
    {
        return Ok(());
    }
    Err(Error::Refused(format!(
        "profile {name:?} is not supported: a name can contain ASCII letters, digits, and {MARKS}"
    )))
}

/// The section that `services` names has to exist, as for the AWS CLI.
pub(super) fn services(profiles: &ProfileSet, env: &Env) -> Result<(), Error> {
    match profiles.get("services") {
        Some(name) if !has_services(name, env) => Err(Error::Refused(format!(
            "profile {:?} has services = {name}, but the configuration has no section [services {name}]",
            profiles.selected_profile()
        ))),
        _ => Ok(()),
    }
}

/// The loader has no list of these sections.
fn has_services(name: &str, env: &Env) -> bool {
    let path = env.get("AWS_CONFIG_FILE");
    let mut path = path.unwrap_or_else(|_| "~/.aws/config".to_owned());
    if let (Some(rest), Some(home)) = (path.strip_prefix("~/"), home_dir(env, Os::real())) {
        path = format!("{home}/{rest}");
    }
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let mut sections = text.lines().filter_map(|line| {
        let (section, _) = line.strip_prefix('[')?.split_once(']')?;
        Some(section.split_whitespace())
    });
    sections.any(|section| section.eq(["services", name]))
}

/// Follows `source_profile` from role to role. The loader ignores `mfa_serial`, and skips a profile that is its own source.
pub(super) fn roles(profiles: &ProfileSet) -> Result<(), Error> {
    let selected = profiles.selected_profile();
    let (mut names, mut next) = (Vec::new(), Some(selected));
    while let Some(profile) = next.and_then(|name| profiles.get_profile(name)) {
        let has = |key| profile.get(key).is_some();
        // Only the first profile prefers a role to its own keys.
        let is_source = !names.is_empty() && has("aws_access_key_id");
        if is_source || !has("role_arn") || has("web_identity_token_file") {
            break;
        }
        if has("mfa_serial") {
            return Err(Error::Refused(format!(
                "no credentials: profile {:?} has mfa_serial, but MFA is not supported; {}",
                profile.name(),
                export(selected)
            )));
        }
        let is_loop = names.contains(&profile.name());
        names.push(profile.name());
        if is_loop {
            return Err(Error::Refused(format!(
                "no credentials: source_profile leads in a circle: {}",
                names.join(" -> ")
            )));
        }
        next = profile.get("source_profile");
    }
    Ok(())
}

/// The command that reads what the loader cannot.
pub(super) fn export(profile: &str) -> String {
    format!("run: eval \"$(aws configure export-credentials --profile {profile} --format env)\"")
}
