//! All tensors of a model against those of its bases.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::adapter::{inspect_adapter, is_adapter};
use crate::comparison::{Combination, Comparison, Rank, Relation, TensorChange};
use crate::dtype::Scheme;
use crate::file::WeightFile;
use crate::merge::{Products, fit};
use crate::names::{Entry, Tensors, may_be_permuted};
use crate::numbers::Numbers;
use crate::options::CompareOptions;
use crate::pair::{Pair, RowOrder, Scales, WITHIN, as_matrix};
use crate::relation::relation;
use crate::shown;

/// Rows of which scales are read.
const SCALES: u64 = 1 << 24;

/// What comparing one tensor gave.
enum Outcome {
    Equal,
    Changed(Box<TensorChange>),
    Uncompared(String),
}

/// Compares a model with the one it is said to be made from, or with several.
///
/// Changes are those against the first of the bases; the others are for
/// [`Combination`]. Tensors are matched by name, see the module of names for the renamings.
/// Both are streamed: what is held is bounded by the options, whatever the sizes. The result
/// is the same whatever the number of workers.
#[must_use]
pub fn compare(
    model: &[WeightFile<'_>],
    bases: &[(String, Vec<WeightFile<'_>>)],
    options: &CompareOptions,
    workers: NonZeroUsize,
) -> Comparison {
    let mut comparison = Comparison {
        bases: bases.iter().map(|(name, _)| name.clone()).collect(),
        equal: 0,
        changed: 0,
        changes: Vec::new(),
        unlisted: Vec::new(),
        added: Vec::new(),
        added_count: 0,
        removed: Vec::new(),
        removed_count: 0,
        uncompared: Vec::new(),
        uncompared_count: 0,
        renamed: Vec::new(),
        combination: None,
        adapter: None,
        relation: Relation::Unknown {
            reason: "there is no base".to_owned(),
        },
    };
    let Some((_, base)) = bases.first() else {
        return comparison;
    };
    let tensors = Tensors::of(model);
    if is_adapter(&tensors, &options.adapter) {
        comparison.adapter = Some(inspect_adapter(model, Some(base), &options.adapter));
    }
    let base = Tensors::of(base);
    let matched = tensors.matched(&base);
    let jobs: Vec<(&str, &str)> = matched
        .iter()
        .map(|(name, other)| (*name, *other))
        .collect();
    let beyond = overread(model, &tensors, jobs.iter().map(|(name, _)| *name), options);
    let beyond_base = overread(
        bases.first().map_or(&[], |(_, files)| files.as_slice()),
        &base,
        jobs.iter().map(|(_, other)| *other),
        options,
    );
    let memory = options.memory / workers.get() as u64;
    let outcomes = in_parallel(jobs.len(), workers, |index| {
        let Some((name, other)) = jobs.get(index) else {
            return Outcome::Uncompared("it was not looked at".to_owned());
        };
        if tensors.repeated.contains(name) || base.repeated.contains(other) {
            return Outcome::Uncompared("several tensors have its name".to_owned());
        }
        if beyond.contains(name) || beyond_base.contains(other) {
            return Outcome::Uncompared(
                "it shares its bytes with so many tensors that all of them would take too long"
                    .to_owned(),
            );
        }
        one(&tensors, &base, name, other, options, memory).unwrap_or_else(Outcome::Uncompared)
    });
    let mut changes = Vec::new();
    let mut uncompared = Vec::new();
    for ((name, _), outcome) in jobs.iter().zip(outcomes) {
        match outcome {
            Outcome::Equal => comparison.equal += 1,
            Outcome::Changed(change) => changes.push(*change),
            Outcome::Uncompared(why) => uncompared.push((shown(name), why)),
        }
    }
    let scales = scale_names(&tensors, &matched);
    let added = tensors
        .entries
        .keys()
        .filter(|name| !matched.contains_key(**name));
    let added: Vec<&str> = added
        .copied()
        .filter(|name| !scales.contains(name))
        .collect();
    let taken: BTreeSet<&str> = matched.values().copied().collect();
    let removed: Vec<&str> = base
        .entries
        .keys()
        .copied()
        .filter(|name| !taken.contains(name))
        .collect();
    if let [_, _, ..] = bases {
        comparison.combination = combination(&tensors, bases, options, workers);
    }
    changes.sort_by(|left, right| {
        let norm = |change: &TensorChange| change.relative_norm.unwrap_or(f64::INFINITY);
        norm(right)
            .total_cmp(&norm(left))
            .then_with(|| left.tensor.cmp(&right.tensor))
    });
    comparison.changed = changes.len() as u64;
    comparison.unlisted = changes.split_off(options.listed.min(changes.len()));
    comparison.changes = changes;
    let listed = |names: &[&str]| {
        names
            .iter()
            .take(options.listed)
            .map(|name| shown(name))
            .collect()
    };
    comparison.added = listed(&added);
    comparison.added_count = added.len() as u64;
    comparison.removed = listed(&removed);
    comparison.removed_count = removed.len() as u64;
    let renamed = jobs.iter().filter(|(name, other)| name != other);
    comparison.renamed = renamed
        .take(options.listed)
        .map(|(name, other)| (shown(name), shown(other)))
        .collect();
    comparison.uncompared_count = uncompared.len() as u64;
    uncompared.truncate(options.listed);
    comparison.uncompared = uncompared;
    comparison.relation = relation(&comparison);
    comparison
}

/// Does jobs in parallel; the results are in the order of the jobs.
fn in_parallel<T: Send>(
    jobs: usize,
    workers: NonZeroUsize,
    job: impl Fn(usize) -> T + Sync,
) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= jobs {
                return done;
            }
            done.push((index, job(index)));
        }
    };
    let mut all: Vec<(usize, T)> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..workers.get().min(jobs))
            .map(|_| scope.spawn(work))
            .collect();
        let mut all = work();
        for other in others {
            // A worker that ended early leaves its jobs undone, and that must not be silent.
            match other.join() {
                Ok(done) => all.extend(done),
                Err(payload) => std::panic::resume_unwind(payload),
            }
        }
        all
    });
    all.sort_by_key(|(index, _)| *index);
    all.into_iter().map(|(_, result)| result).collect()
}

