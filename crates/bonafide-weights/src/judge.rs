//! Claims against what the numbers show.

use crate::comparison::{Claim, ClaimStanding, Comparison, Relation, TensorChange, Violation};
use crate::names::covers;
use crate::pair::WITHIN;
use crate::relation::FEW;
use crate::shown;

/// Names that a violation lists.
const LISTED: usize = 20;

/// What is found against a claim.
#[derive(Default)]
struct Case {
    violations: Vec<Violation>,
    undecided: Vec<String>,
}

impl Case {
    /// Tensors that show something; nothing if there are none.
    fn against<'a>(&mut self, message: &str, tensors: impl Iterator<Item = &'a str>) {
        let mut names = Vec::new();
        let mut count = 0;
        for tensor in tensors {
            count += 1;
            if names.len() < LISTED {
                names.push(tensor.to_owned());
            }
        }
        if count > 0 {
            self.violations.push(Violation {
                message: message.to_owned(),
                tensors: names,
                count,
            });
        }
    }

    /// Something that is shown by the whole.
    fn whole(&mut self, message: String) {
        self.violations.push(Violation {
            message,
            tensors: Vec::new(),
            count: 0,
        });
    }

    /// Names of which only some are listed.
    fn listed(&mut self, message: &str, names: &[String], count: u64) {
        if count > 0 {
            let tensors = names.iter().take(LISTED).cloned().collect();
            self.violations.push(Violation {
                message: message.to_owned(),
                tensors,
                count,
            });
        }
    }
}

/// Holds several claims, each with where it was made, against a comparison.
#[must_use]
pub fn judge_all(comparison: &Comparison, claims: &[(Claim, String)]) -> Vec<ClaimStanding> {
    claims
        .iter()
        .map(|(claim, source)| judge(comparison, claim, source))
        .collect()
}

/// Holds a claim against a comparison.
///
/// A violation names the tensors that contradict the claim. Where tensors could not be
/// compared, or too little was computed, the claim is undecided, and never held.
#[must_use]
pub fn judge(comparison: &Comparison, claim: &Claim, source: &str) -> ClaimStanding {
    let mut case = Case::default();
    if comparison.bases.is_empty() {
        case.undecided
            .push("there is no base to compare with".to_owned());
    }
    if let Some((name, why)) = comparison
        .uncompared
        .first()
        .filter(|_| *claim != Claim::Adapter)
    {
        let count = comparison.uncompared_count;
        case.undecided.push(format!(
            "{count} tensors could not be compared, the first `{name}`: {why}"
        ));
    }
    if comparison.is_cut() {
        case.undecided.push("not all changes are listed".to_owned());
    }
    if comparison.equal + comparison.changed == 0
        && comparison.adapter.is_none()
        && comparison.uncompared_count == 0
        && !comparison.bases.is_empty()
    {
        case.listed(
            "the base has no tensor of this name, nor has it any other of the model's",
            &comparison.added,
            comparison.added_count,
        );
        if comparison.added_count == 0 {
            case.undecided.push("the model has no tensors".to_owned());
        }
    }
    match claim {
        Claim::ExactCopy => exact_copy(comparison, &mut case),
        Claim::FullFineTune { frozen } => fine_tune(comparison, frozen, &mut case),
        Claim::LoraMerge { rank, targets } => lora_merge(comparison, *rank, targets, &mut case),
        Claim::Adapter => adapter(comparison, &mut case),
        Claim::Quantised => quantised(comparison, &mut case),
        Claim::Merge => merge(comparison, &mut case),
    }
    ClaimStanding {
        claim: claim.clone(),
        source: source.to_owned(),
        violations: case.violations,
        undecided: (!case.undecided.is_empty()).then(|| case.undecided.join("; ")),
    }
}

/// The names of changes that are so.
fn names(
    comparison: &Comparison,
    is: impl Fn(&TensorChange) -> bool,
) -> impl Iterator<Item = &str> {
    comparison
        .every_change()
        .filter(move |change| is(change))
        .map(|change| change.tensor.as_str())
}

/// Tensors that are there more or less.
fn same_tensors(comparison: &Comparison, case: &mut Case) {
    case.listed(
        "the base has no such tensor",
        &comparison.added,
        comparison.added_count,
    );
    case.listed(
        "only the base has this tensor",
        &comparison.removed,
        comparison.removed_count,
    );
}

