//! Adapters (PEFT): what they change, and whether that is what they declare.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::file::WeightFile;
use crate::linear::{Dense, dot, eigen};
use crate::names::{Entry, Tensors, covers, plain_name};
use crate::numbers::Numbers;

/// Numbers of the factors of one module that are held at once.
const HELD: u64 = 1 << 25;

/// What `adapter_config.json` says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct AdapterDeclaration {
    /// `r`.
    pub rank: Option<u32>,
    /// `rank_pattern`: modules of other ranks.
    pub ranks: Vec<(String, u32)>,
    /// `target_modules`; empty if none are said.
    pub targets: Vec<String>,
    /// `modules_to_save`: modules that are stored whole.
    pub saved: Vec<String>,
    /// `base_model_name_or_path`.
    pub base: Option<String>,
}

/// An adapter, by its tensors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Adapter {
    /// The rank, if all modules are of one.
    pub rank: Option<u32>,
    /// Last parts of the names of the modules that it changes (`q_proj`), in order.
    pub targets: Vec<String>,
    /// What contradicts its declaration, or cannot be applied to the base: tensor, message.
    pub misfits: Vec<(String, String)>,
    /// Numbers of each module, without any judgement.
    pub spectra: Vec<AdapterSpectrum>,
    /// Modules whose numbers were not read: name, why.
    pub unread: Vec<(String, String)>,
}

/// Five numbers of the change that an adapter makes to one matrix: `B A`, without the scale
/// `alpha / r`. They were proposed to find backdoors (arXiv:2602.15195); whether they do
/// on other adapters is not known, so they are only printed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct AdapterSpectrum {
    /// The module, as printed.
    pub module: String,
    /// Rank of the factors.
    pub rank: u32,
    /// The largest singular value.
    pub top: f64,
    /// Square root of the sum of the squared singular values.
    pub frobenius: f64,
    /// Share of the largest singular value in that sum of squares.
    pub energy: f64,
    /// Shannon entropy of these shares, in nats.
    pub entropy: f64,
    /// Fourth central moment of the numbers of `B A` over the squared second; 3 for normal ones.
    pub kurtosis: f64,
}

/// Which factor a tensor is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Factor {
    /// rank × inputs.
    Down,
    /// outputs × rank.
    Up,
    /// A scale, or another part that goes with the two.
    Other,
}

/// Module and factor, if the name is that of an adapter's tensor.
fn factor(name: &str) -> Option<(&str, Factor)> {
    let marks = [
        (".lora_A", Factor::Down),
        (".lora_B", Factor::Up),
        (".lora_down", Factor::Down),
        (".lora_up", Factor::Up),
        (".lora_embedding_A", Factor::Other),
        (".lora_embedding_B", Factor::Other),
        (".lora_magnitude_vector", Factor::Other),
        (".alpha", Factor::Other),
    ];
    marks.iter().find_map(|(mark, factor)| {
        let (module, rest) = name.split_once(mark)?;
        (rest.is_empty() || rest.starts_with('.')).then_some((module, *factor))
    })
}

/// Whether all tensors are those of an adapter, or modules that it says it stores whole.
pub(crate) fn is_adapter(names: &Tensors<'_>, declared: &AdapterDeclaration) -> bool {
    let low_rank = |name: &str| factor(name).is_some_and(|(_, factor)| factor != Factor::Other);
    let belongs = |name: &str| {
        factor(name).is_some()
            || name.contains(".modules_to_save.")
            || declared.saved.iter().any(|saved| covers(saved, name))
    };
    names.entries.keys().any(|name| low_rank(name))
        && names.entries.keys().filter(|name| belongs(name)).count() * 2 > names.entries.len()
}

