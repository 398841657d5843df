//! What a mutant is, and what has to become of it.

use std::collections::{BTreeMap, BTreeSet};

use bonafide_attest::{Category, Conclusion, examine};
use data_encoding::BASE64;
use serde_json::Value;

use super::specimen::{Specimen, now};

/// What part of a bundle a mutant attacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    Signature,
    Payload,
    Subject,
    Predicate,
    Certificate,
    Identity,
    LogEntry,
    InclusionPromise,
    InclusionProof,
    Checkpoint,
    Timestamp,
    MediaType,
    Structure,
    Trust,
}

impl Class {
    /// Those that are changes to a bundle.
    pub const OF_BUNDLES: [Self; 13] = [
        Self::Signature,
        Self::Payload,
        Self::Subject,
        Self::Predicate,
        Self::Certificate,
        Self::Identity,
        Self::LogEntry,
        Self::InclusionPromise,
        Self::InclusionProof,
        Self::Checkpoint,
        Self::Timestamp,
        Self::MediaType,
        Self::Structure,
    ];
}

/// A bundle with one change.
struct Mutant {
    class: Class,
    label: String,
    /// Categories that a refusal may have.
    expected: Vec<Category>,
    bytes: Vec<u8>,
}

/// The mutants of one specimen, or one in so many of them.
pub struct Mutants<'a> {
    pub specimen: &'a Specimen,
    list: Vec<Mutant>,
    seen: BTreeSet<Vec<u8>>,
    number: usize,
    step: usize,
}

impl<'a> Mutants<'a> {
    /// Takes one mutant of `step`, not always the same ones.
    pub fn new(specimen: &'a Specimen, first: usize, step: usize) -> Self {
        let bytes = serde_json::to_vec(&specimen.document).unwrap();
        Self {
            specimen,
            list: Vec::new(),
            seen: BTreeSet::from([specimen.bytes.clone(), bytes]),
            number: first,
            step,
        }
    }

    /// Adds these bytes. Some changes are none for some bundles, such as a field that
    /// two of them share; those are left out.
    pub fn add(
        &mut self,
        class: Class,
        expected: &[Category],
        label: &str,
        bytes: impl FnOnce() -> Vec<u8>,
    ) {
        self.number += 1;
        if !self.number.is_multiple_of(self.step) {
            return;
        }
        let bytes = bytes();
        if self.seen.insert(bytes.clone()) {
            self.list.push(Mutant {
                class,
                label: label.to_owned(),
                expected: expected.to_vec(),
                bytes,
            });
        }
    }

    /// Adds a copy of the document with a change.
    pub fn change(
        &mut self,
        class: Class,
        expected: &[Category],
        label: &str,
        change: impl FnOnce(&mut Value),
    ) {
        let specimen = self.specimen;
        self.add(class, expected, label, || {
            let mut document = specimen.document.clone();
            change(&mut document);
            serde_json::to_vec(&document).unwrap()
        });
    }

    /// Replaces a value that is there; does nothing where it is not.
    pub fn replace(
        &mut self,
        class: Class,
        expected: &[Category],
        pointer: &str,
        label: &str,
        value: impl Into<Value>,
    ) {
        if self.specimen.has(pointer) {
            let value = value.into();
            let label = format!("{pointer} {label}");
            self.change(class, expected, &label, |document| {
                *document.pointer_mut(pointer).unwrap() = value;
            });
        }
    }

    /// Removes a member or an element that is there.
    pub fn remove(&mut self, class: Class, expected: &[Category], pointer: &str) {
        if self.specimen.has(pointer) {
            self.change(class, expected, &format!("{pointer} removed"), |document| {
                remove(document, pointer);
            });
        }
    }

    /// Replaces decoded bytes of a base64 text.
    pub fn replace_bytes(
        &mut self,
        class: Class,
        expected: &[Category],
        pointer: &str,
        label: &str,
        bytes: &[u8],
    ) {
        self.replace(class, expected, pointer, label, BASE64.encode(bytes));
    }

    /// The bytes of a base64 text, if it is there.
    pub fn bytes(&self, pointer: &str) -> Option<Vec<u8>> {
        let text = self.specimen.document.pointer(pointer)?.as_str()?;
        Some(BASE64.decode(text.as_bytes()).unwrap())
    }