/// An adapter is none of what a whole model can be.
fn whole_model(comparison: &Comparison, case: &mut Case) -> bool {
    if comparison.adapter.is_some() {
        case.whole("it is an adapter, not a whole model".to_owned());
    }
    comparison.adapter.is_none()
}

fn exact_copy(comparison: &Comparison, case: &mut Case) {
    if !whole_model(comparison, case) {
        return;
    }
    let shape = |change: &TensorChange| change.base_shape.is_some();
    case.against("it has another shape", names(comparison, shape));
    case.against(
        "its numbers are other ones",
        names(comparison, |change| {
            !shape(change) && change.differing > 0 && !change.is_quantised()
        }),
    );
    case.against(
        "its numbers are stored in another type",
        names(comparison, |change| !shape(change) && change.is_quantised()),
    );
    same_tensors(comparison, case);
}

/// Whether a name is that of the embedding of a vocabulary, or of what maps back to it.
fn is_vocabulary(name: &str) -> bool {
    ["embed", "wte", "lm_head", "token_embd", "output.weight"]
        .iter()
        .any(|part| name.contains(part))
}

/// Whether a name is that of a head that a task puts in the place of another.
fn is_head(name: &str) -> bool {
    let heads = [
        "score",
        "classifier",
        "lm_head",
        "qa_outputs",
        "pooler",
        "pre_classifier",
        "fc",
        "head",
    ];
    name.split('.').any(|part| heads.contains(&part))
}

fn fine_tune(comparison: &Comparison, frozen: &[String], case: &mut Case) {
    if !whole_model(comparison, case) {
        return;
    }
    let is_frozen = |name: &str| frozen.iter().any(|pattern| covers(pattern, name));
    case.against(
        "it is said to be frozen, and changed",
        names(comparison, |change| {
            is_frozen(&change.tensor)
                && !(change.is_quantised()
                    || is_vocabulary(&change.tensor) && change.is_only_resized())
        }),
    );
    case.against(
        "it is said to be frozen, and is not there",
        comparison
            .removed
            .iter()
            .map(String::as_str)
            .filter(|name| is_frozen(name)),
    );
    let other = |names: &[String], count: u64| {
        let unusual: Vec<String> = names
            .iter()
            .filter(|name| !is_head(name) && !is_frozen(name))
            .cloned()
            .collect();
        let unlisted = count.saturating_sub(names.len() as u64);
        let found = unusual.len() as u64 + unlisted;
        (unusual, found)
    };
    let (added, count) = other(&comparison.added, comparison.added_count);
    case.listed(
        "the base has no such tensor, and it is no head for a task",
        &added,
        count,
    );
    let (removed, count) = other(&comparison.removed, comparison.removed_count);
    case.listed(
        "only the base has this tensor, and it is no head for a task",
        &removed,
        count,
    );
    case.against(
        "it has another shape, which no resized vocabulary explains",
        names(comparison, |change| {
            change.base_shape.is_some()
                && !change.is_resized()
                && !change.is_quantised()
                && !is_head(&change.tensor)
                || change.is_resized() && !is_vocabulary(&change.tensor) && !is_head(&change.tensor)
        }),
    );
    not_finite(comparison, case);
    let changed = |change: &TensorChange| !change.is_quantised() && !change.is_only_resized();
    let trainable = comparison.equal + comparison.changed;
    match &comparison.relation {
        Relation::ExactCopy => case.whole("no tensor changed: it was not trained".to_owned()),
        Relation::Quantised { .. } => {
            case.whole("every number is that of the base, rounded: it was not trained".to_owned());
        }
        Relation::Unrelated => case.against(
            "its numbers have no more in common with those of the base than chance",
            names(comparison, changed),
        ),
        Relation::Edited { tensors } if trainable > 1 => case.against(
            &format!(
                "of {trainable} tensors only {tensors} changed, as by an edit, not by training"
            ),
            names(comparison, changed),
        ),
        Relation::LowRank { rank, matrices } if trainable > 1 => case.against(
            &format!(
                "of {trainable} tensors {matrices} changed, and all of them by a matrix of at most \
                 rank {rank}, as by a merged adapter or an edit, not by training all numbers"
            ),
            names(comparison, changed),
        ),
        Relation::FineTuned if comparison.equal > 0 => mixed(comparison, changed, case),
        Relation::Merge { weights, .. } => {
            case.whole(format!(
                "it is a combination of the bases by the weights {}",
                list(weights)
            ));
        }
        _ => {}
    }
}

