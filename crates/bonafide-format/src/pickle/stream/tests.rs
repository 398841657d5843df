use bonafide_core::RawName;

use crate::{Coverage, FileInspection, InspectionBudget, Weight, inspect};

fn inspected(bytes: &[u8]) -> FileInspection {
    inspect(
        &RawName::from("model.pkl"),
        &bytes,
        &InspectionBudget::DEFAULT,
    )
}

fn rules(inspection: &FileInspection) -> Vec<&str> {
    let mut rules: Vec<&str> = inspection
        .defects
        .iter()
        .map(|defect| defect.rule.slug)
        .collect();
    rules.dedup();
    rules
}

const RUN: &[u8] = b"cos\nsystem\n(S'true'\ntR";

#[test]
fn no_number_of_opcodes_hides_a_call() {
    let mut pickle = b"\x80\x04".to_vec();
    pickle.extend(b"N0".repeat(1_500_000));
    pickle.extend(RUN);
    pickle.push(b'.');
    let inspection = inspected(&pickle);
    assert_eq!(
        rules(&inspection),
        ["pickle-dangerous-call", "pickle-dangerous-global"]
    );
    assert_eq!(inspection.coverage(), Coverage::Scanned);
}

#[test]
fn no_number_of_pickles_hides_a_call() {
    let mut pickles = b"\x80\x02N.".repeat(20_000);
    pickles.extend(b"\x80\x02");
    pickles.extend(RUN);
    pickles.push(b'.');
    assert_eq!(inspected(&pickles).weight(), Some(Weight::Deny));
}

#[test]
fn what_is_nested_deeply_is_said() {
    let mut pickle = b"\x80\x02)".to_vec();
    pickle.extend(b"\x85".repeat(30_000));
    pickle.push(b'.');
    assert_eq!(rules(&inspected(&pickle)), ["pickle-expansion"]);
    // As many containers beside each other are nothing.
    let mut pickle = b"\x80\x02](".to_vec();
    pickle.extend(b")\x85".repeat(30_000));
    pickle.extend(b"e.");
    assert_eq!(inspected(&pickle).weight(), None);
}

#[test]
fn text_and_numbers_are_no_pickles() {
    let words = "cat\ndog\nbird\n.net\n";
    let readme = "Copyright (c) the authors. This is a model of things, and it is large.\n";
    let json = "{\"a\": [1, 2]}";
    let python = "import os\n\n\ndef f():\n    return 1\n";
    let table = "I,J,K\n1,2,3\n";
    let numbers: Vec<u8> = (0..4096_u32)
        .flat_map(|number| (number as f32).to_le_bytes())
        .collect();
    let texts = [
        words, readme, json, python, table, "N/A.\n", "(a) b.\n", "]\n",
    ];
    for bytes in texts
        .iter()
        .map(|text| text.as_bytes())
        .chain([&numbers[..]])
    {
        let format = inspected(bytes).format();
        assert_ne!(
            format,
            Some("pickle"),
            "{:?}",
            String::from_utf8_lossy(bytes)
        );
    }
}

#[test]
fn claims_about_length_cost_nothing() {
    for claim in [
        &b"\x80\x04]\x94\x8e\xff\xff\xff\xff\xff\xff\xff\x7f"[..],
        b"\x80\x04]\x94\x96\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\x80\x04]\x94\x8b\xff\xff\xff\x7f",
        b"\x80\x04]\x94\x8b\xff\xff\xff\xff",
        b"\x80\x04]r\xff\xff\xff\xff\x94\x94.",
        b"\x80\x04]p99999999999999999999\n.",
        b"\x80\x04]\x94\x95\xff\xff\xff\xff\xff\xff\xff\xff.",
    ] {
        let inspection = inspected(claim);
        assert_eq!(inspection.format(), Some("pickle"));
        let whole = inspection.weight().is_none();
        // Only a number of the memo may be as large as it likes.
        assert_eq!(whole, claim.contains(&b'r'), "{claim:?}");
    }
}

/// Bytes that are changed at random: nothing panics, and nothing that was denied for a
/// call at the start becomes clean by damage behind it.
#[test]
fn damage_is_survived() {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below.max(1) as u64).unwrap()
    };
    let folder =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/models/pickle");
    let mut seeds: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| std::fs::read(entry.unwrap().path()).unwrap())
        .filter(|bytes| bytes.len() < 4096)
        .collect();
    seeds.sort();
    assert!(seeds.len() > 50);
    for round in 0..4000 {
        let mut bytes = seeds[round % seeds.len()].clone();
        for _ in 0..=random(3) {
            let at = random(bytes.len());
            match random(6) {
                0 => bytes[at] ^= 1 << random(8),
                1 => bytes[at] = 0xff,
                2 => bytes.truncate(at.max(1)),
                3 => {
                    let end = (at + random(40)).min(bytes.len());
                    let slice = bytes[at..end].to_vec();
                    bytes.splice(at..at, slice);
                }
                4 => {
                    let end = (at + 8).min(bytes.len());
                    bytes[at..end].fill(0xff);
                }
                _ => bytes[at] = u8::try_from(random(256)).unwrap(),
            }
        }
        let inspection = inspected(&bytes);
        for body in &inspection.bodies {
            let covered: u64 = body
                .spans
                .iter()
                .map(|span| span.range.end - span.range.start)
                .sum();
            assert_eq!(covered, body.size);
        }
    }
    for length in 0..64 {
        let mut bytes = b"\x80\x02".to_vec();
        bytes.extend(RUN);
        bytes.extend((0..length).map(|_| u8::try_from(random(256)).unwrap()));
        assert_eq!(inspected(&bytes).weight(), Some(Weight::Deny));
    }
}

/// A row of plain values costs next to nothing, and what comes behind it is read.
#[test]
fn millions_of_plain_pickles_are_read_to_their_end() {
    let plain: [&[u8]; 5] = [
        b"\x80\x02N.",
        b"\x80\x04].",
        b"\x80\x02}q\x00.",
        b"\x80\x04]\x94.",
        b"\x80\x03K\x01.",
    ];
    let mut bytes: Vec<u8> = plain
        .iter()
        .cycle()
        .take(500_000)
        .copied()
        .flatten()
        .copied()
        .collect();
    let harmless = inspected(&bytes);
    assert_eq!(
        (harmless.weight(), harmless.coverage()),
        (None, Coverage::Scanned)
    );
    bytes.extend_from_slice(b"cos\nsystem\n(S'true'\ntR.");
    let harmful = inspected(&bytes);
    assert_eq!(harmful.weight(), Some(Weight::Deny));
    assert_eq!(harmful.coverage(), Coverage::Scanned);
}
