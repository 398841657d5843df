//! Changes to what a log and a timestamp authority say.

use bonafide_attest::Category;
use bonafide_attest::Category::{
    Certificate, Checkpoint, InclusionPromise, InclusionProof, LogEntry, Structure, Timestamp,
};
use serde_json::{Value, json};

use super::der;
use super::mutant::{Class, Mutants};
use super::specimen::{Log, Specimen};

const ENTRY: &str = "/verificationMaterial/tlogEntries/0";
const PROMISE: &str = "/verificationMaterial/tlogEntries/0/inclusionPromise";
const SET: &str = "/verificationMaterial/tlogEntries/0/inclusionPromise/signedEntryTimestamp";
const PROOF: &str = "/verificationMaterial/tlogEntries/0/inclusionProof";
const NOTE: &str = "/verificationMaterial/tlogEntries/0/inclusionProof/checkpoint/envelope";
const BODY: &str = "/verificationMaterial/tlogEntries/0/canonicalizedBody";
const LOG_ID: &str = "/verificationMaterial/tlogEntries/0/logId/keyId";
const TOKENS: &str = "/verificationMaterial/timestampVerificationData/rfc3161Timestamps";
const TOKEN: &str =
    "/verificationMaterial/timestampVerificationData/rfc3161Timestamps/0/signedTimestamp";

/// What a wrong log entry is noticed by first. A keyless signature needs the promised
/// time before anything else; a signature by a key, only that the entry is in the log.
fn first(specimen: &Specimen) -> Category {
    if specimen.is_promised() && !specimen.is_by_key() {
        InclusionPromise
    } else {
        InclusionProof
    }
}

/// The entry itself, and the promise over it.
pub fn entry(mutants: &mut Mutants<'_>, donors: &[Specimen]) {
    let specimen = mutants.specimen;
    if specimen.log == Log::None {
        return;
    }
    let first = first(specimen);
    mutants.damage(Class::LogEntry, &[first], BODY, 24);
    if specimen.is_promised() {
        mutants.damage(Class::InclusionPromise, &[InclusionPromise], SET, 16);
        let promised = |field: &str| specimen.document.pointer(&format!("{ENTRY}/{field}"));
        for field in ["logIndex", "integratedTime"] {
            let value: i64 = promised(field).unwrap().as_str().unwrap().parse().unwrap();
            for other in [value + 1, value - 1, value + 86_400, 0, 1, i64::MAX] {
                // Both are signed, so the promise is what does not hold; but a time that no
                // calendar has cannot be read, and 0 stands for none.
                let needed = !specimen.is_timestamped() && !specimen.is_by_key();
                let expected = match (field, other) {
                    ("integratedTime", i64::MAX) => Structure,
                    ("integratedTime", 0) if needed => Timestamp,
                    _ => InclusionPromise,
                };
                let pointer = format!("{ENTRY}/{field}");
                let label = format!("{other}");
                let value = other.to_string();
                mutants.replace(
                    Class::InclusionPromise,
                    &[expected],
                    &pointer,
                    &label,
                    value,
                );
            }
        }
        mutants.damage(
            Class::InclusionPromise,
            &[InclusionPromise, Structure, LogEntry],
            LOG_ID,
            8,
        );
    }
    for donor in donors {
        for pointer in [SET, PROMISE] {
            take(
                mutants,
                Class::InclusionPromise,
                &[InclusionPromise],
                pointer,
                donor,
            );
        }
        take(mutants, Class::LogEntry, &[first], BODY, donor);
        let ((ours, log), (theirs, other)) = (specimen.logged(), donor.logged());
        if ours != theirs && log == other {
            // Of another signature, or of a time at which certificate or log did not hold.
            take(
                mutants,
                Class::LogEntry,
                &[LogEntry, Certificate, InclusionPromise],
                ENTRY,
                donor,
            );
        }
    }
    if !specimen.is_by_key() {
        // Before version 0.3 a chain without log entries is one of an authority of
        // one's own, whom nobody trusts here, and which signs no messages.
        let old = specimen.has("/verificationMaterial/x509CertificateChain");
        let expected = match (old, specimen.has("/messageSignature")) {
            (false, _) => LogEntry,
            (true, true) => Structure,
            (true, false) => Certificate,
        };
        mutants.remove(Class::LogEntry, &[expected], ENTRY);
        mutants.remove(
            Class::LogEntry,
            &[expected],
            "/verificationMaterial/tlogEntries",
        );
        mutants.replace(
            Class::LogEntry,
            &[expected],
            "/verificationMaterial/tlogEntries",
            "null",
            Value::Null,
        );
    }
    kinds(mutants);
}

