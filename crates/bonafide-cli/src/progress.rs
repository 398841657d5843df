//! A progress bar for work that takes longer than a second, and Ctrl-C.

use std::io::IsTerminal as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::time::{Duration, Instant};

use bonafide_engine::Observer;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Work shorter than this shows no bar.
const PATIENCE: Duration = Duration::from_secs(1);

const TEMPLATE: &str = "{bytes}/{total_bytes} [{wide_bar}] {binary_bytes_per_sec}, {eta} left";

/// What a signal may interrupt right now.
mod phase {
    /// Anything: there is nothing to tidy up.
    pub(super) const PREPARING: u8 = 0;
    /// Hashing ends at the next piece.
    pub(super) const HASHING: u8 = 1;
    /// Outputs are being written, which takes no time and must not be cut.
    pub(super) const WRITING: u8 = 2;
}

/// Hears about the hashing, on behalf of the person at the terminal.
pub(crate) struct Progress {
    bar: ProgressBar,
    started: Instant,
    shown: AtomicBool,
    wanted: bool,
    interrupted: Arc<AtomicBool>,
    phase: Arc<AtomicU8>,
}

impl Progress {
    /// Takes over Ctrl-C and SIGTERM, so that no output is left half written.
    /// While hashing or writing, the first ends the work in an orderly way;
    /// a second one, or the first at any other time, ends the process.
    pub(crate) fn new(quiet: bool) -> Self {
        let interrupted = Arc::new(AtomicBool::new(false));
        let phase = Arc::new(AtomicU8::new(phase::PREPARING));
        let (flag, now) = (Arc::clone(&interrupted), Arc::clone(&phase));
        // Without a handler Ctrl-C still works, just less orderly.
        let _ = ctrlc::set_handler(move || {
            let again = flag.swap(true, Ordering::SeqCst);
            if again || now.load(Ordering::SeqCst) == phase::PREPARING {
                std::process::exit(i32::from(crate::COULD_NOT_DECIDE));
            }
        });
        Self {
            bar: ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()),
            started: Instant::now(),
            shown: AtomicBool::new(false),
            wanted: !quiet && std::io::stderr().is_terminal(),
            interrupted,
            phase,
        }
    }

    /// Takes the bar off the screen.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
        self.phase.store(phase::WRITING, Ordering::SeqCst);
    }
}

impl Observer for Progress {
    fn begin(&self, total_bytes: u64, _files: u64) {
        self.phase.store(phase::HASHING, Ordering::SeqCst);
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
