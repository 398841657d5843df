//! The generator from which `datasketch` draws its permutations.

/// MT19937 (Matsumoto and Nishimura 1998), seeded as NumPy's `RandomState` seeds it with
/// one whole number.
#[derive(Debug, Clone)]
pub(crate) struct Twister {
    state: [u32; LENGTH],
    next: usize,
}

const LENGTH: usize = 624;
const MIDDLE: usize = 397;

impl Twister {
    pub(crate) fn new(seed: u32) -> Self {
        let mut state = [0; LENGTH];
        let mut last = seed;
        for (index, word) in (0_u32..).zip(&mut state) {
            if index > 0 {
                last = 1_812_433_253_u32
                    .wrapping_mul(last ^ (last >> 30))
                    .wrapping_add(index);
            }
            *word = last;
        }
        Self {
            state,
            next: LENGTH,
        }
    }

    /// The next 32 bits.
    pub(crate) fn draw(&mut self) -> u32 {
        if self.next >= LENGTH {
            self.twist();
        }
        let mut word = self.at(self.next);
        self.next += 1;
        word ^= word >> 11;
        word ^= (word << 7) & 0x9d2c_5680;
        word ^= (word << 15) & 0xefc6_0000;
        word ^ (word >> 18)
    }

    /// The next 64 bits: the first draw is the upper half.
    fn draw_wide(&mut self) -> u64 {
        let upper = u64::from(self.draw());
        (upper << 32) | u64::from(self.draw())
    }

    /// A number of at most `most`, as NumPy's legacy `randint` draws 64-bit ones: masked,
    /// and drawn again if it is too large.
    pub(crate) fn at_most(&mut self, most: u64) -> u64 {
        let mask = u64::MAX.checked_shr(most.leading_zeros()).unwrap_or(0);
        loop {
            let drawn = self.draw_wide() & mask;
            if drawn <= most {
                return drawn;
            }
        }
    }

    fn at(&self, index: usize) -> u32 {
        self.state.get(index % LENGTH).copied().unwrap_or(0)
    }

    fn twist(&mut self) {
        for index in 0..LENGTH {
            let both = (self.at(index) & 0x8000_0000) | (self.at(index + 1) & 0x7fff_ffff);
            let odd = if both & 1 == 1 { 0x9908_b0df } else { 0 };
            let word = self.at(index + MIDDLE) ^ (both >> 1) ^ odd;
            if let Some(place) = self.state.get_mut(index) {
                *place = word;
            }
        }
        self.next = 0;
    }
}
