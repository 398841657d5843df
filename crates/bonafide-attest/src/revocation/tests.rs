//! Lists of `fixtures/certificates/lists`, held against the good path.

use jiff::Timestamp;

use super::*;
use crate::path::tests::{at, chain, fixture, judge, june, store};
use crate::pem_block;
use crate::time::{TimeSource, TrustedTime};
use crate::trust::TrustStore;

fn store_with(lists: &[&str]) -> TrustStore {
    let mut store = store("root");
    for name in lists {
        let read = store.add_revocation_lists(name, &fixture(&format!("lists/{name}")), None);
        assert!(!read.unwrap().is_empty(), "{name}");
    }
    store
}

fn judge_good(lists: &[&str], moment: impl Into<Moment>) -> Option<CertificateDefect> {
    judge(&chain("good"), &store_with(lists), moment)
}

fn signed(time: &str, source: TimeSource) -> Moment {
    Moment {
        signed: TrustedTime {
            time: at(time),
            source,
        },
        now: june(),
    }
}

fn unknown(list: &str, defect: ListDefect) -> CertificateDefect {
    CertificateDefect::RevocationUnknown {
        subject: "CN=signer.example".to_owned(),
        reason: RevocationGap::UnusableList {
            list: list.to_owned(),
            defect,
        },
    }
}

fn revoked_reason(defect: Option<CertificateDefect>) -> Option<RevocationReason> {
    match defect {
        Some(CertificateDefect::Revoked { reason, .. }) => Some(reason),
        None => None,
        other => panic!("{other:?}"),
    }
}

const REVOKED: &str = "2026-03-01T00:00:00Z";

#[test]
fn what_is_not_listed_passes() {
    for lists in [
        &["clean"][..],
        &["root-clean"],
        &["both-clean"],
        &["unknown-not-critical"],
        &["clean", "root-clean"],
    ] {
        assert_eq!(judge_good(lists, june()), None, "{lists:?}");
    }
}

#[test]
fn a_listed_leaf_is_refused_whatever_the_reason() {
    use RevocationReason as Reason;
    for (list, reason) in [
        ("leaf-unspecified", Reason::Unspecified),
        ("leaf-key-compromise", Reason::KeyCompromise),
        ("leaf-affiliation-changed", Reason::AffiliationChanged),
        ("leaf-superseded", Reason::Superseded),
        ("leaf-cessation-of-operation", Reason::CessationOfOperation),
        ("leaf-certificate-hold", Reason::CertificateHold),
        ("leaf-privilege-withdrawn", Reason::PrivilegeWithdrawn),
        ("leaf-aa-compromise", Reason::AaCompromise),
    ] {
        let leaf = chain("good").remove(0);
        let expected = CertificateDefect::Revoked {
            subject: "CN=signer.example".to_owned(),
            serial: data_encoding::HEXLOWER.encode(leaf.serial()),
            date: at(REVOKED),
            reason,
            judged: TrustedTime::by_clock(june()),
        };
        assert_eq!(judge_good(&[list], june()), Some(expected), "{list}");
        // A clock proves no age: a date before the revocation is no excuse.
        let early = signed("2026-02-15T00:00:00Z", TimeSource::Clock);
        assert_eq!(revoked_reason(judge_good(&[list], early)), Some(reason));
        // After the revocation, no reason is an excuse.
        for time in [REVOKED, "2026-04-01T00:00:00Z"] {
            let late = signed(time, TimeSource::TransparencyLog);
            assert_eq!(revoked_reason(judge_good(&[list], late)), Some(reason));
        }
        // Before it, some are, when somebody vouches for the time.
        let excused = reason.spares_the_past();
        let early = signed("2026-02-15T00:00:00Z", TimeSource::TransparencyLog);
        assert_eq!(
            revoked_reason(judge_good(&[list], early)),
            (!excused).then_some(reason),
            "{list}"
        );
    }
    assert!(Reason::Superseded.spares_the_past());
    for compromise in [
        Reason::Unspecified,
        Reason::KeyCompromise,
        Reason::CaCompromise,
        Reason::AaCompromise,
        Reason::CertificateHold,
    ] {
        assert!(!compromise.spares_the_past(), "{compromise}");
    }
}

