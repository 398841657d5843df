//! Confident learning: which labels contradict the probabilities of a model that did not
//! see them (Northcutt, Jiang and Chuang, "Confident Learning", JAIR 70, 2021).
//!
//! The same records are found as by `find_label_issues` of cleanlab 2.9 on the same
//! probabilities. Where two records are equally doubtful and only one of them is to be
//! taken, cleanlab leaves the choice to a sort that is not stable; here the first is taken.

use serde::{Deserialize, Serialize};

/// Which doubtful labels are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Filter {
    /// For each pair of classes as many as are estimated to be mixed up, those with the
    /// widest margin first.
    PruneByNoiseRate,
    /// For each class as many as are estimated to be wrong, the least probable first.
    PruneByClass,
    /// What both of the above take. The most precise one.
    #[default]
    Both,
    /// Those that are confidently counted for another class.
    ConfidentLearning,
    /// Those for which another class is the most probable.
    PredictedNeqGiven,
    /// The least probable labels of all, as many as are confidently counted for another
    /// class.
    LowSelfConfidence,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotProbabilities {
    /// There is not one row for each label, all of the same length.
    #[error("there are {probabilities} probabilities for {labels} labels")]
    Shape {
        /// Probabilities that there are.
        probabilities: usize,
        /// Labels that there are.
        labels: usize,
    },
    /// A label is no column.
    #[error("label {label} of record {record} has no column")]
    Label {
        /// Number of the record.
        record: usize,
        /// Its label.
        label: u32,
    },
    /// A probability is none.
    #[error("record {record} has a probability that is not from 0 to 1")]
    Value {
        /// Number of the record.
        record: usize,
    },
}

/// Two numbers closer than this count as the same.
const SAME: f64 = 1e-6;
/// No class is confident below this.
const LEAST_THRESHOLD: f64 = 2.0 * SAME;
/// Examples of a class that are never all taken.
const LEAST_LEFT: usize = 1;

/// Numbers of the records whose label is doubtful, ascending.
///
/// `probabilities` has one row for each label, one column for each class; the number of
/// columns follows from the lengths.
pub fn issues(
    probabilities: &[f64],
    labels: &[u32],
    filter: Filter,
) -> Result<Vec<usize>, NotProbabilities> {
    if labels.is_empty() && probabilities.is_empty() {
        return Ok(Vec::new());
    }
    let table = Table::new(probabilities, labels)?;
    let taken = match filter {
        Filter::PredictedNeqGiven => table.differently_predicted(),
        Filter::ConfidentLearning => table.confident().1,
        Filter::LowSelfConfidence => {
            let most = table.clearly(table.confident().1).len();
            let mut order: Vec<usize> = (0..labels.len()).collect();
            order.sort_by(|&a, &b| table.given(a).total_cmp(&table.given(b)));
            order.truncate(most);
            order.sort_unstable();
            return Ok(order);
        }
        Filter::PruneByClass => table.by_class(&table.removals()),
        Filter::PruneByNoiseRate => table.by_pair(&table.removals()),
        Filter::Both => {
            let removals = table.removals();
            let by_class = table.by_class(&removals);
            let mut both = table.by_pair(&removals);
            both.retain(|record| by_class.binary_search(record).is_ok());
            both
        }
    };
    Ok(table.clearly(taken))
}

/// Rows of probabilities with the label of each.
struct Table<'a> {
    rows: Vec<&'a [f64]>,
    labels: Vec<usize>,
    classes: usize,
}

/// Counts of true class (row) by given class (column).
type Counts = Vec<Vec<usize>>;

impl<'a> Table<'a> {
    fn new(probabilities: &'a [f64], labels: &[u32]) -> Result<Self, NotProbabilities> {
        let classes = probabilities.len().checked_div(labels.len()).unwrap_or(0);
        if classes == 0 || classes.checked_mul(labels.len()) != Some(probabilities.len()) {
            return Err(NotProbabilities::Shape {
                probabilities: probabilities.len(),
                labels: labels.len(),
            });
        }
        let rows: Vec<&[f64]> = probabilities.chunks_exact(classes).collect();
        let valid = |value: &f64| (-SAME..=1.0 + SAME).contains(value);
        if let Some(record) = rows.iter().position(|row| !row.iter().all(valid)) {
            return Err(NotProbabilities::Value { record });
        }
        let columns: Vec<usize> = labels
            .iter()
            .map(|&label| usize::try_from(label).unwrap_or(usize::MAX))
            .collect();
        let wrong = columns.iter().position(|&label| label >= classes);
        if let Some((record, &label)) = wrong.and_then(|at| Some((at, labels.get(at)?))) {
            return Err(NotProbabilities::Label { record, label });
        }
        Ok(Self {
            rows,
            labels: columns,
            classes,
        })
    }

