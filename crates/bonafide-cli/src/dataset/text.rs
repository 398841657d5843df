//! What a scan found, for people. Names and excerpts of records were escaped where they
//! were read.

use std::fmt::Write as _;

use bonafide_engine::{
    Analysis, Basis, CheckedProof, Cluster, DatasetScan, DeclaredSchema, Difference, Duplicates,
    Examination, Likeness, Look, ManifestRequest, RECORD_MANIFEST_TYPE, RawName, Sample,
    WrittenManifest,
};

/// Most of a list that is shown.
const SHOWN: usize = 5;

/// Ways to look that were asked for and could not be done, with why.
pub(crate) fn undone(examination: &Examination) -> impl Iterator<Item = (Analysis, &str)> {
    fn why<T>(analysis: Analysis, look: &Look<T>) -> Option<(Analysis, &str)> {
        match look {
            Look::Unable(reason) => Some((analysis, reason)),
            Look::Known(_) | Look::NotAsked => None,
        }
    }
    [
        why(Analysis::Duplicates, &examination.duplicates),
        why(Analysis::Similar, &examination.similar),
        why(Analysis::Payload, &examination.payload),
        why(Analysis::Content, &examination.content),
        why(Analysis::Labels, &examination.labels),
        why(Analysis::Triggers, &examination.triggers),
        why(Analysis::Delta, &examination.delta),
        why(Analysis::Shift, &examination.shift),
    ]
    .into_iter()
    .flatten()
}

/// Everything on one screen or two.
pub(crate) fn scan(scan: &DatasetScan) -> String {
    let found = &scan.examination;
    let mut text = String::new();
    shards(&mut text, found);
    if let Some(earlier) = &found.earlier {
        let whose = match scan.unverified_previous {
            true => "; who signed it was not looked at",
            false => "",
        };
        let _ = writeln!(
            text,
            "Compared with a version of {} records; {} were added since{whose}",
            earlier.records, earlier.added
        );
    }
    for schema in &scan.declared {
        declared(&mut text, schema);
    }
    if let Some(duplicates) = found.duplicates.known() {
        groups(&mut text, "Equal records", duplicates);
    }
    if let Some(similar) = found.similar.known() {
        groups(&mut text, "Nearly equal records", similar);
    }
    payload(&mut text, found);
    content(&mut text, found);
    labels(&mut text, found);
    candidates(&mut text, found);
    shifts(&mut text, found);
    let mut undone = undone(found).peekable();
    if undone.peek().is_some() {
        text.push_str("\nNot done\n");
    }
    for (analysis, reason) in undone {
        let _ = writeln!(text, "  {analysis}: {reason}");
    }
    text.push_str(
        "\nDoubtful labels, trigger candidates and shifts are for people to look at: none of them \
         proves an attack, and their absence proves nothing.\n",
    );
    text
}

