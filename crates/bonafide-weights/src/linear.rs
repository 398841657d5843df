//! Small dense linear algebra: what a sketch of a few dozen columns needs.

/// A symmetric matrix, or columns of a tall one; row by row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Dense {
    pub(crate) width: usize,
    pub(crate) numbers: Vec<f64>,
}

impl Dense {
    pub(crate) fn zero(rows: usize, width: usize) -> Self {
        Self {
            width,
            numbers: vec![0.0; rows.saturating_mul(width)],
        }
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.numbers.chunks_exact(self.width.max(1))
    }

    pub(crate) fn rows_mut(&mut self) -> impl Iterator<Item = &mut [f64]> {
        self.numbers.chunks_exact_mut(self.width.max(1))
    }

    pub(crate) fn get(&self, row: usize, column: usize) -> f64 {
        self.numbers
            .get(row * self.width + column)
            .copied()
            .unwrap_or(0.0)
    }

    pub(crate) fn set(&mut self, row: usize, column: usize, number: f64) {
        if let Some(place) = self.numbers.get_mut(row * self.width + column) {
            *place = number;
        }
    }

    pub(crate) fn row_mut(&mut self, row: usize) -> &mut [f64] {
        let start = row * self.width;
        self.numbers
            .get_mut(start..start + self.width)
            .unwrap_or(&mut [])
    }

    /// Adds the outer product of a row with itself.
    pub(crate) fn add_gram(&mut self, row: &[f64]) {
        for (place, left) in self.rows_mut().zip(row) {
            axpy(place, *left, row);
        }
    }
}

/// `sum += factor * row`.
pub(crate) fn axpy(sum: &mut [f64], factor: f64, row: &[f64]) {
    for (place, number) in sum.iter_mut().zip(row) {
        *place += factor * number;
    }
}

pub(crate) fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter()
        .zip(right)
        .map(|(left, right)| left * right)
        .sum()
}

/// Makes the columns orthonormal by modified Gram–Schmidt, twice, which is as exact as
/// Householder's reflections for this purpose (Giraud, Langou, Rozložník 2005). Columns that
/// depend on earlier ones become zero.
pub(crate) fn orthonormalise(matrix: &mut Dense) {
    // Columns as rows, so that a column is contiguous.
    let width = matrix.width;
    let mut columns: Vec<Vec<f64>> = (0..width)
        .map(|column| {
            matrix
                .rows()
                .filter_map(|row| row.get(column).copied())
                .collect()
        })
        .collect();
    for index in 0..width {
        let (done, open) = columns.split_at_mut(index);
        let Some(column) = open.first_mut() else {
            continue;
        };
        let before = dot(column, column).sqrt();
        for _ in 0..2 {
            for other in done.iter() {
                let share = dot(other, column);
                axpy(column, -share, other);
            }
        }
        let norm = dot(column, column).sqrt();
        let factor = if norm > before * 1e-14 && norm > 0.0 {
            1.0 / norm
        } else {
            0.0
        };
        for number in column {
            *number *= factor;
        }
    }
    for (index, row) in matrix.rows_mut().enumerate() {
        for (place, column) in row.iter_mut().zip(&columns) {
            *place = column.get(index).copied().unwrap_or(0.0);
        }
    }
}

/// Eigenvalues of a symmetric matrix, largest first, and the eigenvectors as columns: cyclic
/// Jacobi rotations (Golub and Van Loan, Matrix Computations, 8.5).
pub(crate) fn eigen(mut matrix: Dense) -> (Vec<f64>, Dense) {
    let n = matrix.width;
    let mut vectors = Dense::zero(n, n);
    for index in 0..n {
        vectors.set(index, index, 1.0);
    }
    for _ in 0..60 {
        let mut turned = false;
        for p in 0..n {
            for q in p + 1..n {
                turned |= rotate(&mut matrix, &mut vectors, p, q);
            }
        }
        if !turned {
            break;
        }
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|left, right| {
        matrix
            .get(*right, *right)
            .total_cmp(&matrix.get(*left, *left))
    });
    let values = order
        .iter()
        .map(|index| matrix.get(*index, *index))
        .collect();
    let mut sorted = Dense::zero(n, n);
    for (to, from) in order.iter().enumerate() {
        for row in 0..n {
            sorted.set(row, to, vectors.get(row, *from));
        }
    }
    (values, sorted)
}

/// One rotation; whether there was something to turn.
fn rotate(matrix: &mut Dense, vectors: &mut Dense, p: usize, q: usize) -> bool {
    let n = matrix.width;
    let (app, aqq, apq) = (matrix.get(p, p), matrix.get(q, q), matrix.get(p, q));
    let small = f64::EPSILON * (app * aqq).abs().sqrt();
    if !apq.is_finite() || apq.abs() <= small || apq == 0.0 {
        return false;
    }
    let theta = (aqq - app) / (2.0 * apq);
    let t = theta.signum() / (theta.abs() + theta.hypot(1.0));
    let c = 1.0 / t.hypot(1.0);
    let s = t * c;
    for k in 0..n {
        let (akp, akq) = (matrix.get(k, p), matrix.get(k, q));
        matrix.set(k, p, c * akp - s * akq);
        matrix.set(k, q, s * akp + c * akq);
    }
    for k in 0..n {
        let (apk, aqk) = (matrix.get(p, k), matrix.get(q, k));
        matrix.set(p, k, c * apk - s * aqk);
        matrix.set(q, k, s * apk + c * aqk);
        let (vkp, vkq) = (vectors.get(k, p), vectors.get(k, q));
        vectors.set(k, p, c * vkp - s * vkq);
        vectors.set(k, q, s * vkp + c * vkq);
    }
    true
}

/// Solves a symmetric system of non-negative eigenvalues by least squares; directions that
/// rounding alone determines stay zero.
pub(crate) fn solve(matrix: &Dense, right: &[f64]) -> Vec<f64> {
    let n = matrix.width;
    // Scaled to a unit diagonal, so that small differences count as much as large bases.
    let scale: Vec<f64> = (0..n).map(|i| matrix.get(i, i).sqrt()).collect();
    let inverse = |i: usize| {
        scale
            .get(i)
            .map_or(0.0, |s| if *s > 0.0 { 1.0 / s } else { 0.0 })
    };
    let mut scaled = Dense::zero(n, n);
    for i in 0..n {
        for j in 0..n {
            scaled.set(i, j, matrix.get(i, j) * inverse(i) * inverse(j));
        }
    }
    let right: Vec<f64> = right
        .iter()
        .enumerate()
        .map(|(i, r)| r * inverse(i))
        .collect();
    let (values, vectors) = eigen(scaled);
    let mut solution = vec![0.0; n];
    for (k, value) in values.iter().enumerate() {
        if *value <= 1e-12 {
            continue;
        }
        let column: Vec<f64> = (0..n).map(|i| vectors.get(i, k)).collect();
        axpy(&mut solution, dot(&column, &right) / value, &column);
    }
    for (i, number) in solution.iter_mut().enumerate() {
        *number *= inverse(i);
    }
    solution
}