/// The kind is said outside of what is signed, and has to be that of the entry.
fn kinds(mutants: &mut Mutants<'_>) {
    let kind = format!("{ENTRY}/kindVersion");
    let second = mutants.specimen.log == Log::Second;
    for (name, version, known) in [
        ("hashedrekord", "0.0.1", true),
        ("hashedrekord", "0.0.2", true),
        ("dsse", "0.0.1", true),
        ("intoto", "0.0.2", true),
        ("hashedrekord", "0.0.3", false),
        ("hashedrekord", "", false),
        ("dsse", "0.0.2", false),
        ("intoto", "0.0.1", false),
        ("rekord", "0.0.1", false),
        ("Hashedrekord", "0.0.1", false),
        ("", "", false),
    ] {
        let as_second = (name, version) == ("hashedrekord", "0.0.2");
        let expected: &[Category] = match (known, second || as_second) {
            (false, _) => &[Structure],
            // Version 2 counts the leaves of one tree, version 1 of all that it ever had.
            (true, true) => &[InclusionProof, LogEntry],
            (true, false) => &[LogEntry],
        };
        let label = format!("{name} {version}");
        let value = json!({"kind": name, "version": version});
        mutants.replace(Class::LogEntry, expected, &kind, &label, value);
    }
}

/// The proof that the entry is in the tree.
pub fn proof(mutants: &mut Mutants<'_>, donors: &[Specimen]) {
    let specimen = mutants.specimen;
    let Some(proof) = specimen.document.pointer(PROOF) else {
        return;
    };
    let class = Class::InclusionProof;
    mutants.remove(class, &[InclusionProof], PROOF);
    mutants.replace(class, &[InclusionProof], PROOF, "null", Value::Null);
    let hashes = format!("{PROOF}/hashes");
    let list = proof["hashes"].as_array().cloned().unwrap_or_default();
    for index in 0..list.len() {
        let pointer = format!("{hashes}/{index}");
        // A hash of another length is no hash.
        mutants.damage(class, &[InclusionProof, Structure], &pointer, 4);
        mutants.remove(class, &[InclusionProof], &pointer);
    }
    if list.len() > 1 {
        let mut reversed = list.clone();
        reversed.reverse();
        mutants.replace(class, &[InclusionProof], &hashes, "reversed", reversed);
        let mut swapped = list.clone();
        swapped.swap(0, 1);
        mutants.replace(
            class,
            &[InclusionProof],
            &hashes,
            "first two swapped",
            swapped,
        );
    }
    let zero = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    let with = |count: usize| -> Vec<Value> {
        let more = std::iter::repeat_n(json!(zero), count);
        list.iter().cloned().chain(more).collect()
    };
    mutants.replace(class, &[InclusionProof], &hashes, "and one more", with(1));
    let limit = 65 - list.len();
    mutants.replace(class, &[InclusionProof], &hashes, "65 of them", with(limit));
    mutants.replace(class, &[Structure], &hashes, "66 of them", with(limit + 1));
    mutants.replace(class, &[InclusionProof], &hashes, "empty", json!([]));

    // Rekor version 2: the place of the leaf is that of the entry. Version 1: that of the proof.
    let index = match specimen.log {
        Log::Second => format!("{ENTRY}/logIndex"),
        _ => format!("{PROOF}/logIndex"),
    };
    numbers(mutants, &[InclusionProof], &index);
    mutants.remove(class, &[InclusionProof], &index);
    if specimen.log == Log::First {
        numbers(mutants, &[InclusionProof], &format!("{PROOF}/treeSize"));
        // The root stands in the checkpoint too.
        mutants.damage(
            class,
            &[Checkpoint, Structure],
            &format!("{PROOF}/rootHash"),
            8,
        );
    }
    // Published bundles share entries with each other.
    let is_other =
        |donor: &&Specimen| donor.log == specimen.log && donor.logged().0 != specimen.logged().0;
    for donor in donors.iter().filter(is_other) {
        take(mutants, class, &[InclusionProof], PROOF, donor);
        take(mutants, class, &[InclusionProof], &hashes, donor);
    }
}