fn shards(text: &mut String, found: &Examination) {
    text.push_str("Records\n");
    for shard in found.shards.iter().take(4 * SHOWN) {
        let split = match &shard.split {
            Some(split) => format!(", split `{split}`"),
            None => String::new(),
        };
        let declared = match shard.declared {
            Some(records) => format!(", {records} records"),
            None => String::new(),
        };
        let name = match shard.name.as_str() {
            "" => ".",
            name => name,
        };
        let _ = writeln!(text, "  {name} ({}{split}{declared})", shard.format);
    }
    let more = found.shards.len().saturating_sub(4 * SHOWN);
    if more > 0 {
        let _ = writeln!(text, "  and {more} more shards");
    }
    let roles = &found.roles;
    let mut said = Vec::new();
    if !roles.text.is_empty() {
        said.push(format!("text `{}`", roles.text.join("`, `")));
    }
    if !roles.features.is_empty() {
        said.push(format!("features in {} columns", roles.features.len()));
    }
    for (role, column) in [
        ("label", &roles.label),
        ("key", &roles.key),
        ("bytes", &roles.bytes),
        ("source", &roles.source),
        ("url", &roles.url),
        ("content hash", &roles.content_hash),
        ("time", &roles.time),
        ("revision", &roles.revision),
    ] {
        if let Some(column) = column {
            said.push(format!("{role} `{column}`"));
        }
    }
    let _ = writeln!(text, "  columns: {}", said.join(", "));
    if !found.skipped.is_empty() {
        let names: Vec<&str> = found
            .skipped
            .iter()
            .take(SHOWN)
            .map(|(name, _)| name.as_str())
            .collect();
        let more = found.skipped.len().saturating_sub(names.len());
        let more = match more {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let _ = writeln!(text, "  no records in {}{more}", names.join(", "));
    }
}

fn declared(text: &mut String, schema: &DeclaredSchema) {
    let agreement = &schema.agreement;
    let _ = writeln!(
        text,
        "\nDeclared in {}\n  {} fields compared with columns",
        schema.document, agreement.compared
    );
    for missing in &agreement.missing {
        let _ = writeln!(
            text,
            "  `{}`: there is no column `{}`",
            missing.field, missing.column
        );
    }
    for other in &agreement.other_types {
        let _ = writeln!(
            text,
            "  `{}`: declared as {}, and `{}` is {}",
            other.field,
            other.declared.join(" or "),
            other.column,
            other.found.as_deref().unwrap_or("nothing")
        );
    }
    for (column, shards) in &agreement.undeclared {
        let _ = writeln!(
            text,
            "  column `{column}` is not declared: {}",
            few(shards, Clone::clone)
        );
    }
    for (title, splits) in [
        ("declared and not there", &agreement.missing_splits),
        ("there and not declared", &agreement.undeclared_splits),
    ] {
        if !splits.is_empty() {
            let _ = writeln!(text, "  splits {title}: `{}`", splits.join("`, `"));
        }
    }
    for (field, reason) in &agreement.uncompared {
        let _ = writeln!(text, "  `{field}` is not compared: {reason}");
    }
    if schema.is_live {
        text.push_str("  it is live data, which may have no digests\n");
    }
    if !schema.has_licence {
        text.push_str("  it names no licence\n");
    }
    if !schema.without_digest.is_empty() {
        let _ = writeln!(
            text,
            "  files without SHA-256: {}",
            schema.without_digest.len()
        );
    }
    for disagreement in &schema.bill_disagreements {
        let _ = writeln!(text, "  {disagreement}");
    }
}

fn groups(text: &mut String, title: &str, found: &Duplicates) {
    let how = match found.likeness {
        Likeness::Equal => String::new(),
        Likeness::Similar {
            jaccard,
            permutations,
        } => format!(" (Jaccard similarity from {jaccard}, {permutations} permutations)"),
    };
    let _ = writeln!(
        text,
        "\n{title}{how}\n  {} of {} records are in {} groups",
        found.clustered, found.records, found.clusters
    );
    clusters(text, "groups with several labels", &found.conflicts);
    clusters(text, "groups in several splits", &found.leaks);
    if let Some(growth) = &found.growth {
        clusters(text, "groups that grew", growth);
    }
    clusters(text, "largest", &found.largest);
}

fn clusters(text: &mut String, title: &str, sample: &Sample<Cluster>) {
    if sample.total == 0 {
        return;
    }
    let _ = writeln!(text, "  {title}: {}", sample.total);
    for cluster in sample.shown.iter().take(SHOWN) {
        let mut what = Vec::new();
        if cluster.labels.len() > 1 {
            what.push(counts(&cluster.labels));
        }
        if cluster.splits.len() > 1 {
            what.push(counts(&cluster.splits));
        }
        if let Some(added) = cluster.added.filter(|added| *added > 0) {
            what.push(format!("{added} added"));
        }
        let what = match what.is_empty() {
            true => String::new(),
            false => format!(" ({})", what.join("; ")),
        };
        let _ = writeln!(
            text,
            "    {} records{what}: {}",
            cluster.members.total,
            few(&cluster.members, Clone::clone)
        );
    }
}

fn counts(counts: &std::collections::BTreeMap<String, u64>) -> String {
    let shown = counts.iter().take(SHOWN);
    let shown: Vec<String> = shown
        .map(|(value, count)| format!("`{value}` {count}"))
        .collect();
    shown.join(", ")
}

/// The first of a sample, and how many more there are.
fn few<T>(sample: &Sample<T>, say: impl Fn(&T) -> String) -> String {
    let shown: Vec<String> = sample.shown.iter().take(SHOWN).map(say).collect();
    match sample.total.saturating_sub(shown.len() as u64) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

fn payload(text: &mut String, found: &Examination) {
    let Some(payload) = found.payload.known() else {
        return;
    };
    let _ = writeln!(
        text,
        "\nHidden in records\n  {} records looked at",
        payload.records
    );
    for found in &payload.found {
        let kind = serde_json::to_value(found.kind).unwrap_or_default();
        let shown = few(&found.records, |(record, excerpt)| {
            format!("{record} `{excerpt}`")
        });
        let _ = writeln!(
            text,
            "  {}: {} records: {shown}",
            kind.as_str().unwrap_or_default(),
            found.records.total
        );
    }
    if !payload.unexamined.is_empty() {
        let _ = writeln!(text, "  not looked into: {}", payload.unexamined.join(", "));
    }
}

fn content(text: &mut String, found: &Examination) {
    let Some(index) = found.content.known() else {
        return;
    };
    let _ = writeln!(
        text,
        "\nContent elsewhere\n  {} records with an address: {} without a hash, {} with something else, {} as hashed, {} not as hashed, {} not at hand",
        index.addressed,
        index.without_hash.total,
        index.malformed_hash.total,
        index.matching,
        index.mismatching.total,
        index.absent
    );
    if index.mismatching.total > 0 {
        let _ = writeln!(
            text,
            "  not as hashed: {}",
            few(&index.mismatching, Clone::clone)
        );
    }
    if let Some(capture) = &index.capture {
        let before: Vec<String> = capture
            .before_latest
            .iter()
            .map(|(seconds, records)| format!("{records} in the last {} h", seconds / 3_600))
            .collect();
        let _ = writeln!(
            text,
            "  times in `{}`: {}",
            capture.column,
            before.join(", ")
        );
    }
}

fn labels(text: &mut String, found: &Examination) {
    let Some(labels) = found.labels.known() else {
        return;
    };
    let _ = writeln!(
        text,
        "\nDoubtful labels\n  {} of {} records in {} classes; the probe agrees with {:.1} % of the labels",
        labels.doubtful.total,
        labels.records,
        labels.classes,
        100.0 * labels.agreement
    );
    for label in labels.doubtful.shown.iter().take(SHOWN) {
        let _ = writeln!(
            text,
            "    {}: `{}`, perhaps `{}`",
            label.record, label.given, label.suggested
        );
    }
    for (reason, count) in &labels.left_out {
        let _ = writeln!(text, "  {count} records left out: {reason}");
    }
}

fn candidates(text: &mut String, found: &Examination) {
    for found in [&found.triggers, &found.delta]
        .into_iter()
        .filter_map(Look::known)
    {
        let basis = match found.basis {
            Basis::DoubtfulLabels => "records with doubtful labels",
            Basis::AddedRecords => "added records",
        };
        let _ = writeln!(
            text,
            "\nTrigger candidates in {basis}\n  {} of {} features in {} records, against {} others",
            found.candidates.total,
            found.features,
            found.suspected,
            found.records.saturating_sub(found.suspected)
        );
        for candidate in found.candidates.shown.iter().take(SHOWN) {
            let label = match &candidate.label {
                Some(label) => format!(" of label `{label}`"),
                None => String::new(),
            };
            let _ = writeln!(
                text,
                "    `{}`: in {}{label}, elsewhere {}; score {:.0}: {}",
                candidate.feature,
                candidate.inside,
                candidate.outside,
                candidate.score,
                few(&candidate.examples, Clone::clone)
            );
        }
    }
}

fn shifts(text: &mut String, found: &Examination) {
    let Some(shifts) = found.shift.known() else {
        return;
    };
    text.push_str("\nShares since the earlier version\n");
    for shift in shifts {
        let _ = writeln!(
            text,
            "  `{}`: population stability index {:.3}, chi-square {:.1} (p {:.3})",
            shift.column, shift.population_stability_index, shift.chi_square, shift.p_value
        );
        for (value, before, after) in shift.moved.iter().take(SHOWN) {
            let _ = writeln!(
                text,
                "    `{value}` from {:.1} % to {:.1} %",
                100.0 * before,
                100.0 * after
            );
        }
    }
}

/// What was written, and what to do with it.
pub(crate) fn manifest(request: &ManifestRequest, written: &WrittenManifest) -> String {
    let manifest = &written.manifest;
    let output = RawName::from(request.output.as_path());
    let list = RawName::from(written.list.as_path());
    let target = RawName::from(request.dataset.target.as_path());
    let mut text = format!(
        "{} records in {} shards, root {}\n  manifest: {output}\n  records:  {list}\n",
        manifest.records,
        manifest.shards.len(),
        manifest.root.hex()
    );
    if let Some(previous) = &manifest.previous {
        let _ = writeln!(
            text,
            "  since the version before: {} added, {} removed, {} changed, {} relabelled, {} moved to another split",
            previous.added, previous.removed, previous.changed, previous.relabelled, previous.moved
        );
    }
    let _ = writeln!(
        text,
        "\nTo sign it: bonafide attest {target} --predicate-type {RECORD_MANIFEST_TYPE} --predicate {output} --private-key KEY"
    );
    text
}

/// What two versions do not share.
pub(crate) fn difference(difference: &Difference) -> String {
    let mut text = format!(
        "{} records before, {} now; {} unchanged\n",
        difference.old_records, difference.new_records, difference.unchanged
    );
    let mut line = |title: &str, total: u64, shown: String| {
        if total > 0 {
            let _ = writeln!(text, "  {title}: {total}: {shown}");
        }
    };
    line(
        "added",
        difference.added.total,
        few(&difference.added, Clone::clone),
    );
    line(
        "removed",
        difference.removed.total,
        few(&difference.removed, Clone::clone),
    );
    let pair = |(old, new): &(String, String)| match old == new {
        true => old.clone(),
        false => format!("{old} as {new}"),
    };
    line(
        "changed",
        difference.changed.total,
        few(&difference.changed, pair),
    );
    line(
        "in another split",
        difference.moved.total,
        few(&difference.moved, pair),
    );
    let unknown = || "?".to_owned();
    line(
        "relabelled",
        difference.relabelled.total,
        few(&difference.relabelled, |record| {
            let from = record.from.clone().unwrap_or_else(unknown);
            let to = record.to.clone().unwrap_or_else(unknown);
            format!("{} from `{from}` to `{to}`", record.new)
        }),
    );
    line(
        "labels that went over",
        difference.label_flows.total,
        few(&difference.label_flows, |flow| {
            let from = flow.from.clone().unwrap_or_else(unknown);
            let to = flow.to.clone().unwrap_or_else(unknown);
            format!("{} from `{from}` to `{to}`", flow.records)
        }),
    );
    for column in &difference.columns {
        let _ = writeln!(text, "  {column}");
    }
    text
}

/// What a proof shows.
pub(crate) fn proof(checked: &CheckedProof) -> String {
    match &checked.failure {
        None => format!(
            "{} with the hash {} is in the dataset\n",
            checked.record, checked.hash
        ),
        Some(failure) => format!("not shown: {failure}\n"),
    }
}
