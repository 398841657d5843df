//! The client: asks the questions, and puts the answers together.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use bonafide_dataset::shift::Population;
use bonafide_dataset::{Answer, Sample};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::execution::context::SQLOptions;
use datafusion::prelude::SessionContext;

use crate::answer::{Row, rows};
use crate::rows::{Prepared, prepare};
use crate::session::connect;
use crate::sql::Only;
use crate::{Address, ClusterError, Equal, Exposure, Found, Scan, Shards};

/// Most values of a column that are listed.
const MOST_VALUES: usize = 1_000;

/// Most rows about the members of clusters that are shown.
const MOST_MEMBERS: usize = 65_536;

/// Which columns are what.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Columns {
    /// The column with the label: text, whole numbers or truth values.
    pub label: Option<String>,
    /// The column that names each record, so that no two are equal in it.
    pub key: Option<String>,
    /// Columns to compare records by; all but label and key if empty.
    pub text: Vec<String>,
    /// Columns whose values are counted.
    pub attributes: Vec<String>,
}

impl Columns {
    pub(crate) fn named(&self) -> impl Iterator<Item = &str> {
        let lists = self.text.iter().chain(&self.attributes);
        let all = self.label.iter().chain(&self.key).chain(lists);
        all.map(String::as_str)
    }

    /// An error if a column has two uses that exclude each other.
    pub(crate) fn once(&self) -> Result<(), ClusterError> {
        let uses = [
            (self.label.as_slice(), "the label"),
            (self.key.as_slice(), "the key"),
            (self.text.as_slice(), "compared"),
        ];
        for (number, (names, one)) in uses.iter().enumerate() {
            for (other_names, other) in uses.iter().skip(number + 1) {
                if let Some(name) = names.iter().find(|name| other_names.contains(name)) {
                    return Err(ClusterError::TwoUses {
                        name: name.clone(),
                        one,
                        other,
                    });
                }
            }
        }
        Ok(())
    }
}

/// What to look at, and by whom.
#[derive(Debug, Clone)]
pub struct Request {
    /// A Parquet file, or a folder with such files, which the scheduler and all executors
    /// see at the same path.
    pub root: PathBuf,
    /// What its columns are.
    pub columns: Columns,
    /// The scheduler.
    pub scheduler: Address,
    /// What protects the connection to it.
    pub exposure: Exposure,
    /// Into how many parts tables are divided; at least as many as there are tasks that
    /// executors do at a time.
    pub partitions: usize,
    /// How many clusters of each kind are shown.
    pub examples: usize,
    /// How long to wait for everything, in seconds.
    pub timeout_seconds: u64,
}

/// Asks the cluster for equal records, conflicting labels, overlap of splits, and counts.
pub async fn scan(request: &Request) -> Result<Scan, ClusterError> {
    let shards = Shards::find(&request.root)?;
    let context = connect(&request.scheduler, &request.exposure, request.partitions)?;
    let asked = ask(&context, &shards, &request.columns, request.examples);
    tokio::time::timeout(Duration::from_secs(request.timeout_seconds), asked)
        .await
        .map_err(|_| ClusterError::TimedOut {
            what: "the dataset's scan",
            seconds: request.timeout_seconds,
        })?
}

/// The same, of whatever engine `context` has.
pub(crate) async fn ask(
    context: &SessionContext,
    shards: &Shards,
    columns: &Columns,
    examples: usize,
) -> Result<Scan, ClusterError> {
    let prepared = prepare(context, shards, columns).await?;
    let totals = answer(context, &prepared.rows.totals()).await?;
    let totals = first(&totals, "records")?;
    let records = totals.number("records")?;
    if records != shards.declared() {
        return Err(ClusterError::Engine {
            what: "not every record was seen",
            reason: format!(
                "the files declare {}, and the cluster read {records}; does every executor \
                 see them at the same path, unchanged?",
                shards.declared()
            ),
        });
    }
    let mut scan = Scan {
        files: shards.shards.len() as u64,
        skipped: shards.skipped.clone(),
        compared: prepared.compared.clone(),
        duplicates: Answer::Inconclusive(match records {
            0 => "there is no record".to_owned(),
            _ => "there is one record, and nothing to compare it with".to_owned(),
        }),
        populations: Vec::new(),
    };
    if records < 2 {
        return Ok(scan);
    }
    let mut shown = Shown::default();
    let largest = shown.add(
        context,
        &prepared,
        Only::All,
        examples,
        totals.number("clusters")?,
    );
    let largest = largest.await?;
    let conflicts = totals.number("conflicts")?;
    let conflicts = shown.add(context, &prepared, Only::Conflicts, examples, conflicts);
    let conflicts = conflicts.await?;
    let leaks = shown.add(
        context,
        &prepared,
        Only::Leaks,
        examples,
        totals.number("leaks")?,
    );
    let leaks = leaks.await?;
    shown.fill(context, &prepared).await?;
    let labels = match columns.label {
        Some(_) => population(context, &prepared, "label", "label", records).await?,
        None => Population::default(),
    };
    scan.duplicates = Answer::Known(Equal {
        records,
        empty: totals.number("empty")?,
        clusters: totals.number("clusters")?,
        clustered: totals.number("clustered")?,
        largest: shown.sample(largest),
        conflicts: shown.sample(conflicts),
        leaks: shown.sample(leaks),
        labels: labels.values,
    });
    let split = population(context, &prepared, "split", "split", records).await?;
    scan.populations.push(split);
    for (number, name) in prepared.attributes.iter().enumerate() {
        let column = format!("a{number}");
        let counted = population(context, &prepared, &column, name, records).await?;
        scan.populations.push(counted);
    }
    Ok(scan)
}