    fn at(&self, record: usize, class: usize) -> f64 {
        let row = self.rows.get(record);
        row.and_then(|row| row.get(class))
            .copied()
            .unwrap_or_default()
    }

    fn label(&self, record: usize) -> usize {
        self.labels.get(record).copied().unwrap_or_default()
    }

    /// Probability of the given label.
    fn given(&self, record: usize) -> f64 {
        self.at(record, self.label(record))
    }

    /// Records of each class.
    fn members(&self) -> Vec<Vec<usize>> {
        let mut members = vec![Vec::new(); self.classes];
        for (record, &label) in self.labels.iter().enumerate() {
            if let Some(of_class) = members.get_mut(label) {
                of_class.push(record);
            }
        }
        members
    }

    fn differently_predicted(&self) -> Vec<usize> {
        let differs = |&record: &usize| {
            let row = self.rows.get(record).copied().unwrap_or_default();
            greatest(row.iter().copied()) != self.label(record)
        };
        (0..self.labels.len()).filter(differs).collect()
    }

    /// Without those whose own label is as probable as any other, but for rounding.
    fn clearly(&self, mut taken: Vec<usize>) -> Vec<usize> {
        taken.retain(|&record| {
            let label = self.label(record);
            let row = self.rows.get(record).copied().unwrap_or_default();
            let raised = row.iter().enumerate().map(|(class, &value)| {
                let own = if class == label { SAME } else { 0.0 };
                value + own
            });
            greatest(raised) != label
        });
        taken
    }

    /// How probable a class is on average for the records that have it as their label. A
    /// class without records has no probability that would do.
    fn thresholds(&self) -> Vec<f64> {
        let members = self.members();
        members
            .iter()
            .enumerate()
            .map(|(class, records)| {
                let own: Vec<f64> = records.iter().map(|&r| self.at(r, class)).collect();
                match own.is_empty() {
                    true => 2.0,
                    false => (pairwise_sum(&own) / own.len() as f64).max(LEAST_THRESHOLD),
                }
            })
            .collect()
    }

    /// Counts of confident records by true class and given class, and the records off the
    /// diagonal.
    fn confident(&self) -> (Counts, Vec<usize>) {
        let thresholds = self.thresholds();
        let mut counts = vec![vec![0; self.classes]; self.classes];
        let mut off_diagonal = Vec::new();
        for (record, row) in self.rows.iter().enumerate() {
            let mut reached = row
                .iter()
                .zip(&thresholds)
                .enumerate()
                .filter(|(_, (value, threshold))| **value >= **threshold - SAME)
                .map(|(class, _)| class);
            let Some(first) = reached.next() else {
                continue;
            };
            let guess = match reached.next() {
                None => first,
                Some(_) => greatest(row.iter().copied()),
            };
            let label = self.label(record);
            if let Some(count) = counts.get_mut(guess).and_then(|row| row.get_mut(label)) {
                *count += 1;
            }
            if guess != label {
                off_diagonal.push(record);
            }
        }
        for (class, row) in counts.iter_mut().enumerate() {
            if let Some(diagonal) = row.get_mut(class) {
                *diagonal = (*diagonal).max(1);
            }
        }
        (counts, off_diagonal)
    }

    /// How many of each given class (column) really are of each class (row), all records
    /// counted: the confident counts brought to the number of records of each given class.
    fn removals(&self) -> Counts {
        let (counts, _) = self.confident();
        let sizes: Vec<usize> = self.members().iter().map(Vec::len).collect();
        let given: Vec<usize> = (0..self.classes).map(|k| column(&counts, k)).collect();
        let mut scaled: Vec<Vec<f64>> = counts
            .iter()
            .map(|row| {
                let shares = row.iter().zip(&given).zip(&sizes);
                shares
                    .map(|((&count, &of), &size)| count as f64 / of.max(1) as f64 * size as f64)
                    .collect()
            })
            .collect();
        let all: Vec<f64> = scaled.iter().flatten().copied().collect();
        let sum = pairwise_sum(&all).max(1e-100);
        let records = self.labels.len() as f64;
        for value in scaled.iter_mut().flatten() {
            *value = *value / sum * records;
        }
        let mut rounded = vec![vec![0; self.classes]; self.classes];
        for class in 0..self.classes {
            let of_class = scaled.iter().filter_map(|row| row.get(class));
            let whole = round_keeping_sum(&of_class.copied().collect::<Vec<f64>>());
            for (row, value) in rounded.iter_mut().zip(whole) {
                if let Some(place) = row.get_mut(class) {
                    *place = value;
                }
            }
        }
        keep_some(&mut rounded);
        rounded
    }