#[test]
fn a_revoked_intermediate_is_refused() {
    let middle = chain("good").remove(1);
    for lists in [
        &["intermediate-revoked"][..],
        &["intermediate-revoked", "clean"],
    ] {
        assert_eq!(
            judge_good(lists, june()),
            Some(CertificateDefect::Revoked {
                subject: middle.subject(),
                serial: data_encoding::HEXLOWER.encode(middle.serial()),
                date: at(REVOKED),
                reason: RevocationReason::CaCompromise,
                judged: TrustedTime::by_clock(june()),
            })
        );
    }
}

#[test]
fn bad_from_an_earlier_date_counts_from_there() {
    let list = &["leaf-invalid-earlier"];
    let judge_at =
        |time| revoked_reason(judge_good(list, signed(time, TimeSource::TransparencyLog)));
    assert_eq!(judge_at("2026-01-15T00:00:00Z"), None);
    let superseded = Some(RevocationReason::Superseded);
    assert_eq!(judge_at("2026-02-01T00:00:00Z"), superseded);
}

#[test]
fn an_entry_cannot_hide_behind_another_of_the_same_number() {
    let early = signed("2026-02-15T00:00:00Z", TimeSource::TransparencyLog);
    assert_eq!(
        revoked_reason(judge_good(&["leaf-revoked-twice"], early)),
        Some(RevocationReason::KeyCompromise)
    );
}

#[test]
fn a_list_that_cannot_be_used_is_never_a_pass() {
    let now = june();
    let oid = || "1.3.6.1.4.1.32473.1".to_owned();
    for (list, defect) in [
        (
            "stale",
            ListDefect::Stale {
                next_update: at("2026-05-01T00:00:00Z"),
                now,
            },
        ),
        (
            "future",
            ListDefect::NotYetIssued {
                this_update: at("2026-07-01T00:00:00Z"),
                now,
            },
        ),
        ("wrong-key", ListDefect::WrongSignature),
        (
            "unknown-critical",
            ListDefect::CriticalExtension { oid: oid() },
        ),
        (
            "unknown-critical-entry",
            ListDefect::CriticalEntryExtension { oid: oid() },
        ),
        ("delta", ListDefect::Delta),
        ("users-only", ListDefect::Partial),
        ("removal", ListDefect::RemovalInBaseList),
        ("no-next-update", ListDefect::NoNextUpdate),
    ] {
        assert_eq!(
            judge_good(&[list], now),
            Some(unknown(list, defect)),
            "{list}"
        );
        // Another list that can be used answers the question.
        assert_eq!(judge_good(&[list, "clean"], now), None, "{list}");
    }
}

/// It may bear the name of nobody in the path, and list any of it.
#[test]
fn an_indirect_list_is_no_pass_whoever_made_it() {
    for list in ["indirect", "indirect-entry"] {
        assert_eq!(
            judge_good(&[list], june()),
            Some(CertificateDefect::RevocationUnknown {
                subject: "CN=Fixture Intermediate CA".to_owned(),
                reason: RevocationGap::UnusableList {
                    list: list.to_owned(),
                    defect: ListDefect::Indirect,
                },
            }),
            "{list}"
        );
        assert_eq!(judge_good(&[list, "both-clean"], june()), None);
    }
}

#[test]
fn an_issuer_that_may_not_sign_lists_signs_none() {
    let certificates = chain("paths/no-list-signing");
    let name = "no-list-signing";
    assert_eq!(
        judge(&certificates, &store_with(&[name]), june()),
        Some(unknown(name, ListDefect::IssuerMayNotSign))
    );
    assert_eq!(judge(&certificates, &store_with(&[]), june()), None);
}