fn numbers(mutants: &mut Mutants<'_>, expected: &[Category], pointer: &str) {
    let Some(text) = mutants.specimen.document.pointer(pointer) else {
        return;
    };
    let value: i64 = text.as_str().unwrap().parse().unwrap();
    for other in [
        value + 1,
        value - 1,
        value + 2,
        value ^ 4,
        value * 2,
        0,
        1,
        i64::MAX,
    ] {
        let label = other.to_string();
        // A negative number is none of ours.
        let expected = if other < 0 {
            &[Structure][..]
        } else {
            expected
        };
        let text = other.to_string();
        mutants.replace(Class::InclusionProof, expected, pointer, &label, text);
    }
}

/// The signed head of the tree.
pub fn checkpoint(mutants: &mut Mutants<'_>, donors: &[Specimen]) {
    let specimen = mutants.specimen;
    let Some(note) = specimen.document.pointer(NOTE).and_then(Value::as_str) else {
        return;
    };
    let class = Class::Checkpoint;
    // Of version 2 the proof is held against size and root of the checkpoint, and only
    // then the checkpoint against its signature. A note that is none is malformed.
    let expected: &[Category] = match specimen.log {
        Log::Second => &[Checkpoint, InclusionProof, Structure],
        _ => &[Checkpoint, Structure],
    };
    mutants.remove(class, &[Checkpoint], &format!("{PROOF}/checkpoint"));
    let mut notes: Vec<(String, String)> = Vec::new();
    let (head, signatures) = note.split_once("\n\n").unwrap();
    let lines: Vec<&str> = head.lines().collect();
    for number in 0..lines.len() {
        let with = |line: String| {
            let mut changed: Vec<String> = lines.iter().map(|&line| line.to_owned()).collect();
            changed[number] = line;
            format!("{}\n\n{signatures}", changed.join("\n"))
        };
        let line = lines[number];
        for position in [0, line.len() / 2, line.len() - 1] {
            let mut bytes = line.as_bytes().to_vec();
            bytes[position] ^= 1;
            let changed = String::from_utf8(bytes).unwrap();
            notes.push((format!("line {number}, byte {position}"), with(changed)));
        }
        notes.push((format!("line {number} empty"), with(String::new())));
        notes.push((
            format!("line {number} twice"),
            with(format!("{line}\n{line}")),
        ));
        notes.push((
            format!("line {number} with a space"),
            with(format!("{line} ")),
        ));
    }
    notes.push(("without signature".to_owned(), format!("{head}\n\n")));
    notes.push((
        "without end of head".to_owned(),
        format!("{head}\n{signatures}"),
    ));
    notes.push((
        "with a line more".to_owned(),
        format!("{head}\nmore\n\n{signatures}"),
    ));
    notes.push(("with hyphens".to_owned(), note.replace('\u{2014}', "-")));
    notes.push(("head alone".to_owned(), head.to_owned()));
    notes.push(("signatures alone".to_owned(), signatures.to_owned()));
    notes.push(("empty".to_owned(), String::new()));
    notes.push(("junk".to_owned(), "junk".to_owned()));
    notes.push(("carriage returns".to_owned(), note.replace('\n', "\r\n")));
    for (label, note) in notes {
        mutants.replace(class, expected, NOTE, &label, note);
    }
    // One line only, as the others are of witnesses, whom nobody asks.
    if signatures.lines().count() == 1 {
        let (name, signature) = signatures.trim_end().rsplit_once(' ').unwrap();
        let bytes = data_encoding::BASE64.decode(signature.as_bytes()).unwrap();
        for position in (0..bytes.len()).step_by(3) {
            let mut flipped = bytes.clone();
            flipped[position] ^= 0x10;
            let flipped = data_encoding::BASE64.encode(&flipped);
            let note = format!("{head}\n\n{name} {flipped}\n");
            let label = format!("signature, byte {position}");
            mutants.replace(class, &[Checkpoint], NOTE, &label, note);
        }
    }
    for donor in donors {
        // Published bundles share entries with each other.
        if donor.logged().0 != specimen.logged().0 {
            take(mutants, class, &[Checkpoint, InclusionProof], NOTE, donor);
        }
    }
}

