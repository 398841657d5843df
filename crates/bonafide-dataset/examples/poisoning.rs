//! Runs the statistical checks over records in JSON Lines, for `benchmarks/poisoning`.
//!
//! `poisoning scan FILE [WORKERS]`: lines of `{"text": …, "features": […], "label": …, "added": …}`;
//! prints what is found as JSON, with candidates of any score.
//!
//! `poisoning confident FILE`: lines of `{"probabilities": […], "labels": […], "filter": …}`;
//! prints for each line the records whose label is doubtful.
#![allow(clippy::print_stdout, reason = "its output is its purpose")]
#![allow(
    clippy::indexing_slicing,
    reason = "a member that a line does not have is null; columns are made here"
)]

use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Instant;

use arrow_array::builder::{BooleanBuilder, Float64Builder, ListBuilder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::{ArrayRef, RecordBatch};
use bonafide_dataset::labels::{self, LabelOptions, confident};
use bonafide_dataset::triggers::{self, TriggerOptions};
use bonafide_dataset::{Answer, Batch, DatasetBudget, Memory, RecordId, Roles};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["scan", file] => scan(file, NonZeroUsize::MIN),
        ["scan", file, workers] => scan(file, workers.parse()?),
        ["confident", file] => issues(file),
        _ => Err("usage: poisoning scan FILE [WORKERS] | poisoning confident FILE".into()),
    }
}

fn lines(file: &str) -> Result<Vec<Value>, Box<dyn Error>> {
    let mut values = Vec::new();
    for line in BufReader::new(File::open(file)?).lines() {
        values.push(serde_json::from_str(&line?)?);
    }
    Ok(values)
}

fn issues(file: &str) -> Result<(), Box<dyn Error>> {
    for line in lines(file)? {
        let probabilities: Vec<f64> = serde_json::from_value(line["probabilities"].clone())?;
        let labels: Vec<u32> = serde_json::from_value(line["labels"].clone())?;
        let filter: confident::Filter = serde_json::from_value(line["filter"].clone())?;
        let found = confident::issues(&probabilities, &labels, filter)?;
        println!("{}", json!(found));
    }
    Ok(())
}

/// Columns `text`, `features`, `label` and `added`, as far as any line has them.
fn read(file: &str) -> Result<(RecordBatch, Roles), Box<dyn Error>> {
    let lines = lines(file)?;
    let mut text = StringBuilder::new();
    let mut label = StringBuilder::new();
    let mut added = BooleanBuilder::new();
    let mut features = ListBuilder::new(Float64Builder::new());
    for line in &lines {
        text.append_option(line["text"].as_str());
        label.append_option(line["label"].as_str());
        added.append_value(line["added"].as_bool().unwrap_or(false));
        if let Some(values) = line["features"].as_array() {
            for value in values {
                features.values().append_option(value.as_f64());
            }
        }
        features.append(line["features"].is_array());
    }
    let has = |name: &str| lines.iter().any(|line| !line[name].is_null());
    let mut columns: Vec<(&str, ArrayRef)> = vec![
        ("label", Arc::new(label.finish())),
        ("added", Arc::new(added.finish())),
    ];
    let mut roles = Roles {
        label: Some("label".into()),
        ..Roles::default()
    };
    if has("text") {
        columns.push(("text", Arc::new(text.finish())));
        roles.text.push("text".into());
    }
    if has("features") {
        columns.push(("features", Arc::new(features.finish())));
        roles.features.push("features".into());
    }
    Ok((RecordBatch::try_from_iter(columns)?, roles))
}

fn scan(file: &str, workers: NonZeroUsize) -> Result<(), Box<dyn Error>> {
    let (batch, roles) = read(file)?;
    let any = (0..batch.num_rows()).any(|row| batch["added"].as_boolean().value(row));
    let records = Memory::new(vec![("r", None, batch)]);
    let budget = DatasetBudget::DEFAULT;
    let begun = Instant::now();
    let options = LabelOptions {
        shown: usize::MAX,
        ..LabelOptions::DEFAULT
    };
    let found = labels::find(&records, &roles, &options, workers, &budget)?;
    let judged = begun.elapsed();
    // What the threshold should be is what is measured, so all scores are wanted.
    let options = TriggerOptions {
        threshold: 0.0,
        shown: 300,
        ..TriggerOptions::DEFAULT
    };
    let (labels, candidates, suspected) = match &found {
        Answer::Known(found) => {
            let options = &options;
            let candidates = triggers::find(&records, &roles, found, options, workers, &budget)?;
            let judged = found.judged.iter();
            let suspected: Vec<RecordId> = judged
                .filter(|judged| judged.doubtful || !judged.agrees)
                .map(|judged| judged.record)
                .collect();
            (json!(found.doubtful), json!(candidates), suspected)
        }
        Answer::Inconclusive(why) => (json!({ "inconclusive": why }), Value::Null, Vec::new()),
    };
    let counted = begun.elapsed();
    let new = |batch: &Batch| {
        let added = batch.records["added"].as_boolean();
        (0..added.len()).map(|row| added.value(row)).collect()
    };
    let added = match any {
        true => json!(triggers::added(
            &records, &roles, &new, &options, workers, &budget
        )?),
        false => Value::Null,
    };
    let suspected: Vec<u64> = suspected.iter().map(|id| id.record).collect();
    let answer = json!({
        "labels": labels, "suspected": suspected, "triggers": candidates, "added": added,
        "seconds": { "labels": judged.as_secs_f64(), "triggers": (counted - judged).as_secs_f64() },
    });
    println!("{answer}");
    Ok(())
}