#[test]
fn what_an_old_list_says_still_counts() {
    let compromise = Some(RevocationReason::KeyCompromise);
    let old = "stale-leaf-key-compromise";
    for lists in [&[old][..], &["clean", old]] {
        assert_eq!(revoked_reason(judge_good(lists, june())), compromise);
    }
    // But a hold may have been lifted since.
    let old = "stale-leaf-certificate-hold";
    let hold = Some(RevocationReason::CertificateHold);
    assert_eq!(revoked_reason(judge_good(&[old], june())), hold);
    assert_eq!(judge_good(&[old, "clean"], june()), None);
}

#[test]
fn lists_are_fresh_by_the_clock_even_for_old_signatures() {
    let moment = Moment {
        signed: TrustedTime {
            time: june(),
            source: TimeSource::TransparencyLog,
        },
        now: at("2026-07-01T00:00:01Z"),
    };
    assert!(matches!(
        judge_good(&["clean"], moment),
        Some(CertificateDefect::RevocationUnknown {
            reason: RevocationGap::UnusableList {
                defect: ListDefect::Stale { .. },
                ..
            },
            ..
        })
    ));
}

/// The path and the lists of `fixtures/revocation/certificate`, in either order. Of the
/// intermediate, which indirect lists concern as well, another list tells.
fn judge_incomplete(lists: &[&str]) -> Option<CertificateDefect> {
    let judge_in_order = |lists: &mut dyn Iterator<Item = &&str>| {
        let mut store = store("../revocation/certificate/root");
        for name in lists.chain(&["root-clean"]) {
            let bytes = fixture(&format!("../revocation/certificate/lists/{name}"));
            store.add_revocation_lists(name, &bytes, None).unwrap();
        }
        judge(&chain("../revocation/certificate/good"), &store, june())
    };
    let judged = judge_in_order(&mut lists.iter());
    assert_eq!(judge_in_order(&mut lists.iter().rev()), judged, "{lists:?}");
    judged
}

/// More lists must never make a verdict milder.
#[test]
fn a_complete_list_does_not_take_back_what_an_incomplete_one_says() {
    let compromise = Some(RevocationReason::KeyCompromise);
    for list in [
        "delta",
        "users-only",
        "some-reasons",
        "unknown-critical",
        "unknown-critical-entry",
        "indirect",
        "indirect-named",
        "indirect-named-before",
    ] {
        for lists in [&[list][..], &["clean", list], &["newer-clean", list]] {
            assert_eq!(
                revoked_reason(judge_incomplete(lists)),
                compromise,
                "{lists:?}"
            );
        }
    }
}

#[test]
fn an_indirect_list_revokes_for_the_issuer_that_it_names() {
    for list in ["indirect-other", "indirect-other-before"] {
        assert_eq!(judge_incomplete(&["clean", list]), None, "{list}");
        assert!(
            matches!(
                judge_incomplete(&[list]),
                Some(CertificateDefect::RevocationUnknown {
                    reason: RevocationGap::UnusableList {
                        defect: ListDefect::Indirect,
                        ..
                    },
                    ..
                })
            ),
            "{list}"
        );
    }
}

#[test]
fn only_a_later_list_lifts_a_hold() {
    let hold = Some(RevocationReason::CertificateHold);
    for lists in [
        &["delta-hold"][..],
        &["delta-hold", "clean"],
        // It holds now, whatever a whole list says.
        &["delta-hold", "newer-clean"],
        &["stale-delta-hold"],
        // The whole list is older than the hold.
        &["stale-delta-hold", "clean"],
    ] {
        assert_eq!(revoked_reason(judge_incomplete(lists)), hold, "{lists:?}");
    }
    assert_eq!(
        judge_incomplete(&["stale-delta-hold", "clean", "newer-clean"]),
        None
    );
}

#[test]
fn a_removal_revokes_nothing() {
    assert_eq!(judge_incomplete(&["delta-removal", "clean"]), None);
    assert!(matches!(
        judge_incomplete(&["delta-removal"]),
        Some(CertificateDefect::RevocationUnknown { .. })
    ));
    // Nor does it give back what another list takes.
    assert_eq!(
        revoked_reason(judge_incomplete(&["delta-removal", "delta", "clean"])),
        Some(RevocationReason::KeyCompromise)
    );
}

