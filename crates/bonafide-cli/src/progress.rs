//! A progress bar for work that takes longer than a second, and Ctrl-C.

use std::io::IsTerminal as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use bonafide_engine::Observer;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Work shorter than this shows no bar.
const PATIENCE: Duration = Duration::from_secs(1);

const TEMPLATE: &str = "{bytes}/{total_bytes} [{wide_bar}] {binary_bytes_per_sec}, {eta} left";

/// Hears about the hashing, on behalf of the person at the terminal.
pub(crate) struct Progress {
    bar: ProgressBar,
    started: Instant,
    shown: AtomicBool,
    wanted: bool,
    interrupted: Arc<AtomicBool>,
}

impl Progress {
    /// Takes over Ctrl-C and SIGTERM: the first ends the hashing in an orderly
    /// way, so that no output is left half written; the second ends the process.
    pub(crate) fn new(quiet: bool) -> Self {
        let interrupted = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&interrupted);
        // Without a handler Ctrl-C still works, just less orderly.
        let _ = ctrlc::set_handler(move || {
            if flag.swap(true, Ordering::SeqCst) {
                std::process::exit(i32::from(crate::COULD_NOT_DECIDE));
            }
        });
        Self {
            bar: ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()),
            started: Instant::now(),
            shown: AtomicBool::new(false),
            wanted: !quiet && std::io::stderr().is_terminal(),
            interrupted,
        }
    }

    /// Takes the bar off the screen.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Observer for Progress {
    fn begin(&self, total_bytes: u64, _files: u64) {
        self.bar.set_length(total_bytes);
        if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
            self.bar.set_style(style);
        }
    }

    fn advance(&self, bytes: u64) {
        self.bar.inc(bytes);
        let late = self.wanted && self.started.elapsed() > PATIENCE;
        if late && !self.shown.swap(true, Ordering::Relaxed) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }

    fn cancelled(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }
}
