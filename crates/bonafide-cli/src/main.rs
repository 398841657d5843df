//! The command `bonafide`: arguments in, report on standard output, everything
//! else on standard error, the verdict as exit code.

mod arguments;
mod audit;
mod bom;
mod catalogue;
mod command;
mod dataset;
mod environment;
mod inspect;
mod lineage;
mod models;
mod policy;
mod progress;
mod rego;
mod terminal;
mod threats;
mod trust;

use std::process::ExitCode;

use clap::FromArgMatches as _;
use clap::error::ErrorKind;

use arguments::Arguments;

/// Exit codes, as documented in `--help`: the verdict's own, and these two.
const COULD_NOT_DECIDE: u8 = 2;
const USAGE: u8 = 4;

fn main() -> ExitCode {
    let parsed = environment::command()
        .try_get_matches()
        .and_then(|matches| Arguments::from_arg_matches(&matches));
    let arguments = match parsed {
        Ok(arguments) => arguments,
        Err(error) => {
            // A closed standard output is no reason for another exit code.
            let _ = error.print();
            return match error.kind() {
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ExitCode::SUCCESS,
                _ => ExitCode::from(USAGE),
            };
        }
    };
    match command::run(arguments) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            terminal::print_error(&error);
            ExitCode::from(COULD_NOT_DECIDE)
        }
    }
}