#[test]
fn an_age_limit_is_stricter_than_the_list_or_stands_in_for_it() {
    let judge_with = |name: &str, days, now: &str| {
        let mut store = store("root");
        let text = fixture(&format!("lists/{name}"));
        store.add_revocation_lists(name, &text, Some(days)).unwrap();
        let now: Timestamp = at(now);
        judge(&chain("good"), &store, now)
    };
    for name in ["clean", "no-next-update"] {
        // Both are of 1 May.
        assert_eq!(judge_with(name, 31, "2026-06-01T00:00:00Z"), None);
        let now = at("2026-06-01T00:00:01Z");
        assert_eq!(
            judge_with(name, 31, "2026-06-01T00:00:01Z"),
            Some(unknown(
                name,
                ListDefect::TooOld {
                    this_update: at("2026-05-01T00:00:00Z"),
                    max_age_days: 31,
                    now,
                }
            ))
        );
    }
}

#[test]
fn lists_can_be_demanded_of_every_issuer() {
    let judge_always = |lists: &[&str]| {
        let mut store = store_with(lists);
        store.set_revocation_demand(RevocationDemand::Always);
        judge(&chain("good"), &store, june())
    };
    let no_list = |subject: &str| {
        Some(CertificateDefect::RevocationUnknown {
            subject: subject.to_owned(),
            reason: RevocationGap::NoList,
        })
    };
    assert_eq!(judge_always(&["both-clean"]), None);
    assert_eq!(judge_always(&["root-clean"]), no_list("CN=signer.example"));
    let middle = no_list("CN=Fixture Intermediate CA");
    assert_eq!(judge_always(&["clean"]), middle);
    assert_eq!(judge_always(&[]), middle);
    assert_eq!(
        judge_always(&["root-clean", "wrong-key"]),
        Some(unknown("wrong-key", ListDefect::WrongSignature))
    );
}

#[test]
fn a_list_under_pss_counts() {
    let mut store = store("pss/root");
    store
        .add_revocation_lists("list", &fixture("pss/list"), None)
        .unwrap();
    assert_eq!(
        revoked_reason(judge(&chain("pss/revoked"), &store, june())),
        Some(RevocationReason::Unspecified)
    );
    assert_eq!(judge(&chain("pss/sha256"), &store, june()), None);
}

#[test]
fn files_that_are_no_lists_are_errors() {
    let read = |bytes: &[u8]| RevocationList::read(bytes).unwrap_err();
    assert!(matches!(read(b""), RevocationListError::Pem(_)));
    assert!(matches!(
        read(&fixture("root")),
        RevocationListError::WrongBlock { found } if found == "CERTIFICATE"
    ));
    let text = fixture("lists/version-1");
    assert_eq!(read(&text), RevocationListError::NotVersion2);
    assert_eq!(
        read(&fixture("lists/duplicate-extension")),
        RevocationListError::DuplicateExtension {
            oid: "2.5.29.20".to_owned()
        }
    );
    assert!(matches!(
        read(&vec![b' '; (32 << 20) + 1]),
        RevocationListError::TooLarge { what: "bytes", .. }
    ));
    let mut large = vec![0; (16 << 20) + 1];
    large[..2].copy_from_slice(&[0x30, 0x84]);
    assert!(matches!(
        read(&large),
        RevocationListError::TooLarge { what: "bytes", .. }
    ));
}

fn der(name: &str) -> Vec<u8> {
    let text = fixture(name);
    pem_block::blocks(&text).unwrap()[0].contents().to_vec()
}

#[test]
fn der_and_pem_are_the_same() {
    let bytes = der("lists/leaf-key-compromise");
    let lists = RevocationList::read(&bytes).unwrap();
    assert_eq!(lists.len(), 1);
    let list = &lists[0];
    assert_eq!((list.len(), list.is_empty()), (2, false));
    assert_eq!(list.issuer(), "CN=Fixture Intermediate CA");
    assert_eq!(list.this_update(), at("2026-05-01T00:00:00Z"));
    assert_eq!(list.next_update(), Some(at("2026-07-01T00:00:00Z")));
    assert_eq!(list.defect(), None);
}

