//! Documents of strangers.

use bonafide_core::{Digest, ReadAt, ReadError};
use serde_json::{Value, json};

use super::{Numbers, keyed, made_of, roles, rows};
use crate::manifest::list::RecordList;
use crate::manifest::{Known, Manifest, diff, prove};
use crate::{DatasetBudget, DatasetError, RecordId};

fn pair() -> (Manifest, Vec<u8>) {
    let shards = [("a/b", Some("train"), rows(20)), ("c", None, rows(7))];
    made_of(&shards, &keyed())
}

fn reason(result: Result<Manifest, DatasetError>) -> String {
    match result {
        Err(DatasetError::Document {
            kind: "record manifest",
            reason,
        }) => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_manifest_that_contradicts_itself_is_none() {
    let (manifest, _) = pair();
    let good: Value = serde_json::from_slice(&manifest.to_json()).unwrap();
    let parse = |value: &Value| Manifest::parse(&serde_json::to_vec(value).unwrap());
    assert_eq!(parse(&good).unwrap(), manifest);
    let other = json!(Digest::sha256([7; 32]));
    let md5 = json!(format!("sha512:{}", "ab".repeat(64)));
    let huge = json!(1_000_000_000_000_u64);
    let table: [(&str, &str, Value, &str); 30] = [
        ("", "version", json!(2), "version 2"),
        ("", "surprise", json!(1), "unknown field"),
        ("/roles", "surprise", json!(1), "unknown field"),
        ("/shards/0", "surprise", json!(1), "unknown field"),
        ("", "records", huge.clone(), "other records"),
        ("", "records", json!(-1), "invalid value"),
        ("", "records", json!(27.0), "invalid type"),
        ("/shards/0", "records", huge.clone(), "another root"),
        ("/shards/0", "records", json!(u64::MAX), "another root"),
        ("/shards/0", "name", json!("../b"), "leaves its directory"),
        ("/shards/0", "name", json!("/b"), "absolute"),
        ("/shards/0", "name", json!("c"), "repeated"),
        ("/shards/0", "name", json!("d"), "not in order"),
        ("/shards/1", "name", json!("a/b"), "repeated"),
        ("/shards/1", "name", json!("a"), "not in order"),
        ("/shards/0", "split", json!("test"), "another root"),
        ("/shards/0", "split", Value::Null, "another root"),
        ("/shards/0", "root", other.clone(), "another root"),
        ("/shards/0", "root", md5.clone(), "not SHA-256"),
        ("/shards/0", "schema", other.clone(), "not listed"),
        (
            "/shards/0/labels",
            "0",
            json!(1_000),
            "more labels than records",
        ),
        (
            "/shards/0/labels",
            "0",
            json!(u64::MAX),
            "more labels than records",
        ),
        ("", "root", other.clone(), "another root"),
        (
            "/label/values",
            "0",
            json!(1_000),
            "not those of all records",
        ),
        (
            "/label",
            "others",
            json!(u64::MAX),
            "not those of all records",
        ),
        ("/label", "column", json!("id"), "another column"),
        ("/splits/values", "train", json!(27), "other splits"),
        ("/list", "size", huge, "not one of 27 records"),
        ("/list", "digest", md5, "not SHA-256"),
        ("", "label", Value::Null, "another column"),
    ];
    for (place, member, value, expected) in table {
        let mut wrong = good.clone();
        let object = wrong
            .pointer_mut(place)
            .and_then(Value::as_object_mut)
            .unwrap();
        object.insert(member.to_owned(), value);
        let reason = reason(parse(&wrong));
        assert!(reason.contains(expected), "{place}/{member}: {reason}");
    }
    let mut wrong = good.clone();
    let schema = wrong["schemas"]
        .as_object_mut()
        .unwrap()
        .values_mut()
        .next()
        .unwrap();
    schema[0]["type"] = json!("int8");
    assert!(reason(parse(&wrong)).contains("another fingerprint"));
    schema_swapped(&good);
    let mut wrong = good.clone();
    wrong["roles"].as_object_mut().unwrap().remove("key");
    assert!(reason(parse(&wrong)).contains("not one of 27 records"));
    // Members that are there twice.
    let text = String::from_utf8(manifest.to_json()).unwrap();
    for (once, twice) in [
        ("\"records\":27", "\"records\":27,\"records\":27"),
        ("\"values\":{", "\"values\":{\"train\":3,"),
    ] {
        let reason = reason(Manifest::parse(text.replacen(once, twice, 2).as_bytes()));
        assert!(
            reason.contains("repeated") || reason.contains("duplicate"),
            "{reason}"
        );
    }
    let deep = "[".repeat(100_000);
    assert!(reason(Manifest::parse(deep.as_bytes())).contains("recursion"));
    assert!(reason(Manifest::parse(b"")).contains("EOF"));
    assert!(reason(Manifest::parse(b"\xff")).contains("expected"));
}

fn schema_swapped(good: &Value) {
    let mut wrong = good.clone();
    let schema = wrong["schemas"]
        .as_object_mut()
        .unwrap()
        .values_mut()
        .next()
        .unwrap();
    schema.as_array_mut().unwrap().swap(0, 1);
    let bytes = serde_json::to_vec(&wrong).unwrap();
    assert!(reason(Manifest::parse(&bytes)).contains("not in order"));
}

/// What is read of bytes that were touched is an error, or the same.
#[test]
fn touched_and_cut_manifests_are_errors_or_say_something_that_holds_together() {
    let (manifest, list) = pair();
    let json = manifest.to_json();
    let mut numbers = Numbers(9);
    for at in 0..json.len() - 1 {
        assert!(Manifest::parse(&json[..at]).is_err(), "{at} bytes");
        let mut touched = json.clone();
        touched[at] ^= 1 << numbers.below(8);
        if let Ok(parsed) = Manifest::parse(&touched) {
            // Only what no root binds: formats, populations, digests of other documents.
            assert_eq!(parsed.root, manifest.root, "byte {at}");
            assert_eq!(parsed.records, manifest.records, "byte {at}");
            let _ = Known::read(&parsed, &list, &DatasetBudget::DEFAULT);
        }
    }
}

#[test]
fn touched_and_cut_lists_are_errors() {
    for roles in [keyed(), roles()] {
        let (manifest, list) = made_of(
            &[("a", Some("train"), rows(20)), ("c", None, rows(7))],
            &roles,
        );
        assert!(RecordList::open(&manifest, &list).is_ok());
        let mut numbers = Numbers(9);
        for at in 0..list.len() {
            let mut touched = list.clone();
            touched[at] ^= 1 << numbers.below(8);
            assert!(RecordList::open(&manifest, &touched).is_err(), "byte {at}");
            let cut = list[..at].to_vec();
            assert!(RecordList::open(&manifest, &cut).is_err(), "{at} bytes");
            assert!(
                prove(
                    &manifest,
                    &cut,
                    RecordId {
                        shard: 0,
                        record: 0
                    }
                )
                .is_err()
            );
            let touched = (&manifest, &touched as &dyn ReadAt);
            assert!(diff(touched, (&manifest, &list), &DatasetBudget::DEFAULT).is_err());
        }
        let longer = [list.as_slice(), &[0]].concat();
        assert!(RecordList::open(&manifest, &longer).is_err());
        // The signer of the manifest may be the liar: a digest that fits, roots that do not.
        let mut touched = list.clone();
        let last = touched.len() - if roles.key.is_some() { 80 } else { 64 };
        touched[last] ^= 1;
        let mut lying = manifest.clone();
        lying.list.digest = Digest::sha256(<sha2::Sha256 as sha2::Digest>::digest(&touched).into());
        let error = RecordList::open(&lying, &touched).unwrap_err().to_string();
        assert!(
            error.contains("records that give another root for the shard `c`"),
            "{error}"
        );
    }
}

/// Claims to be as long as it is told to be, and has nothing.
struct Endless(u64);

impl ReadAt for Endless {
    fn size(&self) -> u64 {
        self.0
    }

    fn read_at(&self, _: u64, _: &mut [u8]) -> Result<(), ReadError> {
        Err(ReadError::Failed {
            reason: "no such bytes".to_owned(),
        })
    }
}

#[test]
fn a_trillion_records_are_refused_before_anything_is_allocated() {
    use crate::manifest::document::{ListedShard, shard_leaf};
    use crate::manifest::list::size_of_list;
    use crate::manifest::merkle::Tree;
    let (mut manifest, _) = made_of(&[("a", None, rows(3))], &roles());
    let records = 1_000_000_000_000;
    let shard: &mut ListedShard = &mut manifest.shards[0];
    shard.records = records;
    let schema: [u8; 32] = shard.schema.bytes().try_into().unwrap();
    let root: [u8; 32] = shard.root.bytes().try_into().unwrap();
    let leaf = shard_leaf("a", records, &root, &schema, None);
    manifest.root = Digest::sha256(Tree::root_of([leaf]));
    manifest.records = records;
    manifest.splits.null = records;
    manifest.label.as_mut().unwrap().others = records - 3;
    manifest.list.size = size_of_list(manifest.layout(), 1, records).unwrap();
    let manifest = Manifest::parse(&manifest.to_json()).unwrap();
    let endless = Endless(manifest.list.size);
    let budget = DatasetBudget::DEFAULT;
    assert!(Known::read(&manifest, &endless, &budget).is_err());
    assert!(Known::read(&manifest, &vec![0; 1_000], &budget).is_err());
    assert!(diff((&manifest, &endless), (&manifest, &endless), &budget).is_err());
    assert!(
        prove(
            &manifest,
            &endless,
            RecordId {
                shard: 0,
                record: 7
            }
        )
        .is_err()
    );
    let mut more = manifest.clone();
    more.records = u64::MAX / 2;
    assert!(Manifest::parse(&more.to_json()).is_err());
}
