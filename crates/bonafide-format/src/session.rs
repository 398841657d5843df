//! What is gathered while one file is inspected, and what it has cost so far.

use std::collections::BTreeMap;

use bonafide_core::RawName;

use crate::budget::InspectionBudget;
use crate::coverage::Body;
use crate::defect::Defect;
use crate::facts::Facts;
use crate::inspection::FileInspection;
use crate::pytorch::Storage;
use crate::relation::Links;
use crate::stop::Stop;

/// One file's inspection, under way.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) budget: InspectionBudget,
    pub(crate) facts: Facts,
    pub(crate) links: Links,
    pub(crate) bodies: Vec<Body>,
    /// Storages that the pickle of an archive names, while one is read.
    pub(crate) storages: Option<Vec<Storage>>,
    defects: Vec<Defect>,
    listed: BTreeMap<&'static str, u64>,
    unpacked: u64,
    steps: u64,
}

impl Session {
    pub(crate) fn new(budget: InspectionBudget) -> Self {
        Self {
            budget,
            facts: Facts::default(),
            links: Links::default(),
            bodies: Vec::new(),
            storages: None,
            defects: Vec::new(),
            listed: BTreeMap::new(),
            unpacked: 0,
            steps: 0,
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

    /// Ends it.
    pub(crate) fn finish(self, name: RawName, size: u64) -> FileInspection {
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
