//! `bonafide lineage compare`: weights against those of the models that they come from.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::str::FromStr;

use bonafide_engine::{
    Claim, CompareRequest, Compared, Comparison, Look, RawName, TensorRelation, WEIGHTS_LIMIT,
};
use clap::{Args, ValueEnum};

use crate::arguments::Common;
use crate::command::working;
use crate::terminal::{print, write_file};

#[derive(Debug, Args)]
pub(crate) struct CompareArguments {
    /// Directory or file with the model
    target: PathBuf,
    /// Directory or file with a model that it is said to be made from; repeatable, for a merge
    #[arg(long, value_name = "PATH", required = true)]
    base: Vec<PathBuf>,
    /// What is said of how it was made: exact-copy, fine-tune, lora-merge, lora-merge=RANK, adapter,
    /// quantised or merge; repeatable
    #[arg(long, value_name = "CLAIM")]
    claim: Vec<SaidClaim>,
    /// Tensors that a fine-tune is said to have left as they were (`*` stands for anything);
    /// repeatable
    #[arg(long, value_name = "GLOB")]
    frozen: Vec<String>,
    /// Form of the answer
    #[arg(long, short, value_enum, value_name = "FORMAT", default_value_t = Form::Text)]
    output: Form,
    /// Write it to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    write: Option<PathBuf>,
}

/// Form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For people
    Text,
    /// Everything, as one JSON document
    Json,
}

/// A claim as it is written on the command line.
#[derive(Debug, Clone)]
pub(crate) struct SaidClaim(pub(crate) Claim);

impl FromStr for SaidClaim {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (text, None),
        };
        let claim = match (name, value) {
            ("exact-copy", None) => Claim::ExactCopy,
            ("fine-tune", None) => Claim::FullFineTune { frozen: Vec::new() },
            ("lora-merge", rank) => Claim::LoraMerge {
                rank: rank
                    .map(|rank| {
                        rank.parse()
                            .map_err(|_| format!("`{rank}` is no rank: a whole number is"))
                    })
                    .transpose()?,
                targets: Vec::new(),
            },
            ("adapter", None) => Claim::Adapter,
            ("quantised" | "quantized", None) => Claim::Quantised,
            ("merge", None) => Claim::Merge,
            _ => {
                return Err(
                    "unknown; known are exact-copy, fine-tune, lora-merge, lora-merge=RANK, adapter, \
                     quantised and merge"
                        .to_owned(),
                );
            }
        };
        Ok(Self(claim))
    }
}

/// The claims, with what is said of frozen tensors.
pub(crate) fn claims(said: Vec<SaidClaim>, frozen: &[String]) -> Vec<Claim> {
    let claims = said.into_iter().map(|SaidClaim(claim)| match claim {
        Claim::FullFineTune { .. } => Claim::FullFineTune {
            frozen: frozen.to_vec(),
        },
        claim => claim,
    });
    claims.collect()
}

pub(crate) fn run(arguments: CompareArguments, common: &Common) -> anyhow::Result<u8> {
    let request = CompareRequest {
        target: arguments.target,
        bases: arguments.base,
        claims: claims(arguments.claim, &arguments.frozen),
    };
    let compared = working(common, |work| {
        bonafide_engine::compare_models(&request, work)
    })?;
    let answer = match arguments.output {
        Form::Json => {
            let document = serde_json::json!({
                "limit": WEIGHTS_LIMIT,
                "sanity": compared.sanity,
                "against": compared.against,
            });
            format!("{document:#}\n")
        }
        Form::Text => text(&compared),
    };
    match &arguments.write {
        Some(path) => write_file(path, answer.as_bytes())?,
        None if arguments.output == Form::Json || !common.quiet => print(&answer)?,
        None => {}
    }
    Ok(exit_code(&compared))
}

/// 1 where a claim is contradicted, 2 where one could not be decided.
fn exit_code(compared: &Compared) -> u8 {
    let claims = &compared.against.claims;
    if claims
        .iter()
        .any(|standing| !standing.violations.is_empty())
    {
        return 1;
    }
    let undecided = claims.iter().any(|standing| standing.undecided.is_some());
    match compared.against.comparison {
        Look::Known(_) if !undecided => 0,
        _ => 2,
    }
}

