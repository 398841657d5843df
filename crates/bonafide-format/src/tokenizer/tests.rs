use std::path::{Path, PathBuf};

use bonafide_core::RawName;

use crate::budget::InspectionBudget;
use crate::coverage::Coverage;
use crate::inspection::{FileInspection, inspect};

fn read(name: &str, bytes: &[u8]) -> FileInspection {
    inspect(&RawName::from(name), &bytes, &InspectionBudget::DEFAULT)
}

fn fixtures() -> Vec<(String, Vec<u8>)> {
    fn gather(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                gather(&path, found);
            } else {
                found.push(path);
            }
        }
    }
    let mut paths = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/models/tokenizers");
    gather(&root, &mut paths);
    paths.sort();
    let named = |path: PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name, std::fs::read(path).unwrap())
    };
    paths.into_iter().map(named).collect()
}

/// Blanks and the order of members make no difference; any token does.
#[test]
fn the_digest_is_of_what_is_said() {
    let honest = fixtures()
        .into_iter()
        .find(|(name, _)| name == "tokenizer.json")
        .unwrap()
        .1;
    let first = read("tokenizer.json", &honest).facts.tokenizer;
    assert!(first.is_some());
    let value: serde_json::Value = serde_json::from_slice(&honest).unwrap();
    let compact = serde_json::to_vec(&value).unwrap();
    assert_ne!(compact, honest);
    assert_eq!(read("x", &compact).facts.tokenizer, first);
    let mut swapped = value.clone();
    let vocabulary = swapped["model"]["vocab"].as_object_mut().unwrap();
    let (left, right) = (vocabulary["a"].clone(), vocabulary["b"].clone());
    vocabulary.insert("a".to_owned(), right);
    vocabulary.insert("b".to_owned(), left);
    let swapped = read("x", &serde_json::to_vec(&swapped).unwrap());
    // Nothing in the file itself tells that two tokens have changed places.
    assert_eq!(swapped.defects, []);
    assert_ne!(swapped.facts.tokenizer, first);
}

/// Where the fields of a message end, all of them shorter than 128 bytes.
fn field_ends(model: &[u8]) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut at = 0;
    while at < model.len() {
        at += 2 + usize::from(model[at + 1]);
        ends.push(at);
    }
    ends
}

#[test]
fn what_is_behind_or_cut_is_not_clean() {
    let (_, model) = fixtures()
        .into_iter()
        .find(|(name, _)| name == "honest.model")
        .unwrap();
    assert_eq!(read("a.model", &model).weight(), None);
    // Cut anywhere but between two fields it is not a model. Its first byte alone is a
    // line break, which is text.
    let mut whole = Vec::new();
    for cut in 2..model.len() {
        let found = read("a.model", &model[..cut]);
        if found.weight().is_none() && found.coverage() == Coverage::Scanned {
            whole.push(cut);
        }
    }
    let ends = field_ends(&model);
    assert!(
        whole.iter().all(|cut| ends.contains(cut)),
        "{whole:?} {ends:?}"
    );
    assert!(!whole.is_empty());
    let mut longer = model.clone();
    longer.extend([0xff; 40]);
    let found = read("a.model", &longer);
    assert!(found.weight().is_some());
}

/// Any bytes at all are read without a panic.
#[test]
fn changed_tokenizers_are_read() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |limit: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % (limit.max(1) as u64)).unwrap()
    };
    for (name, bytes) in fixtures() {
        for _ in 0..60 {
            let mut bytes = bytes.clone();
            match next(4) {
                0 => bytes.truncate(next(bytes.len())),
                1 => {
                    let at = next(bytes.len());
                    bytes[at] = u8::try_from(next(256)).unwrap();
                }
                2 => {
                    let from = next(bytes.len());
                    let to = (from + next(80)).min(bytes.len());
                    let slice = bytes[from..to].to_vec();
                    let at = next(bytes.len());
                    bytes.splice(at..at, slice);
                }
                _ => {
                    let from = next(bytes.len());
                    let to = (from + next(20)).min(bytes.len());
                    bytes[from..to].fill(0xff);
                }
            }
            let mut files = vec![read(&name, &bytes)];
            crate::relation::relate(&mut files);
            assert_eq!(files[0].size, bytes.len() as u64);
        }
    }
}