/// Tensors beyond what may be read of a file in one pass.
fn overread<'a>(
    files: &[WeightFile<'_>],
    tensors: &Tensors<'a>,
    names: impl Iterator<Item = &'a str>,
    options: &CompareOptions,
) -> BTreeSet<&'a str> {
    let mut left: Vec<u64> = files
        .iter()
        .map(|file| file.source.size().saturating_mul(options.reads))
        .collect();
    let mut beyond = BTreeSet::new();
    for name in names {
        let Some(entry) = tensors.entries.get(name) else {
            continue;
        };
        let place = entry.tensor.place.as_ref();
        let length = place.map_or(0, |place| place.range.end.saturating_sub(place.range.start));
        match left.get_mut(entry.file) {
            Some(left) if *left >= length => *left -= length,
            _ => {
                beyond.insert(name);
            }
        }
    }
    beyond
}

/// Names under which the scales of the codes of a tensor may be.
fn scale_candidates(name: &str) -> Vec<(String, f64)> {
    let module = name.strip_suffix(".weight");
    let mut names = vec![
        (format!("{name}_scale"), 1.0),
        (format!("{name}.scale"), 1.0),
        (format!("{name}_scale_inv"), 1.0),
    ];
    if let Some(module) = module {
        names.push((format!("{module}.scale"), 1.0));
        // bitsandbytes keeps the largest number of each row.
        names.push((format!("{module}.SCB"), 1.0 / 127.0));
    }
    names
}

/// Whether numbers of this scheme may be codes that need scales.
fn coded(scheme: Scheme) -> bool {
    matches!(scheme, Scheme::Signed(1) | Scheme::Unsigned(1))
        || matches!(scheme, Scheme::Float(float) if float.bytes() == 1)
}

/// Tensors of the model that are scales of others.
fn scale_names<'a>(
    tensors: &Tensors<'a>,
    matched: &BTreeMap<&'a str, &'a str>,
) -> BTreeSet<&'a str> {
    let mut names = BTreeSet::new();
    for name in matched.keys() {
        let entry = tensors.entries.get(name);
        if entry
            .and_then(|entry| Scheme::named(&entry.tensor.dtype))
            .is_some_and(coded)
        {
            let candidates = scale_candidates(name);
            let found = candidates
                .iter()
                .find_map(|(name, _)| tensors.entries.get_key_value(name.as_str()));
            names.extend(found.map(|(name, _)| *name));
        }
    }
    names
}

