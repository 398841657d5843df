//! Singular values of a matrix that is only read row by row.
//!
//! Randomised subspace iteration (Halko, Martinsson, Tropp 2011, algorithm 4.4) in the form
//! that needs one pass for each iteration: with rows `d` of the matrix D, the sum of
//! `dᵀ (d V)` is `DᵀD V`. Only two matrices of `columns × width` are held. The last pass sums
//! the Gram matrix of `D V`, whose eigenvalues are squares of singular values; they are never
//! larger than those of D, and as exact as the square root of the precision allows, so what
//! is below 1e-7 of the largest says nothing.

use crate::linear::{Dense, axpy, eigen, orthonormalise};

/// Singular values below this share of the largest one are not told from rounding.
pub(crate) const RESOLUTION: f64 = 1e-7;

/// Gives rows, one after the other and the same in each pass.
pub(crate) trait Rows {
    /// Calls `each` with every row.
    fn pass(&mut self, each: &mut dyn FnMut(&[f64])) -> Result<(), String>;
}

/// The largest `width` singular values, largest first. A fixed `seed` makes the same numbers
/// of the same matrix.
pub(crate) fn singular_values(
    rows: &mut dyn Rows,
    columns: usize,
    width: usize,
    iterations: u32,
    seed: u64,
) -> Result<Vec<f64>, String> {
    let mut basis = Dense::zero(columns, width);
    let mut random = Random(seed);
    for number in &mut basis.numbers {
        *number = random.normal();
    }
    if width >= columns {
        // All of the space: nothing has to be found.
        basis = Dense::zero(columns, columns);
        for index in 0..columns {
            basis.set(index, index, 1.0);
        }
    } else {
        let mut image = vec![0.0; width];
        for _ in 0..iterations {
            let mut next = Dense::zero(columns, width);
            rows.pass(&mut |row| {
                product(row, &basis, &mut image);
                for (place, number) in next.rows_mut().zip(row) {
                    if *number != 0.0 {
                        axpy(place, *number, &image);
                    }
                }
            })?;
            orthonormalise(&mut next);
            basis = next;
        }
    }
    let width = basis.width;
    let mut gram = Dense::zero(width, width);
    let mut image = vec![0.0; width];
    rows.pass(&mut |row| {
        product(row, &basis, &mut image);
        gram.add_gram(&image);
    })?;
    let (values, _) = eigen(gram);
    Ok(values
        .into_iter()
        .map(|value| value.max(0.0).sqrt())
        .collect())
}

/// A row times the basis.
fn product(row: &[f64], basis: &Dense, image: &mut [f64]) {
    image.fill(0.0);
    for (number, direction) in row.iter().zip(basis.rows()) {
        if *number != 0.0 {
            axpy(image, *number, direction);
        }
    }
}

/// `SplitMix64` (Steele, Lea, Flood 2014), and normal numbers from it by Box and Muller.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ z >> 31
    }

    /// In (0, 1].
    fn unit(&mut self) -> f64 {
        ((self.next() >> 11) + 1) as f64 / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * self.unit().ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }
}
