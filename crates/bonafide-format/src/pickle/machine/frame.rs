//! Frames, which unpicklers take in different ways.

use super::{Machine, Stop, Watch, rules};
use crate::pickle::tape::Reading;

impl<W: Watch> Machine<'_, '_, W> {
    pub(super) fn frame(&mut self, length: u64, at: u64) -> Result<(), Stop> {
        let start = self.tape.position();
        let end = start.saturating_add(length);
        let open = self.tape.frame_end();
        if open != u64::MAX && start < open {
            self.diverge(at, "a frame starts within another one".to_owned());
        }
        if end > self.tape.size() {
            let message = format!("a frame of {length} bytes goes beyond the end");
            self.diverge(at, message);
            if self.tape.reading() == Reading::File {
                return Err(Stop::malformed(at, "a frame goes beyond the end"));
            }
            self.tape.set_frame_end(u64::MAX);
            return Ok(());
        }
        if self.tape.reading() == Reading::File && open != u64::MAX && start < open {
            // What is left of the outer frame is kept if the inner one is in it.
            if end > open {
                self.tape.seek(open);
                let end = open.saturating_add(length);
                if end > self.tape.size() {
                    return Err(Stop::malformed(at, "a frame goes beyond the end"));
                }
                self.tape.set_frame_end(end);
            }
            return Ok(());
        }
        self.tape.set_frame_end(end);
        Ok(())
    }

    pub(super) fn leave_frame(&mut self, at: u64) {
        let end = self.tape.frame_end();
        if at > end {
            let message = format!("an opcode reaches beyond its frame, which ends at {end}");
            self.diverge(end, message);
        }
        self.tape.set_frame_end(u64::MAX);
    }

    pub(super) fn diverge(&mut self, at: u64, message: String) {
        // Reported once: a file that does it once may do it a million times.
        if !self.divergent {
            self.watch.defect(&rules::FRAMES, at..at, None, message);
        }
        self.divergent = true;
    }
}