/// Where all changes but few are of low rank and the rest is equal, an adapter was merged and
/// something else changed as well: training changes vectors and most matrices throughout.
fn mixed(comparison: &Comparison, changed: impl Fn(&TensorChange) -> bool, case: &mut Case) {
    let is_low = |change: &TensorChange| {
        change
            .rank
            .is_some_and(|rank| rank.is_low() && rank.rank > 0)
    };
    let (low, other): (Vec<&TensorChange>, Vec<&TensorChange>) = comparison
        .every_change()
        .filter(|change| changed(change))
        .partition(|change| is_low(change));
    let compared = comparison.equal + comparison.changed;
    let few = other.len() <= 1 || other.len() as f64 <= FEW * compared as f64;
    if few && !low.is_empty() {
        let message = format!(
            "of {compared} tensors {} changed, all but {} of them by matrices of low rank, as by a \
             merged adapter beside an edit, not by training all numbers",
            low.len() + other.len(),
            other.len()
        );
        case.against(
            &message,
            low.iter()
                .chain(&other)
                .map(|change| change.tensor.as_str()),
        );
    }
}

/// Numbers that training or rounding do not leave behind.
fn not_finite(comparison: &Comparison, case: &mut Case) {
    case.against(
        "it has numbers that are not finite, where the base has others",
        names(comparison, |change| change.not_finite > 0),
    );
}

fn lora_merge(comparison: &Comparison, rank: Option<u32>, targets: &[String], case: &mut Case) {
    if !whole_model(comparison, case) {
        return;
    }
    same_tensors(comparison, case);
    not_finite(comparison, case);
    let resized = |change: &TensorChange| is_vocabulary(&change.tensor) && change.is_only_resized();
    let changed = |change: &TensorChange| !change.is_quantised() && !resized(change);
    if !comparison.every_change().any(changed) && comparison.equal + comparison.changed > 0 {
        if comparison.uncompared_count == 0 {
            case.whole(
                "no tensor changed by more than its type of number: nothing was merged".to_owned(),
            );
        }
        return;
    }
    case.against(
        "it has another shape",
        names(comparison, |change| {
            changed(change) && change.base_shape.is_some()
        }),
    );
    case.against(
        "it changed, and no adapter of low rank changes what is no matrix",
        names(comparison, |change| {
            changed(change)
                && change.base_shape.is_none()
                && change.rank.is_none()
                && squeezed(change) < 2
        }),
    );
    case.against(
        "it changed, and is in none of the modules that are said to be adapted",
        names(comparison, |change| {
            changed(change)
                && !targets.is_empty()
                && !targets.iter().any(|target| covers(target, &change.tensor))
        }),
    );
    let message = match rank {
        Some(rank) => format!("its change is of a higher rank than {rank}"),
        None => "its change is not of low rank".to_owned(),
    };
    let too_high = |change: &TensorChange| {
        change.rank.is_some_and(|found| match rank {
            Some(rank) => found.rank > rank || found.remainder > 1.0 && found.computed > rank,
            None => !found.is_low(),
        })
    };
    case.against(
        &message,
        names(comparison, |change| changed(change) && too_high(change)),
    );
    for change in comparison
        .every_change()
        .filter(|change| changed(change) && !too_high(change))
    {
        let name = shown(&change.tensor);
        let why = match change.rank {
            None if squeezed(change) < 2 => continue,
            None => "the rank of its change was not computed".to_owned(),
            Some(found) if found.rank == 0 => "its change is no larger than rounding".to_owned(),
            Some(found) if found.is_exact() => continue,
            Some(found) => format!(
                "only {} singular values of its change were computed",
                found.computed
            ),
        };
        case.undecided.push(format!("`{name}`: {why}"));
        break;
    }
}

/// Dimensions that are not one.
fn squeezed(change: &TensorChange) -> usize {
    change.shape.iter().filter(|length| **length != 1).count()
}

fn adapter(comparison: &Comparison, case: &mut Case) {
    let Some(adapter) = &comparison.adapter else {
        case.whole("its tensors are not those of an adapter".to_owned());
        return;
    };
    let mut messages: Vec<&str> = adapter
        .misfits
        .iter()
        .map(|(_, message)| message.as_str())
        .collect();
    messages.sort_unstable();
    messages.dedup();
    for message in messages {
        let of_message = adapter.misfits.iter().filter(|(_, other)| other == message);
        case.against(message, of_message.map(|(name, _)| name.as_str()));
    }
}

