//! Judges each record by a probe that was trained without its fold.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::confident::{self, NotProbabilities};
use super::gather::Gathered;
use super::probe::{Learning, Probe};
use super::rows::{Row, Rows, narrow};
use super::{DoubtfulLabel, DoubtfulLabels, JudgedRecord, LabelFindings, LabelOptions};
use crate::Sample;
use crate::records::Records;

/// Every record with its probabilities.
pub(super) struct Judgement {
    judged: Vec<JudgedRecord>,
    classes: Vec<String>,
    left_out: Vec<(String, u64)>,
}

/// Out-of-fold probabilities of all records, and what confident learning says of them.
pub(super) fn judge(
    gathered: Gathered,
    options: &LabelOptions,
    folds: usize,
    workers: NonZeroUsize,
) -> Result<Judgement, NotProbabilities> {
    let Gathered {
        rows,
        classes,
        mut left_out,
        ..
    } = gathered;
    let buckets = match rows.iter().all(|row| row.tokens.is_empty()) {
        true => 0,
        false => 1_usize << options.buckets.clamp(1, 24),
    };
    let fold_of = folds_of(&rows, classes.len(), folds);
    let (rows, odd) = Rows::new(rows, buckets);
    if odd > 0 {
        let why = "not left out, but with numbers that are not finite: these count as the mean";
        left_out.push((why.to_owned(), odd));
    }
    let learning = Learning {
        strength: match buckets {
            0 => options.strength_of_numbers,
            _ => options.strength,
        },
        passes: options.passes,
        tolerance: 1e-3,
    };
    let probabilities = probabilities(&rows, &fold_of, folds, classes.len(), learning, workers);
    let labels: Vec<u32> = rows.all().iter().map(|row| row.label).collect();
    let doubtful = confident::issues(&probabilities, &labels, options.filter)?;
    let judged = rows
        .all()
        .iter()
        .zip(probabilities.chunks_exact(classes.len()))
        .enumerate()
        .map(|(index, (row, of))| JudgedRecord {
            record: row.id,
            given: row.label,
            suggested: other(of, row.label),
            self_confidence: narrow(at(of, row.label)),
            agrees: at(of, row.label) >= at(of, other(of, row.label)),
            doubtful: doubtful.binary_search(&index).is_ok(),
        })
        .collect();
    Ok(Judgement {
        judged,
        classes,
        left_out,
    })
}

fn at(of: &[f64], label: u32) -> f64 {
    of.get(label as usize).copied().unwrap_or_default()
}

/// The most probable of the other classes.
fn other(of: &[f64], label: u32) -> u32 {
    let others = of.iter().zip(0_u32..).filter(|(_, class)| *class != label);
    let best = others.fold((f64::NEG_INFINITY, label), |best, (value, class)| {
        match *value > best.0 {
            true => (*value, class),
            false => best,
        }
    });
    best.1
}

/// The fold of each row. Classes are spread evenly, and the same content of the same class
/// is in the same fold, so that no copy vouches for a label.
fn folds_of(rows: &[Row], classes: usize, folds: usize) -> Vec<usize> {
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); classes];
    for (index, row) in rows.iter().enumerate() {
        if let Some(of_class) = members.get_mut(row.label as usize) {
            of_class.push(index);
        }
    }
    let mut fold_of = vec![0; rows.len()];
    for mut of_class in members {
        of_class.sort_by_key(|&index| rows.get(index).map(|row| (row.content, row.id)));
        let all = of_class.len().max(1);
        let mut last = None;
        for (place, index) in of_class.into_iter().enumerate() {
            let content = rows.get(index).map(|row| row.content);
            let fold = match last {
                Some((same, fold)) if Some(same) == content => fold,
                _ => place * folds / all,
            };
            last = content.map(|content| (content, fold));
            if let Some(mine) = fold_of.get_mut(index) {
                *mine = fold;
            }
        }
    }
    fold_of
}

/// One row for each record, one column for each class.
fn probabilities(
    rows: &Rows,
    fold_of: &[usize],
    folds: usize,
    classes: usize,
    learning: Learning,
    workers: NonZeroUsize,
) -> Vec<f64> {
    let table = Mutex::new(vec![0.0; rows.all().len() * classes]);
    // Of two classes one probe tells both.
    let probes: Vec<u32> = match classes {
        2 => vec![1],
        _ => (0..).take(classes).collect(),
    };
    let next = AtomicUsize::new(0);
    let work = || {
        loop {
            let task = next.fetch_add(1, Ordering::Relaxed);
            let Some(&class) = probes.get(task % probes.len()) else {
                break;
            };
            let fold = task / probes.len();
            if fold >= folds {
                break;
            }
            let numbered = || fold_of.iter().zip(0_u32..);
            let outside = numbered().filter(|(of, _)| **of != fold);
            let training: Vec<u32> = outside.map(|(_, row)| row).collect();
            let member = |row: u32| {
                let row = rows.all().get(row as usize);
                row.is_some_and(|row| row.label == class)
            };
            let probe = Probe::learn(rows, &training, member, learning);
            let inside = numbered().filter(|(of, _)| **of == fold);
            let found: Vec<(u32, f64)> = inside
                .map(|(_, row)| (row, probe.probability(rows, row)))
                .collect();
            let mut table = table.lock().unwrap_or_else(PoisonError::into_inner);
            for (row, probability) in found {
                let place = row as usize * classes + class as usize;
                if let Some(value) = table.get_mut(place) {
                    *value = probability;
                }
            }
        }
    };
    let threads = workers.get().min(probes.len() * folds);
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(work);
        }
        work();
    });
    let mut table = table.into_inner().unwrap_or_else(PoisonError::into_inner);
    for row in table.chunks_exact_mut(classes) {
        match row {
            [first, second] => *first = 1.0 - *second,
            row => {
                let sum: f64 = row.iter().sum();
                for value in row.iter_mut() {
                    *value = match sum > 0.0 {
                        true => *value / sum,
                        false => 1.0 / classes as f64,
                    };
                }
            }
        }
    }
    table
}

impl Judgement {
    /// As it is reported.
    pub(super) fn findings(self, records: &dyn Records, shown: usize) -> LabelFindings {
        let mut doubtful: Vec<&JudgedRecord> = self
            .judged
            .iter()
            .filter(|judged| judged.doubtful)
            .collect();
        doubtful.sort_by(|a, b| {
            let confidence = a.self_confidence.total_cmp(&b.self_confidence);
            confidence.then(a.record.cmp(&b.record))
        });
        let total = doubtful.len() as u64;
        let name = |class: u32| {
            let name = self.classes.get(class as usize);
            bonafide_core::excerpt(name.map_or("", String::as_str), 120)
        };
        let named = doubtful.iter().take(shown).map(|judged| DoubtfulLabel {
            record: records.name(judged.record),
            given: name(judged.given),
            suggested: name(judged.suggested),
            self_confidence: f64::from(judged.self_confidence),
        });
        // The probe agrees where no other class is more probable than the given one.
        let agreeing = self.judged.iter().filter(|judged| judged.agrees).count();
        let found = DoubtfulLabels {
            records: self.judged.len() as u64,
            classes: self.classes.len() as u64,
            left_out: self.left_out,
            agreement: agreeing as f64 / self.judged.len().max(1) as f64,
            doubtful: Sample {
                total,
                shown: named.collect(),
            },
        };
        LabelFindings {
            doubtful: found,
            classes: self.classes,
            judged: self.judged,
        }
    }
}