/// Values of the columns that records are compared by, as the engine shows them.
type Values = Vec<Option<String>>;

fn values(row: &Row<'_>, keys: usize) -> Result<Values, ClusterError> {
    (0..keys).map(|key| row.text(&format!("k{key}"))).collect()
}

/// Clusters that are shown, each once however often that is.
#[derive(Debug, Default)]
struct Shown {
    clusters: BTreeMap<Values, Found>,
}

impl Shown {
    /// Finds the largest for which `only` holds, of which there are `total`.
    async fn add(
        &mut self,
        context: &SessionContext,
        prepared: &Prepared,
        only: Only,
        most: usize,
        total: u64,
    ) -> Result<Sample<Values>, ClusterError> {
        let mut sample = Sample {
            total,
            shown: Vec::new(),
        };
        if total == 0 || most == 0 {
            return Ok(sample);
        }
        let query = prepared.rows.largest(only, &prepared.hashed, most);
        for row in rows(&answer(context, &query).await?) {
            let values = values(&row, prepared.rows.keys)?;
            let records = row.number("n")?;
            let cluster = self.clusters.entry(values.clone());
            cluster.or_insert_with(|| Found {
                equal: prepared.named(&values),
                records,
                ..Found::default()
            });
            sample.shown.push(values);
        }
        Ok(sample)
    }

    /// Counts their labels and splits.
    async fn fill(
        &mut self,
        context: &SessionContext,
        prepared: &Prepared,
    ) -> Result<(), ClusterError> {
        if self.clusters.is_empty() {
            return Ok(());
        }
        let keys: Vec<Values> = self.clusters.keys().cloned().collect();
        let query = prepared.rows.members(&keys, &prepared.hashed, MOST_MEMBERS);
        for row in rows(&answer(context, &query).await?) {
            let values = values(&row, prepared.rows.keys)?;
            let members = row.number("n")?;
            let Some(cluster) = self.clusters.get_mut(&values) else {
                continue;
            };
            if let Some(label) = row.text("label")? {
                *cluster.labels.entry(label).or_default() += members;
            }
            if let Some(split) = row.text("split")? {
                *cluster.splits.entry(split).or_default() += members;
            }
        }
        Ok(())
    }

    fn sample(&self, keys: Sample<Values>) -> Sample<Found> {
        let clusters = keys.shown.iter().filter_map(|key| self.clusters.get(key));
        Sample {
            total: keys.total,
            shown: clusters.cloned().collect(),
        }
    }
}

impl Prepared {
    /// Values with the names of their columns, hashes marked as such.
    fn named(&self, values: &Values) -> BTreeMap<String, Option<String>> {
        let named = self.compared.iter().zip(&self.hashed).zip(values);
        named
            .map(|((name, hashed), value)| {
                let value = value.as_ref().map(|value| match hashed {
                    true => format!("sha256:{value}"),
                    false => value.clone(),
                });
                (name.clone(), value)
            })
            .collect()
    }
}

/// `column` of our rows, which is `name` in the dataset.
async fn population(
    context: &SessionContext,
    prepared: &Prepared,
    column: &str,
    name: &str,
    records: u64,
) -> Result<Population, ClusterError> {
    let present = answer(context, &prepared.rows.present(column)).await?;
    let present = first(&present, "n")?.number("n")?;
    let batches = answer(context, &prepared.rows.population(column, MOST_VALUES)).await?;
    let mut values = BTreeMap::new();
    for row in rows(&batches) {
        if let Some(value) = row.text("value")? {
            values.insert(value, row.number("n")?);
        }
    }
    let listed: u64 = values.values().sum();
    Ok(Population {
        column: name.to_owned(),
        others: present.saturating_sub(listed),
        null: records.saturating_sub(present),
        values,
    })
}

fn first<'a>(batches: &'a [RecordBatch], column: &str) -> Result<Row<'a>, ClusterError> {
    rows(batches).next().ok_or_else(|| ClusterError::Answer {
        column: column.to_owned(),
    })
}

async fn answer(context: &SessionContext, query: &str) -> Result<Vec<RecordBatch>, ClusterError> {
    // Should a name ever get out of its quotes, it still makes nothing but a question.
    let questions = SQLOptions::new()
        .with_allow_ddl(false)
        .with_allow_dml(false)
        .with_allow_statements(false);
    context
        .sql_with_options(query, questions)
        .await
        .map_err(ClusterError::engine("cannot plan the query"))?
        .collect()
        .await
        .map_err(ClusterError::engine("the query failed"))
}

#[cfg(test)]
mod tests;
