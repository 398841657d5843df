//! Standard output and standard error, and what may be printed on them.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use bonafide_engine::EngineError;
use bonafide_report::Colour;

use crate::arguments::ColorChoice;

/// Whether text on standard output may carry colour.
pub(crate) fn colour(choice: ColorChoice) -> Colour {
    let wanted = match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => {
            anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
                && io::stdout().is_terminal()
        }
    };
    if wanted { Colour::Ansi } else { Colour::Plain }
}

/// Prints to standard output. A reader that has gone away (`| head`) is not an
/// error: the exit code still carries the verdict.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
    {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(error).context("standard output cannot be written")
        }
        _ => Ok(()),
    }
}

/// A line on standard error; nothing can be done if that is closed.
pub(crate) fn say(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// What happened, why, and what to do about it.
pub(crate) fn print_error(error: &anyhow::Error) {
    say(&format!("error: {error}"));
    for cause in error.chain().skip(1) {
        say(&format!("  because: {cause}"));
    }
    let hint = error
        .chain()
        .find_map(|cause| cause.downcast_ref::<EngineError>())
        .and_then(EngineError::hint);
    if let Some(hint) = hint {
        say(&format!("  hint: {hint}"));
    }
}

/// Writes a file whole or not at all.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    bonafide_engine::write_atomically(path, bytes)?;
    Ok(())
}

/// How much longer the whole process may take than the work in it.
const GRACE: Duration = Duration::from_millis(500);

/// Ends the process when the time is over. Files are written whole or not at all, so there is
/// nothing to tidy up.
pub(crate) fn give_up_after(timeout: Duration) {
    std::thread::spawn(move || {
        // What knows of the limit itself says better what it was waiting for.
        std::thread::sleep(timeout.saturating_add(GRACE));
        say(&format!(
            "error: not done after {} s, the limit of `--timeout`",
            timeout.as_secs()
        ));
        std::process::exit(i32::from(crate::COULD_NOT_DECIDE));
    });
}
