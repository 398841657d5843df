//! From rows to the answer that is given.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;

use super::census::{Census, Counter};
use super::clusters::{Clusters, Extent, describe};
use super::key::Keyed;
use super::marks::Marks;
use super::{Cluster, Duplicates, Likeness};
use crate::spill::{Ledger, Table};
use crate::{Answer, DatasetError, Records, Sample, is_textual};

/// All that was read of the records.
pub(crate) struct Gathered<'a> {
    pub(crate) records: &'a dyn Records,
    pub(crate) ledger: &'a Ledger,
    pub(crate) keyed: &'a Keyed,
    pub(crate) label: Option<&'a str>,
    pub(crate) workers: NonZeroUsize,
    pub(crate) extent: Extent,
    pub(crate) census: Census<'a>,
    pub(crate) counters: Vec<Counter>,
    pub(crate) marks: Marks<'a>,
}

impl Gathered<'_> {
    /// Clusters of the rows of a table, of this many records.
    pub(crate) fn clusters(
        self,
        table: &Table<'_, 4>,
        likeness: Likeness,
        compared: u64,
        empty: u64,
        crowded: u64,
    ) -> Result<Answer<Duplicates>, DatasetError> {
        let (ledger, workers, extent) = (self.ledger, self.workers, self.extent);
        let few = match compared {
            0 => Some("there are no records with anything to compare"),
            1 => Some("there is one record, and nothing to compare it with"),
            _ => None,
        };
        if let Some(reason) = few {
            return Ok(Answer::Inconclusive(reason.to_owned()));
        }
        let Some(splits) = self.marks.splits() else {
            return Ok(Answer::Inconclusive(
                "there are more than 254 splits".to_owned(),
            ));
        };
        let clusters = Clusters::of(ledger, table, extent, workers)?;
        let (count, clustered) = (clusters.clusters, clusters.clustered);
        let lists = clusters.lists();
        let wanted: BTreeSet<[u64; 2]> = lists.iter().flat_map(|(_, keys)| keys).copied().collect();
        let details = describe(ledger, table, &wanted, extent, workers)?;
        let mut counted = self.census.finish(ledger, self.counters, workers)?;
        if let Some(column) = self.label {
            let mut labels: BTreeSet<u64> =
                counted.greatest.iter().map(|(label, _)| *label).collect();
            labels.extend(details.values().flat_map(|detail| detail.labels()));
            Census::name(
                self.keyed,
                self.records,
                column,
                &labels,
                &mut counted,
                workers,
            )?;
        }
        let list = |(total, keys): &(u64, Vec<[u64; 2]>)| Sample::<Cluster> {
            total: *total,
            shown: keys
                .iter()
                .filter_map(|key| details.get(key))
                .map(|detail| {
                    let called = |label| counted.called(label);
                    detail.named(self.records, called, &splits, extent)
                })
                .collect(),
        };
        let [largest, conflicts, leaks, growth] = &lists;
        let labels: BTreeMap<String, u64> = counted
            .greatest
            .iter()
            .map(|(label, count)| (counted.called(*label), *count))
            .collect();
        Ok(Answer::Known(Duplicates {
            records: compared,
            likeness,
            clusters: count,
            clustered,
            largest: list(largest),
            conflicts: list(conflicts),
            leaks: list(leaks),
            labels,
            growth: extent.growth.then(|| list(growth)),
            empty,
            crowded,
        }))
    }
}

/// Why the label column is of no use, if it is not.
pub(crate) fn unusable_label(records: &dyn Records, label: Option<&str>) -> Option<String> {
    let label = label?;
    records.shards().iter().find_map(|shard| {
        let field = shard.schema.field_with_name(label).ok()?;
        (!is_textual(field.data_type()) && !field.data_type().is_null()).then(|| {
            format!(
                "the label column `{label}` of `{}` holds no labels but {}",
                shard.name,
                field.data_type()
            )
        })
    })
}