    /// For each given class the least probable, as many as are not on the diagonal.
    fn by_class(&self, removals: &Counts) -> Vec<usize> {
        let mut taken = Vec::new();
        for (class, mut records) in self.members().into_iter().enumerate() {
            if records.len() > LEAST_LEFT {
                let right = cell(removals, class, class);
                let wrong = records.len().saturating_sub(right);
                records.sort_by(|&a, &b| self.at(a, class).total_cmp(&self.at(b, class)));
                taken.extend(records.into_iter().take(wrong));
            }
        }
        taken.sort_unstable();
        taken
    }

    /// For each given class and each other class the widest margins.
    fn by_pair(&self, removals: &Counts) -> Vec<usize> {
        let mut taken = Vec::new();
        for (class, mut records) in self.members().into_iter().enumerate() {
            if records.len() <= LEAST_LEFT {
                continue;
            }
            for other in (0..self.classes).filter(|&other| other != class) {
                let wrong = cell(removals, other, class);
                if wrong > 0 {
                    let margin = |record: usize| self.at(record, other) - self.at(record, class);
                    records.sort_unstable();
                    records.sort_by(|&a, &b| margin(b).total_cmp(&margin(a)));
                    taken.extend(records.iter().copied().take(wrong));
                }
            }
        }
        taken.sort_unstable();
        taken.dedup();
        taken
    }
}

/// Where the greatest value is, the first if there are several.
fn greatest(values: impl Iterator<Item = f64>) -> usize {
    let mut best = (0, f64::NEG_INFINITY);
    for (index, value) in values.enumerate() {
        if value > best.1 {
            best = (index, value);
        }
    }
    best.0
}

fn cell(counts: &Counts, row: usize, column: usize) -> usize {
    let row = counts.get(row);
    row.and_then(|row| row.get(column))
        .copied()
        .unwrap_or_default()
}

fn column(counts: &Counts, column: usize) -> usize {
    counts.iter().filter_map(|row| row.get(column)).sum()
}

/// Every class keeps at least one record on the diagonal; what it lacks is taken from the
/// other entries of its column in equal parts.
fn keep_some(counts: &mut Counts) {
    for class in 0..counts.len() {
        let diagonal = cell(counts, class, class);
        let lacking = LEAST_LEFT.saturating_sub(diagonal);
        if lacking == 0 {
            continue;
        }
        let used = counts.iter().filter_map(|row| row.get(class));
        let used = used.filter(|count| **count > 0).count();
        let each = lacking as f64 / used.saturating_sub(1).max(1) as f64;
        for (row, values) in counts.iter_mut().enumerate() {
            if let Some(value) = values.get_mut(class) {
                *value = match row == class {
                    true => LEAST_LEFT,
                    false => truncated((*value as f64 - each).max(0.0)),
                };
            }
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "what is cut off is meant to be; it is never negative"
)]
const fn truncated(value: f64) -> usize {
    value as usize
}

/// Whole numbers near the given ones with the same sum: what rounding adds or takes too
/// much is corrected where it is the least wrong.
fn round_keeping_sum(values: &[f64]) -> Vec<usize> {
    let mut whole: Vec<f64> = values.iter().map(|value| value.round_ties_even()).collect();
    let wanted = pairwise_sum(values).round_ties_even();
    // One round corrects as many as there are values, and rounding is never off by more.
    for _ in 0..2 {
        let off = wanted - whole.iter().sum::<f64>();
        if off.abs() <= SAME {
            break;
        }
        let mut order: Vec<(f64, usize)> = values
            .iter()
            .zip(&whole)
            .map(|(value, rounded)| value - rounded)
            .zip(0..)
            .collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0));
        let step = if off < 0.0 {
            -1.0
        } else {
            order.reverse();
            1.0
        };
        for (_, index) in order.into_iter().take(truncated(off.abs())) {
            if let Some(value) = whole.get_mut(index) {
                *value += step;
            }
        }
    }
    whole
        .into_iter()
        .map(|value| truncated(value.max(0.0)))
        .collect()
}

/// Sum in the order in which NumPy adds, so that values that are equal there are so here.
fn pairwise_sum(values: &[f64]) -> f64 {
    if values.len() < 8 {
        return values.iter().sum();
    }
    if values.len() > 128 {
        let half = values.len() / 2;
        let (left, right) = values.split_at(half - half % 8);
        return pairwise_sum(left) + pairwise_sum(right);
    }
    let mut lanes = [0.0_f64; 8];
    let mut chunks = values.chunks_exact(8);
    for chunk in chunks.by_ref() {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane += value;
        }
    }
    let [a, b, c, d, e, f, g, h] = lanes;
    let sum = ((a + b) + (c + d)) + ((e + f) + (g + h));
    chunks
        .remainder()
        .iter()
        .fold(sum, |sum, value| sum + value)
}
