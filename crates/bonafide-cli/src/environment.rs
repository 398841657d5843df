//! Every flag has an environment variable, made from its name: `--max-bytes` is
//! `BONAFIDE_MAX_BYTES`. What only one command knows carries the command's name, because
//! the same word means different things elsewhere: `--output` of `attest` is
//! `BONAFIDE_ATTEST_OUTPUT`.

use std::fmt::Write as _;

use clap::builder::BoolishValueParser;
use clap::{Arg, ArgAction, Args as _, Command, CommandFactory as _};

use crate::arguments::{Arguments, EvidenceArguments};

/// The command line with an environment variable for each flag.
pub(crate) fn command() -> Command {
    let shared: Vec<String> = EvidenceArguments::augment_args(Command::new("evidence"))
        .get_arguments()
        .map(|argument| argument.get_id().to_string())
        .collect();
    with_variables(Arguments::command(), &shared, "")
}

fn with_variables(command: Command, shared: &[String], prefix: &str) -> Command {
    let command = command.mut_args(|argument| {
        let Some(long) = argument.get_long() else {
            return argument;
        };
        let everywhere =
            argument.is_global_set() || shared.contains(&argument.get_id().to_string());
        let prefix = if everywhere { "" } else { prefix };
        let name = variable(prefix, long);
        // `BONAFIDE_QUIET=1` reads as people write it.
        match argument.get_action() {
            ArgAction::SetTrue => argument
                .env(name)
                .hide_env_values(true)
                .value_parser(BoolishValueParser::new()),
            ArgAction::Set | ArgAction::Append => argument.env(name).hide_env_values(true),
            _ => argument,
        }
    });
    command.mut_subcommands(|subcommand| {
        if subcommand.is_hide_set() {
            return subcommand;
        }
        let prefix = format!("{prefix}{}-", subcommand.get_name());
        with_variables(subcommand, shared, &prefix)
    })
}

fn variable(prefix: &str, long: &str) -> String {
    format!("BONAFIDE_{prefix}{long}")
        .replace('-', "_")
        .to_ascii_uppercase()
}

/// A variable that is no flag, and what it does.
const OTHERS: [(&str, &str); 3] = [
    (
        "BONAFIDE_KEY_PASSWORD",
        "password of the private key, without `--password-file`",
    ),
    ("NO_COLOR", "no colour, unless `--color always`"),
    (
        "SOURCE_DATE_EPOCH",
        "as `--effective-time`, in seconds since 1970; heeded if it is not past, or with `--allow-past-effective-time`",
    ),
];

/// Every variable, the flag that it stands for, and whether it is set. Values are not
/// printed: logs keep them.
pub(crate) fn list() -> String {
    let mut rows: Vec<(String, String)> = Vec::new();
    collect(&command(), "", &mut rows);
    rows.sort();
    rows.dedup_by(|right, left| left.0 == right.0);
    for (name, effect) in OTHERS {
        rows.push((name.to_owned(), effect.to_owned()));
    }
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    rows.iter().fold(String::new(), |mut text, (name, effect)| {
        let state = if std::env::var_os(name).is_some() {
            "set  "
        } else {
            "unset"
        };
        let _ = writeln!(text, "{name:<width$}  {state}  {effect}");
        text
    })
}

fn collect(command: &Command, path: &str, rows: &mut Vec<(String, String)>) {
    for argument in command.get_arguments() {
        let (Some(name), Some(long)) = (argument.get_env(), argument.get_long()) else {
            continue;
        };
        let path = if is_shared(argument, name) { "" } else { path };
        rows.push((
            name.to_string_lossy().into_owned(),
            format!("{path}--{long}"),
        ));
    }
    for subcommand in command.get_subcommands() {
        let path = format!("{path}{} ", subcommand.get_name());
        collect(subcommand, &path, rows);
    }
}

/// True if the variable means the same to every command that knows it.
fn is_shared(argument: &Arg, name: &std::ffi::OsStr) -> bool {
    argument
        .get_long()
        .is_some_and(|long| name == variable("", long).as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flag_has_a_variable_of_its_own_meaning() {
        command().debug_assert();
        let mut rows = Vec::new();
        collect(&command(), "", &mut rows);
        assert!(rows.contains(&("BONAFIDE_MAX_BYTES".to_owned(), "--max-bytes".to_owned())));
        assert!(rows.contains(&("BONAFIDE_POLICY".to_owned(), "--policy".to_owned())));
        assert!(rows.contains(&(
            "BONAFIDE_ATTEST_OUTPUT".to_owned(),
            "attest --output".to_owned()
        )));
        // One name never means two flags.
        rows.sort();
        rows.dedup();
        for pair in rows.windows(2) {
            assert_ne!(pair[0].0, pair[1].0, "{pair:?}");
        }
    }
}