    /// Flips single bits all over the bytes of a base64 text, cuts it and lengthens it.
    pub fn damage(&mut self, class: Class, expected: &[Category], pointer: &str, flips: usize) {
        let Some(bytes) = self.bytes(pointer) else {
            return;
        };
        let step = (bytes.len() / flips).max(1);
        let last = bytes.len().saturating_sub(1);
        let positions = (0..bytes.len()).step_by(step).chain([last]);
        for (number, position) in positions.enumerate() {
            let mut flipped = bytes.clone();
            flipped[position] ^= 1 << (number % 8);
            let label = format!("byte {position} flipped");
            self.replace_bytes(class, expected, pointer, &label, &flipped);
        }
        let (_, shorter) = bytes.split_last().unwrap();
        self.replace_bytes(class, expected, pointer, "cut short", shorter);
        let half = &bytes[..bytes.len() / 2];
        self.replace_bytes(class, expected, pointer, "cut in half", half);
        let longer = [&bytes[..], &[0]].concat();
        self.replace_bytes(class, expected, pointer, "with a byte more", &longer);
        let zeros = vec![0; bytes.len()];
        self.replace_bytes(class, expected, pointer, "zeroed", &zeros);
    }

    /// Examines them.
    pub fn judge(&self, tally: &mut Tally) {
        for mutant in &self.list {
            let name = format!(
                "{}: {:?}: {}",
                self.specimen.name, mutant.class, mutant.label
            );
            let examinations = examine(&mutant.bytes, &self.specimen.trust, now());
            assert!(!examinations.is_empty(), "{name}");
            for examination in examinations {
                tally.count(
                    mutant.class,
                    &name,
                    &mutant.expected,
                    &examination.conclusion,
                );
            }
        }
    }
}

/// Removes a member or an element.
pub fn remove(document: &mut Value, pointer: &str) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match document.pointer_mut(parent).unwrap() {
        Value::Object(object) => drop(object.remove(name).unwrap()),
        Value::Array(list) => drop(list.remove(name.parse().unwrap())),
        _ => panic!("{pointer}"),
    }
}

/// How many mutants of each class there were, and which of them went wrong.
#[derive(Default)]
pub struct Tally {
    classes: BTreeMap<Class, usize>,
    found: BTreeMap<(Class, &'static str), usize>,
    wrong: Vec<String>,
}

impl Tally {
    pub fn count(
        &mut self,
        class: Class,
        name: &str,
        expected: &[Category],
        conclusion: &Conclusion,
    ) {
        *self.classes.entry(class).or_default() += 1;
        match conclusion.category() {
            None => self.wrong.push(format!("ACCEPTED {name}")),
            Some(category) => {
                *self.found.entry((class, category.name())).or_default() += 1;
                if !expected.contains(&category) {
                    let conclusion: String = format!("{conclusion:?}").chars().take(200).collect();
                    self.wrong.push(format!(
                        "{name}: {category}, not {expected:?}: {conclusion}"
                    ));
                }
            }
        }
    }

    pub fn of(&self, class: Class) -> usize {
        self.classes.get(&class).copied().unwrap_or_default()
    }

    pub fn total(&self) -> usize {
        self.classes.values().sum()
    }

    /// Prints the table, and fails if one mutant was not refused as it should be.
    pub fn finish(&self, title: &str) {
        let mut table = format!(
            "{title}\n{:<18}{:>8}{:>9}  as\n",
            "class", "mutants", "refused"
        );
        for (class, mutants) in &self.classes {
            let of_class = |(found, _): &(&(Class, &'static str), &usize)| found.0 == *class;
            let found: Vec<_> = self.found.iter().filter(of_class).collect();
            let refused: usize = found.iter().map(|(_, count)| **count).sum();
            let categories: Vec<String> = found
                .iter()
                .map(|((_, name), count)| format!("{name} {count}"))
                .collect();
            let categories = categories.join(", ");
            let class = format!("{class:?}");
            table.push_str(&format!(
                "{class:<18}{mutants:>8}{refused:>9}  {categories}\n"
            ));
        }
        eprintln!("{table}");
        assert!(
            self.wrong.is_empty(),
            "{} of {} went wrong:\n{}",
            self.wrong.len(),
            self.total(),
            self.wrong.join("\n")
        );
    }
}
