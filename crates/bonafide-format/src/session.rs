//! What is gathered while one file is inspected, and what it has cost so far.

use std::collections::BTreeMap;

use bonafide_core::RawName;

use crate::budget::InspectionBudget;
use crate::coverage::{Body, Span, State};
use crate::defect::Defect;
use crate::facts::Facts;
use crate::inspection::FileInspection;
use crate::pytorch::Expected;
use crate::relation::Links;
use crate::stop::Stop;

/// One file's inspection, under way.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) budget: InspectionBudget,
    pub(crate) facts: Facts,
    pub(crate) links: Links,
    pub(crate) bodies: Vec<Body>,
    /// What the pickle of an archive names of its storages, while one is read.
    pub(crate) expected: Option<Expected>,
    /// Where the body that is read starts in the file; none if it is no run of the file,
    /// but was unpacked or decoded.
    pub(crate) origin: Option<u64>,
    defects: Vec<Defect>,
    listed: BTreeMap<&'static str, u64>,
    unpacked: u64,
    steps: u64,
    /// Whether there were more bodies than the budget allows.
    left_out: bool,
}

impl Session {
    pub(crate) fn new(budget: InspectionBudget) -> Self {
        Self {
            budget,
            facts: Facts::default(),
            links: Links::default(),
            bodies: Vec::new(),
            expected: None,
            origin: Some(0),
            defects: Vec::new(),
            listed: BTreeMap::new(),
            unpacked: 0,
            steps: 0,
            left_out: false,
        }
    }

    /// Takes down a defect, or counts it.
    pub(crate) fn add(&mut self, defect: Defect) {
        let listed = self.listed.entry(defect.rule.slug).or_default();
        *listed += 1;
        if *listed <= self.budget.findings_of_a_rule as u64 {
            self.defects.push(defect);
        }
    }

    /// Takes `bytes` from what may be unpacked in all.
    pub(crate) fn unpack(&mut self, bytes: u64) -> Result<(), Stop> {
        self.unpacked = self.unpacked.saturating_add(bytes);
        within(self.unpacked, self.budget.unpacked, "unpacked bytes")
    }

    /// Counts work.
    pub(crate) fn work(&mut self, steps: u64) -> Result<(), Stop> {
        self.steps = self.steps.saturating_add(steps);
        within(self.steps, self.budget.steps, "steps")
    }

    /// Takes down that there is a body more than the budget allows.
    pub(crate) fn leave_out(&mut self) {
        self.left_out = true;
    }

    /// Lets a body stand for all that were left out: the last one that has any bytes.
    /// Only at the end, because one that is still read is given its spans when it is done.
    fn mark_left_out(&mut self) {
        let reason = format!(
            "more than {} parts: this one and others were not read",
            self.budget.bodies
        );
        let last = self.bodies.iter_mut().rev().find(|body| body.size > 0);
        if let Some(last) = last.filter(|_| self.left_out) {
            last.spans = vec![Span {
                range: 0..last.size,
                state: State::Skipped(reason),
            }];
        }
    }

    /// Ends it.
    pub(crate) fn finish(mut self, name: RawName, size: u64) -> FileInspection {
        self.mark_left_out();
        let most = self.budget.findings_of_a_rule as u64;
        let omitted = self.listed.into_iter();
        let omitted = omitted.filter_map(|(slug, count)| {
            let more = count.checked_sub(most)?;
            (more > 0).then_some((slug, more))
        });
        let mut inspection = FileInspection {
            name,
            size,
            bodies: self.bodies,
            defects: self.defects,
            omitted: omitted.collect(),
            facts: self.facts,
            links: self.links,
        };
        inspection.sort();
        inspection
    }
}

fn within(spent: u64, limit: u64, what: &'static str) -> Result<(), Stop> {
    if spent > limit {
        return Err(Stop::Exhausted { what, limit });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use bonafide_core::RawName;

    use crate::{Coverage, InspectionBudget, inspect};

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn what_is_left_out_shows_although_its_container_was_read() {
        let bytes = packed(&packed(b"cos\nsystem\n(S'true'\ntR."));
        let coverage = |bodies| {
            let budget = InspectionBudget {
                bodies,
                ..InspectionBudget::DEFAULT
            };
            inspect(&RawName::from("model.gz"), &bytes, &budget).coverage()
        };
        assert_eq!(coverage(3), Coverage::Scanned);
        assert_eq!(coverage(2), Coverage::Partly);
        assert_eq!(coverage(1), Coverage::Skipped);
    }
}
