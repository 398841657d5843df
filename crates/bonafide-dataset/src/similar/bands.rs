//! Into how many bands a signature is cut.

/// Bands of a signature, and numbers of each band.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bands {
    /// How many.
    pub bands: usize,
    /// Numbers of each.
    pub rows: usize,
}

/// The bands for a threshold: of all that fit in the signature, those for which the area
/// of false positives below the threshold and of false negatives above it, half of each,
/// is least. The same as `MinHashLSH(threshold, num_perm)` of `datasketch` chooses.
#[must_use]
pub fn bands(jaccard: f64, permutations: u32) -> Bands {
    let rule = Rule::new();
    let (mut least, mut best) = (f64::INFINITY, Bands { bands: 1, rows: 1 });
    for bands in 1..=permutations {
        for rows in 1..=permutations / bands {
            let (power, exponent) = (f64::from(rows), f64::from(bands));
            let missed = |likeness: f64| (1.0 - likeness.powf(power)).powf(exponent);
            let positive = rule.integral(0.0, jaccard, |likeness| 1.0 - missed(likeness));
            let negative = rule.integral(jaccard, 1.0, missed);
            let error = positive * 0.5 + negative * 0.5;
            // What is as good but for rounding does not count: the first stays.
            if error < least - 1e-12 {
                least = error;
                best = Bands {
                    bands: bands as usize,
                    rows: rows as usize,
                };
            }
        }
    }
    best
}

/// Gauss–Legendre quadrature with 32 nodes, over 4 pieces: exact to the last digits for
/// polynomials as these are.
struct Rule {
    nodes: Vec<(f64, f64)>,
}

const NODES: u32 = 32;
const PIECES: u32 = 4;

impl Rule {
    /// Nodes by Newton's method on the Legendre polynomial (Golub and Welsch 1969 name
    /// the weights).
    fn new() -> Self {
        let degree = f64::from(NODES);
        let nodes = (1..=NODES).map(|index| {
            let mut node =
                (std::f64::consts::PI * (f64::from(index) - 0.25) / (degree + 0.5)).cos();
            let mut slope = 1.0;
            for _ in 0..100 {
                let (mut last, mut value) = (1.0, node);
                for order in 2..=NODES {
                    let order = f64::from(order);
                    let next = ((2.0 * order - 1.0) * node * value - (order - 1.0) * last) / order;
                    last = value;
                    value = next;
                }
                slope = degree * (node * value - last) / (node * node - 1.0);
                let step = value / slope;
                node -= step;
                if step.abs() < 1e-15 {
                    break;
                }
            }
            (node, 2.0 / ((1.0 - node * node) * slope * slope))
        });
        Self {
            nodes: nodes.collect(),
        }
    }

    fn integral(&self, from: f64, to: f64, function: impl Fn(f64) -> f64) -> f64 {
        let half = (to - from) / f64::from(PIECES) / 2.0;
        let piece = |piece: u32| {
            let middle = from + half * (2.0 * f64::from(piece) + 1.0);
            let sum: f64 = self
                .nodes
                .iter()
                .map(|(node, weight)| weight * function(middle + half * node))
                .sum();
            sum * half
        };
        (0..PIECES).map(piece).sum()
    }
}