/// Looks at an adapter, and holds it against what it declares and the shapes of its base.
#[must_use]
pub fn inspect_adapter(
    model: &[WeightFile<'_>],
    base: Option<&[WeightFile<'_>]>,
    declared: &AdapterDeclaration,
) -> Adapter {
    let tensors = Tensors::of(model);
    let base = base.map(Tensors::of);
    let plain = base
        .as_ref()
        .map(|base| base.plain(&BTreeSet::new()))
        .unwrap_or_default();
    let mut modules: BTreeMap<&str, BTreeMap<bool, Entry<'_>>> = BTreeMap::new();
    let mut adapter = Adapter {
        rank: None,
        targets: Vec::new(),
        misfits: Vec::new(),
        spectra: Vec::new(),
        unread: Vec::new(),
    };
    for (name, entry) in &tensors.entries {
        match factor(name) {
            Some((module, factor @ (Factor::Down | Factor::Up))) => {
                modules
                    .entry(module)
                    .or_default()
                    .insert(factor == Factor::Up, *entry);
            }
            Some(_) => {}
            None => {
                let saved = declared.saved.iter().any(|saved| covers(saved, name));
                if !saved {
                    let message = "it is no part of an adapter, and its module is not declared in `modules_to_save`";
                    adapter
                        .misfits
                        .push((crate::shown(name), message.to_owned()));
                }
            }
        }
    }
    let mut ranks = BTreeSet::new();
    let mut targets = BTreeSet::new();
    for (module, factors) in &modules {
        targets.insert(module.rsplit('.').next().unwrap_or(module));
        let wanted = declared.targets.iter().any(|target| covers(target, module));
        if !declared.targets.is_empty() && !wanted {
            let message = "its module is not among the declared targets".to_owned();
            adapter.misfits.push((crate::shown(module), message));
        }
        let (Some(down), Some(up)) = (factors.get(&false), factors.get(&true)) else {
            let message = "only one of its two factors is there".to_owned();
            adapter.misfits.push((crate::shown(module), message));
            continue;
        };
        match shapes(down, up) {
            Err(message) => adapter.misfits.push((crate::shown(module), message)),
            Ok((rank, inputs, outputs)) => {
                ranks.insert(rank);
                let own = declared
                    .ranks
                    .iter()
                    .find(|(pattern, _)| covers(pattern, module));
                let said = own.map(|(_, rank)| *rank).or(declared.rank);
                if let Some(said) = said.filter(|said| u64::from(*said) != rank) {
                    let message = format!("its rank is {rank}, and {said} is declared");
                    adapter.misfits.push((crate::shown(module), message));
                }
                if let Some(base) = &base
                    && let Some(message) = unfit(&plain, base, module, (inputs, outputs))
                {
                    adapter.misfits.push((crate::shown(module), message));
                }
                match spectrum(module, down, up) {
                    Ok(spectrum) => adapter.spectra.push(spectrum),
                    Err(why) => adapter.unread.push((crate::shown(module), why)),
                }
            }
        }
    }
    if let (1, Some(rank)) = (ranks.len(), ranks.first()) {
        adapter.rank = u32::try_from(*rank).ok();
    }
    adapter.targets = targets.into_iter().map(crate::shown).collect();
    adapter
}

/// Rank, inputs and outputs.
fn shapes(down: &Entry<'_>, up: &Entry<'_>) -> Result<(u64, u64, u64), String> {
    let (down, up) = (&down.tensor.shape, &up.tensor.shape);
    let rest = |shape: &[u64]| shape.iter().skip(1).copied().fold(1, u64::saturating_mul);
    match (down.first(), up.first()) {
        (Some(rank), Some(outputs)) if down.len() >= 2 && rest(up) == *rank => {
            Ok((*rank, rest(down), *outputs))
        }
        _ => Err(format!(
            "its factors of shapes {down:?} and {up:?} do not fit each other"
        )),
    }
}

/// Why it cannot be applied to the base, whose tensors are given by their plain names.
fn unfit(
    base: &BTreeMap<String, &str>,
    tensors: &Tensors<'_>,
    module: &str,
    (inputs, outputs): (u64, u64),
) -> Option<String> {
    let weight = base.get(&plain_name(&format!("{module}.weight")));
    let Some(entry) = weight.and_then(|name| tensors.entries.get(name)) else {
        return Some("the base has no such module".to_owned());
    };
    let shape = &entry.tensor.shape;
    let rest = shape.iter().skip(1).copied().fold(1, u64::saturating_mul);
    let fits = shape.len() >= 2
        && (shape.first() == Some(&outputs) && rest == inputs
            // Conv1D of GPT-2 is stored the other way round.
            || shape.len() == 2 && shape.first() == Some(&inputs) && rest == outputs);
    (!fits).then(|| format!("it is made for {outputs} × {inputs}, and the base has {shape:?}"))
}

/// The five numbers. Singular values of `B A` are the roots of the eigenvalues of
/// `S (BᵀB) S` with `S` the root of `A Aᵀ`, so that nothing larger than the factors is held.
fn spectrum(module: &str, down: &Entry<'_>, up: &Entry<'_>) -> Result<AdapterSpectrum, String> {
    let (rank, down) = read(down)?;
    let (_, up) = read(up)?;
    let rows = usize::try_from(rank).map_err(|_| "its rank is too large")?;
    if rows == 0 || rows > 1024 {
        return Err(format!("singular values of rank {rank} are not computed"));
    }
    let inputs = down.len() / rows;
    let mut left = Dense::zero(rows, rows);
    for row in up.chunks_exact(rows) {
        left.add_gram(row);
    }
    let factor: Vec<&[f64]> = down.chunks_exact(inputs.max(1)).collect();
    let mut right = Dense::zero(rows, rows);
    for (i, one) in factor.iter().enumerate() {
        for (j, other) in factor.iter().enumerate() {
            right.set(i, j, dot(one, other));
        }
    }
    if left
        .numbers
        .iter()
        .chain(&right.numbers)
        .any(|number| !number.is_finite())
    {
        return Err("it has numbers that are not finite".to_owned());
    }
    let root = root(right);
    let (values, _) = eigen(product(&root, &product(&left, &root)));
    let squares: Vec<f64> = values.into_iter().map(|value| value.max(0.0)).collect();
    let sum: f64 = squares.iter().sum();
    let shares = squares
        .iter()
        .map(|square| if sum > 0.0 { square / sum } else { 0.0 });
    let entropy = -shares
        .filter(|share| *share > 0.0)
        .map(|share| share * share.ln())
        .sum::<f64>();
    let top = squares.first().copied().unwrap_or(0.0);
    Ok(AdapterSpectrum {
        module: crate::shown(module),
        rank: u32::try_from(rank).unwrap_or(u32::MAX),
        top: top.sqrt(),
        frobenius: sum.sqrt(),
        energy: if sum > 0.0 { top / sum } else { 0.0 },
        entropy: entropy.max(0.0),
        kurtosis: kurtosis(&up, &factor, rows),
    })
}

/// First dimension and numbers of a factor.
fn read(entry: &Entry<'_>) -> Result<(u64, Vec<f64>), String> {
    let numbers = Numbers::open(entry.source, entry.tensor)?;
    if numbers.count > HELD {
        return Err(format!(
            "its {} numbers are more than are held",
            numbers.count
        ));
    }
    let mut read = Vec::new();
    numbers.read(0, numbers.count, &mut read, &mut Vec::new())?;
    Ok((entry.tensor.shape.first().copied().unwrap_or(0), read))
}

fn product(left: &Dense, right: &Dense) -> Dense {
    let n = left.width;
    let mut product = Dense::zero(n, n);
    for (i, row) in left.rows().enumerate() {
        for (number, other) in row.iter().zip(right.rows()) {
            crate::linear::axpy(product.row_mut(i), *number, other);
        }
    }
    product
}

/// The symmetric root of a matrix of non-negative eigenvalues.
fn root(matrix: Dense) -> Dense {
    let n = matrix.width;
    let (values, vectors) = eigen(matrix);
    let mut root = Dense::zero(n, n);
    for (k, value) in values.iter().enumerate() {
        let column: Vec<f64> = (0..n).map(|i| vectors.get(i, k)).collect();
        for (i, number) in column.iter().enumerate() {
            crate::linear::axpy(root.row_mut(i), value.max(0.0).sqrt() * number, &column);
        }
    }
    root
}

/// Kurtosis of all numbers of the product, whose rows are made one by one.
fn kurtosis(up: &[f64], down: &[&[f64]], rank: usize) -> f64 {
    let inputs = down.first().map_or(0, |row| row.len());
    let mut row = vec![0.0; inputs];
    let (mut count, mut mean) = (0.0, 0.0);
    let (mut second, mut fourth) = (0.0_f64, 0.0_f64);
    // The mean first: moments about a wrong mean lose precision.
    for pass in 0..2 {
        for weights in up.chunks_exact(rank) {
            row.fill(0.0);
            for (weight, factor) in weights.iter().zip(down) {
                crate::linear::axpy(&mut row, *weight, factor);
            }
            for number in &row {
                if pass == 0 {
                    count += 1.0;
                    mean += number;
                } else {
                    let square = (number - mean) * (number - mean);
                    second += square;
                    fourth += square * square;
                }
            }
        }
        if pass == 0 && count > 0.0 {
            mean /= count;
        }
    }
    if second > 0.0 {
        fourth * count / (second * second)
    } else {
        0.0
    }
}
