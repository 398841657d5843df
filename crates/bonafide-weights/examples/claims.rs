//! Compares a model with its bases, holds claims against what the numbers show, and prints
//! all of it as JSON:
//!
//! ```text
//! claims MODEL --base BASE [--base BASE …] --claim CLAIM [--claim CLAIM …] [--adapter JSON]
//! ```
//!
//! A model is a file or a directory of files (safetensors, GGUF). Claims are `exact-copy`,
//! `full-fine-tune`, `lora-merge`, `lora-merge:8`, `adapter`, `quantised`, `merge`.

use std::error::Error;
use std::io::Write;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use bonafide_core::RawName;
use bonafide_format::{InspectionBudget, Tensor, inspect};
use bonafide_weights::{AdapterDeclaration, Claim, CompareOptions, WeightFile, compare, judge_all};

/// A file that was read.
struct Read {
    name: String,
    bytes: Vec<u8>,
    tensors: Vec<Tensor>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let (mut model, mut bases, mut claims, mut adapter) = (None, Vec::new(), Vec::new(), None);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--base" => bases.push(arguments.next().ok_or("--base needs a path")?),
            "--claim" => claims.push(claim(&arguments.next().ok_or("--claim needs a claim")?)?),
            "--adapter" => adapter = arguments.next(),
            _ => model = Some(argument),
        }
    }
    let model = read(Path::new(&model.ok_or("no model is given")?))?;
    let bases: Vec<(String, Vec<Read>)> = bases
        .into_iter()
        .map(|path| Ok((path.clone(), read(Path::new(&path))?)))
        .collect::<Result<_, Box<dyn Error>>>()?;
    let mut options = CompareOptions::for_claims(&claims);
    if let Some(path) = adapter {
        options.adapter = declaration(&std::fs::read(path)?)?;
    }
    let files: Vec<(String, Vec<WeightFile<'_>>)> = bases
        .iter()
        .map(|(name, files)| (name.clone(), weights(files)))
        .collect();
    let workers = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let comparison = compare(&weights(&model), &files, &options, workers);
    let claims: Vec<(Claim, String)> = claims
        .into_iter()
        .map(|claim| (claim, "command line".to_owned()))
        .collect();
    let standings = judge_all(&comparison, &claims);
    let result = serde_json::json!({ "comparison": comparison, "claims": standings });
    writeln!(std::io::stdout(), "{result}")?;
    Ok(())
}

fn claim(text: &str) -> Result<Claim, Box<dyn Error>> {
    Ok(match text.split_once(':').unwrap_or((text, "")) {
        ("exact-copy", _) => Claim::ExactCopy,
        ("full-fine-tune", frozen) => Claim::FullFineTune {
            frozen: frozen
                .split(',')
                .filter(|name| !name.is_empty())
                .map(str::to_owned)
                .collect(),
        },
        ("lora-merge", "") => Claim::LoraMerge {
            rank: None,
            targets: Vec::new(),
        },
        ("lora-merge", rank) => Claim::LoraMerge {
            rank: Some(rank.parse()?),
            targets: Vec::new(),
        },
        ("adapter", _) => Claim::Adapter,
        ("quantised", _) => Claim::Quantised,
        ("merge", _) => Claim::Merge,
        _ => return Err(format!("`{text}` is no claim").into()),
    })
}

/// What `adapter_config.json` says.
fn declaration(bytes: &[u8]) -> Result<AdapterDeclaration, Box<dyn Error>> {
    let json: serde_json::Value = serde_json::from_slice(bytes)?;
    let names = |key: &str| {
        let list = json.get(key).and_then(|list| list.as_array());
        list.into_iter()
            .flatten()
            .filter_map(|name| Some(name.as_str()?.to_owned()))
            .collect()
    };
    let rank = json.get("r").and_then(serde_json::Value::as_u64);
    Ok(AdapterDeclaration {
        rank: rank.and_then(|rank| u32::try_from(rank).ok()),
        targets: names("target_modules"),
        saved: names("modules_to_save"),
        ..AdapterDeclaration::default()
    })
}

fn read(path: &Path) -> Result<Vec<Read>, Box<dyn Error>> {
    let mut paths: Vec<PathBuf> = vec![path.to_owned()];
    if path.is_dir() {
        paths = std::fs::read_dir(path)?
            .map(|entry| Ok(entry?.path()))
            .collect::<Result<_, std::io::Error>>()?;
        paths.retain(|path| {
            path.extension()
                .is_some_and(|kind| kind == "safetensors" || kind == "gguf")
        });
        paths.sort();
    }
    paths
        .into_iter()
        .map(|path| {
            let bytes = std::fs::read(&path)?;
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let facts = inspect(
                &RawName::from(name.as_str()),
                &bytes,
                &InspectionBudget::DEFAULT,
            )
            .facts;
            Ok(Read {
                name,
                bytes,
                tensors: facts.tensors,
            })
        })
        .collect()
}

fn weights(files: &[Read]) -> Vec<WeightFile<'_>> {
    files
        .iter()
        .map(|file| WeightFile {
            name: file.name.clone(),
            source: &file.bytes,
            tensors: &file.tensors,
        })
        .collect()
}
