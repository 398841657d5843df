//! Inclusion proofs, of every record of many trees.

use bonafide_core::Digest;

use super::{Numbers, Shuffled, batch, keyed, made, made_of, roles, rows, two};
use crate::manifest::merkle::{Hash, Tree, node, path_ranges, root_of_path};
use crate::manifest::{Proof, ProofFailure, hash_batch, prove};
use crate::{Batch, Memory, RecordId, Records};

/// RFC 6962, section 2.1, word for word.
fn root_by_definition(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Tree::default().root(),
        [leaf] => *leaf,
        leaves => {
            let mut split = 1;
            while split * 2 < leaves.len() {
                split *= 2;
            }
            let (left, right) = leaves.split_at(split);
            node(&root_by_definition(left), &root_by_definition(right))
        }
    }
}

fn leaves(count: u8) -> Vec<Hash> {
    (0..count).map(|number| [number; 32]).collect()
}

#[test]
fn trees_grow_as_the_definition_says_and_all_their_paths_hold() {
    for size in 0..=70 {
        let leaves = leaves(size);
        let root = root_by_definition(&leaves);
        assert_eq!(Tree::root_of(leaves.iter().copied()), root, "{size}");
        for (index, leaf) in leaves.iter().enumerate() {
            let path: Vec<Hash> = path_ranges(index as u64, u64::from(size))
                .into_iter()
                .map(|(start, end)| root_by_definition(&leaves[start as usize..end as usize]))
                .collect();
            let (index, size) = (index as u64, u64::from(size));
            assert_eq!(root_of_path(*leaf, index, size, &path), Some(root));
            // Every other place and every other path leads elsewhere.
            for other in 0..size + 2 {
                let found = root_of_path(*leaf, other, size, &path);
                assert!(other == index || found != Some(root), "{other} of {size}");
            }
            assert_ne!(root_of_path([99; 32], index, size, &path), Some(root));
            for part in 0..path.len() {
                let mut wrong = path.clone();
                wrong[part][0] ^= 1;
                assert_ne!(root_of_path(*leaf, index, size, &wrong), Some(root));
                wrong.remove(part);
                assert_ne!(root_of_path(*leaf, index, size, &wrong), Some(root));
            }
            let longer = [path.as_slice(), &[root]].concat();
            assert_eq!(root_of_path(*leaf, index, size, &longer), None);
        }
    }
}

#[test]
fn trees_of_chunks_are_trees_of_leaves() {
    let leaves: Vec<Hash> = (0..70).map(|number| [number; 32]).collect();
    for width in [1, 2, 4, 8, 16, 64] {
        let mut whole = Tree::default();
        for chunk in leaves.chunks(width) {
            let mut part = Tree::default();
            chunk.iter().for_each(|leaf| part.push(*leaf));
            whole.append(&part);
        }
        assert_eq!(whole.root(), root_by_definition(&leaves));
    }
}

#[test]
fn every_record_can_be_proven_and_no_other() {
    let shards = [
        ("a", Some("train"), rows(37)),
        ("b", None, rows(1)),
        ("c", None, rows(2_050)),
    ];
    let (manifest, list) = made_of(&shards, &keyed());
    let batches = shards
        .iter()
        .map(|(name, split, rows)| (*name, *split, batch(rows)));
    let records = Shuffled::new(batches.collect(), 11);
    for (shard, (_, _, rows)) in shards.iter().enumerate() {
        let step = rows.len().div_ceil(40);
        let whole = Batch {
            shard,
            first: 0,
            records: batch(rows),
        };
        let hashes = hash_batch(&records.shards()[shard], &whole).unwrap();
        for record in (0..rows.len()).step_by(step) {
            let id = RecordId {
                shard: shard as u32,
                record: record as u64,
            };
            let proof = prove(&manifest, &list, id).unwrap();
            let again = Proof::parse(&proof.to_json()).unwrap();
            assert_eq!(again, proof);
            let hash = Digest::sha256(hashes[record]);
            assert_eq!(again.verify(&manifest.root, &hash), Ok(()));
            assert_eq!(again.record_in(&records, two()), Ok(Some(hash)));
            let other = Digest::sha256(hashes[(record + 1) % rows.len()]);
            assert!(other == hash || again.verify(&manifest.root, &other).is_err());
        }
        let beyond = RecordId {
            shard: shard as u32,
            record: rows.len() as u64,
        };
        assert!(prove(&manifest, &list, beyond).is_err());
    }
    let beyond = RecordId {
        shard: 3,
        record: 0,
    };
    assert!(prove(&manifest, &list, beyond).is_err());
    let elsewhere = Memory::new(vec![("z", None, batch(&rows(3)))]);
    let proof = prove(
        &manifest,
        &list,
        RecordId {
            shard: 0,
            record: 1,
        },
    )
    .unwrap();
    assert_eq!(proof.record_in(&elsewhere, two()), Ok(None));
}

#[test]
fn a_proof_that_was_touched_proves_nothing() {
    let (manifest, list) = made_of(
        &[("a", Some("train"), rows(9)), ("b", None, rows(5))],
        &roles(),
    );
    let id = RecordId {
        shard: 0,
        record: 3,
    };
    let proof = prove(&manifest, &list, id).unwrap();
    let record = proof.record_hash;
    let other = Digest::sha256([7; 32]);
    let check = |proof: &Proof| proof.verify(&manifest.root, &record);
    assert_eq!(check(&proof), Ok(()));
    let changes: [&dyn Fn(&mut Proof); 14] = [
        &|proof| proof.root = other,
        &|proof| proof.record_hash = other,
        &|proof| proof.record = 2,
        &|proof| proof.record = u64::MAX,
        &|proof| proof.shard_number = 1,
        &|proof| proof.shards = 0,
        &|proof| proof.shard.name.push('x'),
        &|proof| proof.shard.split = None,
        &|proof| proof.shard.records += 1,
        &|proof| proof.shard.schema = other,
        &|proof| proof.shard.root = other,
        &|proof| proof.path[1] = other,
        &|proof| proof.path.truncate(1),
        &|proof| proof.shard_path.push(other),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut touched = proof.clone();
        change(&mut touched);
        assert!(check(&touched).is_err(), "change {number}");
    }
    assert!(matches!(
        proof.verify(&other, &record),
        Err(ProofFailure::OtherRoot { .. })
    ));
    // Any byte of the document: it is no proof, or not of this record, or means the same.
    let json = proof.to_json();
    let mut numbers = Numbers(3);
    for at in 0..json.len() - 1 {
        let mut touched = json.clone();
        touched[at] ^= 1 << numbers.below(7);
        if let Ok(parsed) = Proof::parse(&touched) {
            assert!(check(&parsed).is_err() || parsed == proof, "byte {at}");
        }
        assert!(Proof::parse(&json[..at]).is_err());
    }
}

#[test]
fn a_list_of_other_records_gives_no_proof() {
    let (manifest, _) = made(&Memory::new(vec![("a", None, batch(&rows(9)))]), &roles());
    let mut other = rows(9);
    other[4].text.push('x');
    let (_, list) = made(&Memory::new(vec![("a", None, batch(&other))]), &roles());
    let error = prove(
        &manifest,
        &list,
        RecordId {
            shard: 0,
            record: 0,
        },
    )
    .unwrap_err();
    assert!(error.to_string().contains("not the manifest's"), "{error}");
}