/// Every prefix is an error and every flipped bit an error or a bad signature.
#[test]
fn damaged_lists_are_not_believed() {
    let bytes = der("lists/leaf-key-compromise");
    for length in 0..bytes.len() {
        assert!(
            RevocationList::from_der(&bytes[..length]).is_err(),
            "{length}"
        );
    }
    let middle = chain("good").remove(1);
    assert!(
        RevocationList::from_der(&bytes)
            .unwrap()
            .is_signed_by(&middle)
    );
    for position in 0..bytes.len() {
        for bit in 0..8 {
            let mut damaged = bytes.clone();
            damaged[position] ^= 1 << bit;
            if let Ok(list) = RevocationList::from_der(&damaged) {
                assert!(!list.is_signed_by(&middle), "bit {bit} of byte {position}");
            }
        }
    }
}

/// DER wants the shortest form of a length.
fn wrap(tag: u8, content: &[u8]) -> Vec<u8> {
    match content.len() {
        length @ 0..0x80 => [&[tag, u8::try_from(length).unwrap()][..], content].concat(),
        length @ 0x80..0x1_0000 => {
            let length = u16::try_from(length).unwrap().to_be_bytes();
            [&[tag, 0x82][..], &length, content].concat()
        }
        length @ 0x1_0000..0x100_0000 => {
            let length = u32::try_from(length).unwrap().to_be_bytes();
            [&[tag, 0x83][..], &length[1..], content].concat()
        }
        length => {
            let length = u32::try_from(length).unwrap().to_be_bytes();
            [&[tag, 0x84][..], &length, content].concat()
        }
    }
}

/// An unsigned list with many entries, in descending order of their numbers.
fn large_list(count: u32) -> Vec<u8> {
    let sample = der("lists/clean");
    let outer = der::AnyRef::try_from(sample.as_slice()).unwrap();
    let mut reader = der::SliceReader::new(outer.value()).unwrap();
    let body = der::Reader::decode::<der::AnyRef<'_>>(&mut reader).unwrap();
    let rest = der::Reader::tlv_bytes(&mut reader).unwrap();
    let signature = der::Reader::tlv_bytes(&mut reader).unwrap();
    let mut parts = der::SliceReader::new(body.value()).unwrap();
    let mut head = Vec::new();
    // Version, algorithm, issuer and the two dates.
    for _ in 0..5 {
        head.extend_from_slice(der::Reader::tlv_bytes(&mut parts).unwrap());
    }
    let mut entries = Vec::new();
    for number in (1..=count).rev() {
        let mut entry = vec![0x02, 0x04];
        entry.extend_from_slice(&(0x4000_0000 | number).to_be_bytes());
        entry.extend_from_slice(b"\x17\x0d260301000000Z");
        entries.extend(wrap(0x30, &entry));
    }
    head.extend(wrap(0x30, &entries));
    let content = [&wrap(0x30, &head), rest, signature].concat();
    wrap(0x30, &content)
}

#[test]
fn large_lists_are_read_and_found_in() {
    let bytes = large_list(300_000);
    let list = RevocationList::from_der(&bytes).unwrap();
    assert_eq!(list.len(), 300_000);
    for number in [1_u32, 2, 150_000, 299_999, 300_000] {
        let found = list.entries_numbered(&(0x4000_0000 | number).to_be_bytes());
        assert_eq!(found.len(), 1, "{number}");
        assert_eq!(found[0].date, at(REVOKED));
    }
    for number in [0_u32, 300_001] {
        assert!(
            list.entries_numbered(&(0x4000_0000 | number).to_be_bytes())
                .is_empty()
        );
    }
    assert!(list.entries_numbered(&[]).is_empty());
    assert!(list.entries_numbered(&[1; 40]).is_empty());
    assert!(matches!(
        RevocationList::from_der(&large_list(800_000)),
        Err(RevocationListError::TooLarge { what: "bytes", .. })
    ));
}