/// The scales of the codes of a tensor.
fn scales(tensors: &Tensors<'_>, name: &str, rows: u64) -> Result<Option<Scales>, String> {
    let found = scale_candidates(name)
        .into_iter()
        .find_map(|(name, factor)| Some((tensors.entries.get(name.as_str())?, factor)));
    let Some((entry, factor)) = found else {
        return Ok(None);
    };
    let stored =
        Numbers::open(entry.source, entry.tensor).map_err(|why| format!("its scales: {why}"))?;
    if stored.count != 1 && stored.count != rows || stored.count > SCALES {
        return Err(format!(
            "its {} scales are neither one nor one for each of {rows} rows",
            stored.count
        ));
    }
    let mut numbers = Vec::new();
    let mut bytes = Vec::new();
    let mut slack = Vec::new();
    stored.read(0, stored.count, &mut numbers, &mut bytes)?;
    stored.scheme.bounds(&bytes, &numbers, &mut slack);
    for number in numbers.iter_mut().chain(&mut slack) {
        *number *= factor;
    }
    Ok(Some(Scales { numbers, slack }))
}

/// Compares one tensor.
fn one(
    tensors: &Tensors<'_>,
    bases: &Tensors<'_>,
    name: &str,
    other: &str,
    options: &CompareOptions,
    memory: u64,
) -> Result<Outcome, String> {
    let (Some(entry), Some(base_entry)) = (tensors.entries.get(name), bases.entries.get(other))
    else {
        return Err("it was not found again".to_owned());
    };
    let model = Numbers::open(entry.source, entry.tensor)?;
    let base = Numbers::open(base_entry.source, base_entry.tensor)
        .map_err(|why| format!("that of the base: {why}"))?;
    let (shape, base_shape) = (&entry.tensor.shape, &base_entry.tensor.shape);
    let (rows, columns, matrix) = as_matrix(shape);
    let (base_rows, base_columns, _) = as_matrix(base_shape);
    let same = squeezed(shape) == squeezed(base_shape);
    let resized = !same
        && shape.len() == 2
        && base_shape.len() == 2
        && shape.get(1) == base_shape.get(1)
        && columns == base_columns
        && matrix;
    let mut change = TensorChange {
        tensor: shown(name),
        dtypes: (shown(&base_entry.tensor.dtype), shown(&entry.tensor.dtype)),
        shape: shape.clone(),
        base_shape: (shape != base_shape).then(|| base_shape.clone()),
        relative_norm: None,
        differing: model.count,
        not_finite: 0,
        cosine: None,
        rank: None,
        quantisation_error: None,
        worst: None,
    };
    if !same && !resized {
        return Ok(Outcome::Changed(Box::new(change)));
    }
    let needs_scales =
        coded(model.scheme) && matches!(base.scheme, Scheme::Float(float) if float.bytes() > 1);
    let scales = if needs_scales {
        scales(tensors, name, rows)?
    } else {
        None
    };
    if needs_scales && scales.is_none() && !matches!(model.scheme, Scheme::Float(_)) {
        return Err("the scales of its codes were not found".to_owned());
    }
    let mut pair = Pair {
        base,
        model,
        rows: if resized { rows.min(base_rows) } else { rows },
        columns,
        matrix,
        order: RowOrder::Same,
        scales,
    };
    let (model_gguf, base_gguf) = (may_be_permuted(name), may_be_permuted(other));
    if model_gguf != base_gguf && matrix && same {
        pair.find_order(model_gguf)?;
    }
    if same && pair.same_bytes()? {
        return Ok(if change.base_shape.is_none() {
            Outcome::Equal
        } else {
            change.differing = 0;
            Outcome::Changed(Box::new(change))
        });
    }
    let (sums, held) = pair.sums(memory / 16)?;
    let same_type = pair.base.scheme == pair.model.scheme && pair.scales.is_none();
    if sums.differing == 0 && same_type && change.base_shape.is_none() {
        return Ok(Outcome::Equal);
    }
    change.differing = sums.differing;
    change.not_finite = sums.not_finite;
    let norms = (sums.base.sqrt(), sums.model.sqrt());
    change.relative_norm = (norms.0 > 0.0).then(|| sums.change.sqrt() / norms.0);
    change.cosine = (norms.0 > 0.0 && norms.1 > 0.0).then(|| sums.product / (norms.0 * norms.1));
    if !same_type {
        change.quantisation_error = Some(sums.worst.0);
        change.worst = (sums.worst.0 > 0.0).then_some(sums.worst.1);
    }
    let quantised = change
        .quantisation_error
        .is_some_and(|error| error <= WITHIN);
    if sums.differing > 0 && !quantised {
        if matrix {
            change.rank = pair.rank(&sums, held, options, memory)?;
        } else if shape.len() > 1 && sums.not_finite == 0 && squeezed(shape).len() < 2 {
            // A matrix of one row or column.
            change.rank = Some(Rank {
                rank: 1,
                computed: 1,
                full: 1,
                energy: 1.0,
                remainder: 0.0,
            });
        }
    }
    Ok(Outcome::Changed(Box::new(change)))
}

