//! Known-good Sigstore bundles with one thing changed: none may be accepted, and each
//! has to be refused for what was changed.
//!
//! The bundles are those of the private instance in `fixtures/sigstore`, and where the
//! published vectors are there, the real ones too.

mod content;
mod der;
mod equivalent;
mod evidence;
mod frozen;
mod malleable;
mod mutant;
mod shape;
mod specimen;
mod text;
mod trust;

use bonafide_attest::trusted_root::EMBEDDED_TRUSTED_ROOT;

use self::equivalent::Equivalents;
use self::mutant::{Class, Mutants, Tally};
use self::specimen::Specimen;

/// Attacks a specimen with every mutant, or with one in so many.
fn attack(specimen: &Specimen, donors: &[Specimen], tally: &mut Tally, first: usize, step: usize) {
    let mut mutants = Mutants::new(specimen, first, step);
    content::signature(&mut mutants, donors);
    content::payload(&mut mutants, donors);
    content::statement(&mut mutants);
    content::certificate(&mut mutants, donors);
    evidence::entry(&mut mutants, donors);
    evidence::proof(&mut mutants, donors);
    evidence::checkpoint(&mut mutants, donors);
    evidence::timestamp(&mut mutants, donors);
    evidence::unsigned_time(&mut mutants);
    shape::media_type(&mut mutants);
    shape::members(&mut mutants);
    shape::presence(&mut mutants, donors);
    shape::text(&mut mutants);
    mutants.judge(tally);
}

/// One of each kind, which meet every mutant; the others meet a part of them.
const WHOLE: [&str; 5] = [
    "dsse-slsa-rekor1",
    "managed-key-rekor1",
    "message-rekor1",
    "message-rekor2",
    "oms-rekor1-tsa",
];

#[test]
fn no_mutant_of_the_private_instance_is_accepted() {
    let specimens = specimen::fixtures();
    let mut tally = Tally::default();
    for (number, specimen) in specimens.iter().enumerate() {
        let step = if WHOLE.contains(&specimen.name.as_str()) {
            1
        } else {
            6
        };
        attack(specimen, &specimens, &mut tally, number, step);
    }
    tally.finish("mutants of fixtures/sigstore");
    for class in Class::OF_BUNDLES {
        assert!(tally.of(class) >= 50, "{class:?}: {}", tally.of(class));
    }
    assert!(tally.total() > 5_000, "{}", tally.total());
}

#[test]
fn no_mutant_of_a_published_bundle_is_accepted() {
    let Some(vectors) = crate::harness::vectors() else {
        return;
    };
    let specimens = specimen::published(&vectors);
    assert_eq!(specimens.len(), 25);
    let mut tally = Tally::default();
    for (number, specimen) in specimens.iter().enumerate() {
        attack(specimen, &specimens, &mut tally, number, 6);
    }
    tally.finish("mutants of published bundles");
}

fn equivalents(specimens: &[Specimen], step: usize) {
    let mut wrong = Vec::new();
    let mut tally = Tally::default();
    let (mut changed, mut tokens) = (0, 0);
    for specimen in specimens {
        changed += Equivalents::of(specimen).judge(&mut wrong);
        tokens += equivalent::unsigned_parts_of_tokens(specimen, &mut tally, step);
        equivalent::with_less(specimen);
    }
    assert!(
        wrong.is_empty(),
        "{} of {changed}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    tally.finish("damage to unsigned parts of timestamps");
    eprintln!("{changed} changes and {tokens} damaged tokens leave a bundle as good as it was");
    assert!(changed > 200 && tokens > 50, "{changed} {tokens}");
}

#[test]
fn what_nobody_signs_changes_nothing_and_is_not_reported() {
    equivalents(&specimen::fixtures(), 1);
    if let Some(vectors) = crate::harness::vectors() {
        equivalents(&specimen::published(&vectors), 8);
    }
}

#[test]
fn every_frozen_bundle_is_judged_as_its_index_says() {
    frozen::accepted(&specimen::fixtures());
    frozen::rejected();
}

#[test]
fn no_other_trust_will_do() {
    let entries = specimen::index("bundles.json");
    let others = serde_json::from_str(EMBEDDED_TRUSTED_ROOT).unwrap();
    let mut tally = Tally::default();
    for specimen in specimen::fixtures() {
        let entry = &entries[&format!("{}.sigstore.json", specimen.name)];
        trust::services(&specimen, entry, &others, &mut tally);
        trust::roots(&specimen, entry, &mut tally);
        trust::identities(&specimen, entry, &mut tally);
        trust::patterns_that_match(&specimen, entry);
    }
    tally.finish("good bundles under another trust");
    assert!(tally.of(Class::Trust) > 200 && tally.of(Class::Identity) > 500);
}