/// RFC 3161 tokens.
pub fn timestamp(mutants: &mut Mutants<'_>, donors: &[Specimen]) {
    let specimen = mutants.specimen;
    let Some(token) = mutants.bytes(TOKEN) else {
        return;
    };
    let class = Class::Timestamp;
    for damage in der::damaged(&token) {
        if !der::is_unsigned(&token, &damage) {
            let label = format!("element {} {}", damage.path, damage.part);
            mutants.replace_bytes(class, &[Timestamp], TOKEN, &label, &damage.bytes);
        }
    }
    let (_, shorter) = token.split_last().unwrap();
    mutants.replace_bytes(class, &[Timestamp], TOKEN, "cut short", shorter);
    mutants.replace_bytes(class, &[Timestamp], TOKEN, "empty", &[]);
    let longer = [&token[..], &[0]].concat();
    mutants.replace_bytes(class, &[Timestamp], TOKEN, "with a byte more", &longer);
    let one = json!({"signedTimestamp": data_encoding::BASE64.encode(&token)});
    mutants.replace(
        class,
        &[Structure],
        TOKENS,
        "33 of them",
        vec![one.clone(); 33],
    );
    let wrong = json!({"signedTimestamp": data_encoding::BASE64.encode(shorter)});
    mutants.replace(
        class,
        &[Timestamp],
        TOKENS,
        "and a wrong one",
        json!([one, wrong]),
    );
    if specimen.log == Log::Second {
        mutants.remove(class, &[Timestamp], &format!("{TOKENS}/0"));
        mutants.remove(class, &[Timestamp], TOKENS);
        mutants.remove(
            class,
            &[Timestamp],
            "/verificationMaterial/timestampVerificationData",
        );
    }
    for donor in donors {
        take(mutants, class, &[Timestamp], TOKEN, donor);
    }
}

/// Times that nobody signed: a promise that is taken away takes its time with it.
pub fn unsigned_time(mutants: &mut Mutants<'_>) {
    let specimen = mutants.specimen;
    if !specimen.is_promised() || specimen.is_timestamped() || specimen.is_by_key() {
        return;
    }
    let old = specimen.document["mediaType"]
        .as_str()
        .unwrap()
        .ends_with("=0.1");
    // Version 0.1 of the format demands a promise.
    let expected = if old { InclusionPromise } else { Timestamp };
    mutants.remove(Class::InclusionPromise, &[expected], PROMISE);
    let time = format!("{ENTRY}/integratedTime");
    mutants.remove(Class::Timestamp, &[Timestamp], &time);
}

/// Takes a value from another good bundle.
fn take(
    mutants: &mut Mutants<'_>,
    class: Class,
    expected: &[Category],
    pointer: &str,
    donor: &Specimen,
) {
    if let Some(value) = donor.document.pointer(pointer) {
        let label = format!("of {}", donor.name);
        mutants.replace(class, expected, pointer, &label, value.clone());
    }
}