fn text(compared: &Compared) -> String {
    let mut text = String::new();
    match &compared.against.comparison {
        Look::Known(comparison) => describe(&mut text, comparison),
        Look::Unable(reason) => {
            let _ = writeln!(text, "not compared: {reason}");
        }
        Look::NotAsked => {}
    }
    for standing in &compared.against.claims {
        let claim = serde_json::to_value(&standing.claim).unwrap_or_default();
        let claim = claim
            .get("claim")
            .and_then(|name| name.as_str())
            .unwrap_or_default()
            .to_owned();
        let verdict = match (&standing.undecided, standing.violations.is_empty()) {
            (_, false) => "contradicted",
            (Some(_), true) => "undecided",
            (None, true) => "not contradicted",
        };
        let _ = writeln!(text, "\nClaim {claim}: {verdict}");
        for violation in &standing.violations {
            let _ = writeln!(text, "  {}", violation.message);
            for tensor in &violation.tensors {
                let _ = writeln!(text, "    {}", RawName::from(tensor.as_str()));
            }
            let more = violation
                .count
                .saturating_sub(violation.tensors.len() as u64);
            if more > 0 {
                let _ = writeln!(text, "    and {more} more");
            }
        }
        if let Some(reason) = &standing.undecided {
            let _ = writeln!(text, "  {reason}");
        }
    }
    if let Some(sanity) = compared.sanity.known() {
        let _ = writeln!(
            text,
            "\nNumbers: {} tensors looked at, {} with something odd, {} not looked at",
            sanity.tensors,
            sanity.anomalies.len() as u64 + sanity.omitted,
            sanity.unread.len()
        );
    }
    let _ = writeln!(text, "\n{WEIGHTS_LIMIT}");
    text
}

fn describe(text: &mut String, comparison: &Comparison) {
    let relation = match &comparison.relation {
        TensorRelation::ExactCopy => "an exact copy".to_owned(),
        TensorRelation::LowRank { rank, matrices } => {
            format!("changes of rank {rank} in {matrices} matrices, as a merged adapter makes them")
        }
        TensorRelation::Edited { tensors } => format!("an edit of {tensors} tensors"),
        TensorRelation::FineTuned => "changes everywhere, as training makes them".to_owned(),
        TensorRelation::Quantised { schemes } => {
            format!("a quantisation ({})", schemes.join(", "))
        }
        TensorRelation::Adapter { rank, targets } => {
            let rank = rank.map_or(String::new(), |rank| format!(" of rank {rank}"));
            format!("an adapter{rank} for {}", targets.join(", "))
        }
        TensorRelation::Merge { weights, residual } => {
            let weights: Vec<String> = weights
                .iter()
                .map(|weight| format!("{weight:.4}"))
                .collect();
            format!(
                "a merge with the weights {} (residual {residual:.1e})",
                weights.join(", ")
            )
        }
        TensorRelation::Unrelated => "no relation".to_owned(),
        TensorRelation::Unknown { reason } => format!("not known: {reason}"),
    };
    let _ = writeln!(
        text,
        "Against {}: {relation}\n  {} tensors are equal, {} changed, {} added, {} removed, {} not compared",
        comparison.bases.join(", "),
        comparison.equal,
        comparison.changed,
        comparison.added_count,
        comparison.removed_count,
        comparison.uncompared.len()
    );
    for change in comparison.changes.iter().take(10) {
        let norm = change
            .relative_norm
            .map_or(String::new(), |norm| format!(", relative norm {norm:.2e}"));
        let rank = change.rank.map_or(String::new(), |rank| {
            let at_least = if rank.rank >= rank.computed && rank.rank < rank.full {
                "at least "
            } else {
                ""
            };
            format!(", rank {at_least}{} of {}", rank.rank, rank.full)
        });
        let _ = writeln!(
            text,
            "    {}{norm}{rank}",
            RawName::from(change.tensor.as_str())
        );
    }
    let more = comparison.changed.saturating_sub(10);
    if more > 0 && comparison.changes.len() > 10 {
        let _ = writeln!(text, "    and {more} more");
    }
    for (name, reason) in comparison.uncompared.iter().take(5) {
        let _ = writeln!(
            text,
            "  not compared: {}: {reason}",
            RawName::from(name.as_str())
        );
    }
}