/// Whether a tensor is one that llama.cpp's converter works out from the configuration.
fn is_derived(name: &str) -> bool {
    matches!(
        name,
        "rope_freqs.weight" | "rope_factors_long.weight" | "rope_factors_short.weight"
    )
}

fn quantised(comparison: &Comparison, case: &mut Case) {
    if !whole_model(comparison, case) {
        return;
    }
    if comparison.added_count > 0
        && comparison.added.len() as u64 == comparison.added_count
        && comparison.added.iter().all(|name| is_derived(name))
    {
        let names = comparison.added.join(", ");
        case.undecided.push(format!(
            "{names}: what the converter makes of the configuration is not compared"
        ));
        case.listed(
            "only the base has this tensor",
            &comparison.removed,
            comparison.removed_count,
        );
    } else {
        same_tensors(comparison, case);
    }
    not_finite(comparison, case);
    case.against(
        "it has another shape",
        names(comparison, |change| {
            change.base_shape.is_some() && !change.is_quantised()
        }),
    );
    case.against(
        "it is stored in the same type as in the base, with other numbers",
        names(comparison, |change| {
            change.base_shape.is_none()
                && change.quantisation_error.is_none()
                && change.differing > 0
        }),
    );
    for change in comparison.every_change() {
        let Some(error) = change.quantisation_error.filter(|error| *error > WITHIN) else {
            continue;
        };
        if case.violations.len() < LISTED {
            let at = change
                .worst
                .map_or_else(String::new, |worst| format!(" (number {worst})"));
            let message = format!(
                "its largest error{at} is {} times what {} can cause",
                brief(error),
                change.dtypes.1
            );
            case.against(&message, std::iter::once(change.tensor.as_str()));
        }
    }
    let unlisted = comparison.every_change().filter(|change| {
        change
            .quantisation_error
            .is_some_and(|error| error > WITHIN)
    });
    let named: u64 = unlisted.count() as u64;
    if named > LISTED as u64 {
        case.whole(format!(
            "{named} tensors in all have errors beyond what their type can cause"
        ));
    }
    if comparison.relation == Relation::ExactCopy {
        case.whole(
            "every tensor has the type that it has in the base: nothing was quantised".to_owned(),
        );
    }
}

fn merge(comparison: &Comparison, case: &mut Case) {
    if !whole_model(comparison, case) {
        return;
    }
    same_tensors(comparison, case);
    let Some(combination) = &comparison.combination else {
        case.undecided
            .push("a merge needs several bases to be compared with".to_owned());
        return;
    };
    let weights = list(&combination.weights);
    let unexplained = (&combination.unexplained, combination.unexplained_count);
    let alone = match comparison.relation {
        Relation::ExactCopy => Some("it is a copy of the first base alone"),
        Relation::Quantised { .. } => Some("it is a quantisation of the first base alone"),
        Relation::LowRank { .. } => Some("it is the first base alone, with changes of low rank"),
        Relation::Edited { .. } => Some("it is the first base alone, with a few changed tensors"),
        Relation::Unrelated => Some("it has nothing in common with the first base"),
        _ => None,
    };
    let used = combination
        .weights
        .iter()
        .filter(|weight| weight.abs() > 1e-3);
    if let Some(alone) = alone {
        case.whole(alone.to_owned());
    } else if combination.unexplained_count * 2 >= combination.tensors.max(1) {
        case.undecided.push(
            "no linear combination of the bases explains it; merges of other kinds (TIES, DARE, \
             SLERP) are not recognised"
                .to_owned(),
        );
    } else if used.count() < 2 {
        case.whole(format!(
            "it is made from one base only: the weights are {weights}"
        ));
    } else {
        let message = format!(
            "the combination by {weights} that explains the other tensors does not explain it"
        );
        case.listed(&message, unexplained.0, unexplained.1);
    }
    if let Some((name, why)) = combination.unfitted.first() {
        let count = combination.unfitted_count;
        case.undecided.push(format!(
            "{count} tensors were not fitted, the first `{name}`: {why}"
        ));
    }
}

/// Weights, for reading.
fn list(weights: &[f64]) -> String {
    weights
        .iter()
        .map(|weight| format!("{weight:.4}"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// A number of any size, for reading.
fn brief(number: f64) -> String {
    if number >= 1e6 {
        format!("{number:.1e}")
    } else {
        format!("{number:.2}")
    }
}
