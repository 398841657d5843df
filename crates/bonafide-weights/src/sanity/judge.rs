//! Makes what was seen into what is reported.

use bonafide_format::Tensor;

use super::collector::Collector;
use super::duplicate::{Candidate, duplicates};
use super::element::Element;
use super::layout::Extent;
use super::partial::Whole;
use super::{Anomaly, Sanity, TensorAnomaly};
use crate::file::WeightFile;

/// Most anomalies that are listed.
const MOST_LISTED: usize = 1000;

/// Most tensors and files whose numbers were not looked at that are listed; the last entry
/// says how many more there are.
const MOST_UNREAD: usize = 1000;

impl Collector {
    /// Says what is wrong with what has passed, and what has not. The files are those that the
    /// collector was made of; they are read again only where two tensors look the same.
    #[must_use]
    pub fn finish(&self, files: &[WeightFile<'_>]) -> Sanity {
        judge(self, files, &[])
    }
}

/// The same, with files that could not be read: number, offset, why.
pub(super) fn judge(
    collector: &Collector,
    files: &[WeightFile<'_>],
    failures: &[(usize, u64, String)],
) -> Sanity {
    let mut account = Account::default();
    let mut candidates = Vec::new();
    for (number, (file, passing)) in files.iter().zip(&collector.files).enumerate() {
        let failure = failures.iter().find(|failure| failure.0 == number);
        let failure = failure.map(|(_, _, why)| why.as_str());
        let name = |tensor: usize| file.tensors.get(tensor).map(|tensor| shown(&tensor.name));
        let mut found: Vec<(usize, Anomaly)> = Vec::new();
        let mut unread = passing.layout.unread.clone();
        account.sanity.tensors += passing.layout.empty;
        let results = collector.results(number);
        for (index, (extent, whole)) in passing.layout.extents.iter().zip(results).enumerate() {
            let Some(whole) = whole else {
                let why = failure.unwrap_or("not all of its bytes were read as they were listed");
                let tensors = extent.tensors.iter();
                unread.extend(tensors.map(|tensor| (*tensor, why.to_owned())));
                continue;
            };
            let length = (extent.range.end - extent.range.start) / extent.element.bytes() as u64;
            for tensor in &extent.tensors {
                account.sanity.tensors += 1;
                account.sanity.numbers += u128::from(length) * u128::from(extent.element.numbers());
                let anomalies = file
                    .tensors
                    .get(*tensor)
                    .map(|tensor| of(extent, whole, tensor));
                let anomalies = anomalies.into_iter().flatten();
                found.extend(anomalies.map(|anomaly| (*tensor, anomaly)));
            }
            let varies = whole.constant.is_none() && whole.glance.largest > 0;
            if extent.usual.report_duplicate && varies {
                candidates.push(Candidate {
                    file: number,
                    extent: index,
                    range: extent.range.clone(),
                    element: extent.element,
                });
            }
        }
        for (tensor, anomaly) in found {
            account.add((number, tensor), &file.name, name(tensor), anomaly);
        }
        unread.sort();
        for (tensor, why) in unread {
            let name = format!("{}: {}", file.name, name(tensor).unwrap_or_default());
            account.unread(name, why);
        }
    }
    let first = |candidate: &Candidate| {
        let passing = collector.files.get(candidate.file)?;
        let extent = passing.layout.extents.get(candidate.extent)?;
        let tensor = *extent.tensors.first()?;
        let file = files.get(candidate.file)?;
        Some((file, tensor, shown(&file.tensors.get(tensor)?.name)))
    };
    let (pairs, unread) = duplicates(files, candidates);
    for (later, earlier) in pairs {
        let (Some(later_at), Some(earlier_at)) = (first(&later), first(&earlier)) else {
            continue;
        };
        let of = if later.file == earlier.file {
            earlier_at.2
        } else {
            format!("{}: {}", earlier_at.0.name, earlier_at.2)
        };
        let place = (later.file, later_at.1);
        account.add(
            place,
            &later_at.0.name,
            Some(later_at.2),
            Anomaly::Duplicate { of },
        );
    }
    for (candidate, why) in unread {
        if let Some((file, _, name)) = first(&candidate) {
            let why = format!("not held against others of its length: {why}");
            account.unread(format!("{}: {name}", file.name), why);
        }
    }
    account.finish()
}

/// What is wrong with a tensor on its own.
fn of(extent: &Extent, whole: Whole, tensor: &Tensor) -> Vec<Anomaly> {
    let usual = extent.usual;
    let mut found = Vec::new();
    if whole.glance.not_a_number > 0 {
        let count = whole.glance.not_a_number;
        found.push(Anomaly::NotANumber { count });
    }
    if whole.glance.infinite > 0 && usual.report_infinite {
        let count = whole.glance.infinite;
        found.push(Anomaly::Infinite { count });
    }
    let is_finite = whole.glance.not_a_number == 0 && whole.glance.infinite == 0;
    let (number, has_zero) = match extent.element {
        Element::Number(number) => (Some(number), number.has_zero),
        Element::Block(block) => (None, block.number.has_zero),
    };
    let is_zero = has_zero && whole.glance.largest == 0;
    if is_zero {
        if usual.report_zero {
            found.push(Anomaly::AllZero);
        }
    } else if let (Some(bits), Some(number)) = (whole.constant, number) {
        if usual.report_constant && is_finite {
            let value = number.value(&tensor.dtype, bits);
            found.push(Anomaly::Constant { value });
        }
    } else if let Some(fewest) = usual.fewest_rows
        && whole.dead >= fewest
    {
        let (count, of) = (whole.dead, extent.rows);
        found.push(Anomaly::DeadRows { count, of });
    }
    found
}

fn shown(name: &str) -> String {
    bonafide_core::excerpt(name, 200)
}

/// What is listed, and what is counted only.
#[derive(Debug, Default)]
struct Account {
    sanity: Sanity,
    anomalies: Vec<((usize, usize), TensorAnomaly)>,
    more_unread: u64,
}

impl Account {
    fn add(&mut self, place: (usize, usize), file: &str, tensor: Option<String>, anomaly: Anomaly) {
        let anomaly = TensorAnomaly {
            file: file.to_owned(),
            tensor: tensor.unwrap_or_default(),
            anomaly,
        };
        self.anomalies.push((place, anomaly));
    }

    fn unread(&mut self, name: String, why: String) {
        if self.sanity.unread.len() < MOST_UNREAD {
            self.sanity.unread.push((name, why));
        } else {
            self.more_unread += 1;
        }
    }

    fn finish(mut self) -> Sanity {
        // Stable, so that several of a tensor stay in their order.
        self.anomalies.sort_by_key(|(place, _)| *place);
        let all = self.anomalies.len();
        self.sanity.omitted = all.saturating_sub(MOST_LISTED) as u64;
        let listed = self.anomalies.into_iter().take(MOST_LISTED);
        self.sanity.anomalies = listed.map(|(_, anomaly)| anomaly).collect();
        if self.more_unread > 0 {
            let name = format!("{} more", self.more_unread);
            let why = "not looked at, and too many to be listed".to_owned();
            self.sanity.unread.push((name, why));
        }
        self.sanity
    }
}