/// A shape without its dimensions of one.
fn squeezed(shape: &[u64]) -> Vec<u64> {
    shape
        .iter()
        .copied()
        .filter(|length| *length != 1)
        .collect()
}

/// Fits a combination of all bases to the tensors that the first of them has.
fn combination(
    tensors: &Tensors<'_>,
    bases: &[(String, Vec<WeightFile<'_>>)],
    options: &CompareOptions,
    workers: NonZeroUsize,
) -> Option<Combination> {
    let files = bases;
    let bases: Vec<Tensors<'_>> = files.iter().map(|(_, files)| Tensors::of(files)).collect();
    let matched: Vec<BTreeMap<&str, &str>> =
        bases.iter().map(|base| tensors.matched(base)).collect();
    let names: Vec<&str> = matched.first()?.keys().copied().collect();
    // Files may not be read more often than when they are compared.
    let mut beyond = BTreeSet::new();
    for ((base, matched), (_, files)) in bases.iter().zip(&matched).zip(files) {
        let others = matched.values().copied();
        let over = overread(files, base, others, options);
        let over = matched.iter().filter(|(_, other)| over.contains(*other));
        beyond.extend(over.map(|(name, _)| *name));
    }
    let products = in_parallel(names.len(), workers, |index| {
        let name = names.get(index).copied().unwrap_or("");
        if beyond.contains(name) {
            return (
                name,
                Err("it shares its bytes with too many tensors".to_owned()),
            );
        }
        (name, products(tensors, &bases, &matched, name))
    });
    let mut fitted = Vec::new();
    let mut unfitted = Vec::new();
    for (name, result) in products {
        match result {
            Ok(products) => fitted.push(products),
            Err(why) => unfitted.push((shown(name), why)),
        }
    }
    let fit = fit(&fitted)?;
    let unfitted_count = unfitted.len() as u64;
    unfitted.truncate(options.listed);
    Some(Combination {
        weights: fit.weights,
        residual: fit.residual,
        tensors: fitted.len() as u64,
        unfitted,
        unfitted_count,
        unexplained_count: fit.unexplained.len() as u64,
        unexplained: fit.unexplained.into_iter().take(options.listed).collect(),
    })
}

/// The sums of one tensor of the model and of every base.
fn products(
    tensors: &Tensors<'_>,
    bases: &[Tensors<'_>],
    matched: &[BTreeMap<&str, &str>],
    name: &str,
) -> Result<Products, String> {
    let entry = tensors.entries.get(name).ok_or("it was not found again")?;
    let model = Numbers::open(entry.source, entry.tensor)?;
    if matches!(model.scheme, Scheme::Signed(1) | Scheme::Unsigned(1)) {
        return Err("codes of eight bits are not combined".to_owned());
    }
    if tensors.repeated.contains(name) {
        return Err("several tensors have its name".to_owned());
    }
    let mut numbers = Vec::new();
    for (base, matched) in bases.iter().zip(matched) {
        let other = matched.get(name).and_then(|other| base.entries.get(other));
        let other: &Entry<'_> = other.ok_or("not all bases have it")?;
        if squeezed(&other.tensor.shape) != squeezed(&entry.tensor.shape) {
            return Err("not all bases have it in the same shape".to_owned());
        }
        numbers.push(
            Numbers::open(other.source, other.tensor)
                .map_err(|why| format!("that of a base: {why}"))?,
        );
    }
    Products::of(shown(name), &model, &numbers)
}
