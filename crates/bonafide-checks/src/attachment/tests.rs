use bonafide_core::Measured;
use bonafide_hash::{Job, ReadFailure};

use super::*;

fn digest(algorithm: Algorithm, byte: u8) -> Digest {
    Digest::new(algorithm, &vec![byte; algorithm.length()]).unwrap()
}

/// A file by name, with its digests or without.
type File<'a> = (&'a [u8], Result<Vec<Digest>, ReadFailure>);

/// What [`Survey::settle`] sees.
fn survey(files: &[File<'_>]) -> (Survey, Vec<Measurement>) {
    let mut survey = Survey::default();
    let mut measurements = Vec::new();
    for (job, (name, digests)) in files.iter().enumerate() {
        let name = RawName::new(*name);
        survey.whole_files.push(job);
        survey.open.push(OpenEntry {
            gap: Arc::new(Gap {
                name: name.clone(),
                reason: GapReason::Unlisted,
            }),
            size: Some(1),
            job: None,
            digests: Vec::new(),
        });
        measurements.push(Measurement {
            job: Job {
                name,
                range: None,
                algorithms: Vec::new(),
            },
            digests: digests
                .clone()
                .map(|digests| digests.into_iter().map(Measured::from_bytes).collect()),
        });
    }
    (survey, measurements)
}

fn has_root(files: &[File<'_>]) -> bool {
    let (mut survey, measurements) = survey(files);
    survey.note_digests(&measurements);
    survey.manifest_as_it_is().is_some()
}

#[test]
fn the_root_of_the_files_as_they_are_leaves_none_out() {
    let known = || Ok(vec![digest(Algorithm::Sha256, 1)]);
    assert!(has_root(&[(b"a", known()), (b"b", known())]));
    assert!(!has_root(&[]));
    for (name, defect) in [
        (&b"b"[..], Err(ReadFailure::Vanished)),
        (b"b", Err(ReadFailure::NotAFile)),
        (b"b", Ok(Vec::new())),
        (b"b", Ok(vec![digest(Algorithm::Sha512, 1)])),
        (b"b\xff", known()),
        // Not even where a manifest would leave it out.
        (b".git/b\xff", known()),
    ] {
        assert!(!has_root(&[(b"a", known()), (name, defect)]));
    }
}

#[test]
fn links_and_fifos_have_no_place_in_the_root() {
    let known = || Ok(vec![digest(Algorithm::Sha256, 1)]);
    let (mut survey, measurements) = survey(&[(b"a", known()), (b"b", known())]);
    survey.note_digests(&measurements);
    assert!(survey.manifest_as_it_is().is_some());
    // A link to a file is listed as any other file is; only a file has a size.
    survey.open[1].size = None;
    assert!(survey.manifest_as_it_is().is_none());
}

#[test]
fn gaps_are_what_is_open_without_what_has_the_digest() {
    let of = |byte| Ok(vec![digest(Algorithm::Sha256, byte)]);
    let (mut survey, measurements) = survey(&[
        (b"a", of(1)),
        (b"b", of(2)),
        (b"c", of(1)),
        (b"d", Err(ReadFailure::Vanished)),
    ]);
    survey.note_digests(&measurements);
    let mut attachment = Attachment {
        signature: 0,
        files: 2,
        ties: 2,
        root: None,
        digests: HashSet::from([digest(Algorithm::Sha256, 1)]),
        left_out: Vec::new(),
    };
    let names = |attachment: &Attachment| -> Vec<String> {
        let gaps = attachment.gaps(&survey);
        gaps.map(|gap| format!("{}: {}", gap.name, gap.reason))
            .collect()
    };
    assert_eq!(names(&attachment), ["b: not listed", "d: not listed"]);
    attachment.left_out.push("x".to_owned());
    assert_eq!(
        names(&attachment),
        [
            "a: its own signature leaves out `x`",
            "b: not listed",
            "c: its own signature leaves out `x`",
            "d: not listed"
        ]
    );
}
