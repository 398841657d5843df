//! Which character stands between the fields of a line.

const CANDIDATES: [u8; 4] = *b",;\t|";

/// The candidate that is most often in the header line outside of quotes; the earlier one
/// of two, and a comma if there is none.
pub(super) fn sniffed(head: &[u8]) -> u8 {
    let mut quoted = false;
    let mut counts = [0_usize; CANDIDATES.len()];
    for byte in head {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            byte if !quoted => {
                for (count, candidate) in counts.iter_mut().zip(CANDIDATES) {
                    *count += usize::from(*byte == candidate);
                }
            }
            _ => {}
        }
    }
    let mut best = (0, b',');
    for (count, candidate) in counts.into_iter().zip(CANDIDATES) {
        if count > best.0 {
            best = (count, candidate);
        }
    }
    best.1
}
