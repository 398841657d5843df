//! Where the numbers of tensors are: exactly there, or nowhere.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test stops where it fails"
)]

use std::io::Write;

use bonafide_core::RawName;
use bonafide_format::{InspectionBudget, Order, Place, Tensor, inspect};

fn tensors(bytes: &[u8]) -> Vec<Tensor> {
    let inspection = inspect(&RawName::from("model"), &bytes, &InspectionBudget::DEFAULT);
    inspection.facts.tensors
}

/// A member of a zip archive.
struct Member<'a> {
    name: &'a str,
    bytes: Vec<u8>,
    deflated: bool,
}

fn member(name: &str, bytes: Vec<u8>) -> Member<'_> {
    Member {
        name,
        bytes,
        deflated: false,
    }
}

fn zip(members: &[Member<'_>]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut directory = Vec::new();
    for member in members {
        let mut crc = flate2::Crc::new();
        crc.update(&member.bytes);
        let mut packed = member.bytes.clone();
        if member.deflated {
            let mut encoder =
                flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
            encoder.write_all(&member.bytes).unwrap();
            packed = encoder.finish().unwrap();
        }
        let mut fields = vec![20, 0, 0, 0, u8::from(member.deflated) * 8, 0, 0, 0, 0x21, 0];
        fields.extend(crc.sum().to_le_bytes());
        fields.extend((packed.len() as u32).to_le_bytes());
        fields.extend((member.bytes.len() as u32).to_le_bytes());
        fields.extend((member.name.len() as u16).to_le_bytes());
        fields.extend([0, 0]);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&fields);
        directory.extend([0; 10]);
        directory.extend((file.len() as u32).to_le_bytes());
        directory.extend(member.name.as_bytes());
        file.extend(b"PK\x03\x04");
        file.extend(fields);
        file.extend(member.name.as_bytes());
        file.extend(packed);
    }
    let start = file.len() as u32;
    file.extend(&directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend([members.len() as u8, 0, members.len() as u8, 0]);
    file.extend((directory.len() as u32).to_le_bytes());
    file.extend(start.to_le_bytes());
    file.extend([0, 0]);
    file
}

fn numbers(count: u32) -> Vec<u8> {
    let each = 0..count;
    each.flat_map(|number| (number as f32 + 0.5).to_le_bytes())
        .collect()
}

fn safetensors(data: &[u8]) -> Vec<u8> {
    let header = format!(
        r#"{{"b":{{"dtype":"F32","shape":[2,3],"data_offsets":[8,32]}},"a":{{"dtype":"F32","shape":[2],"data_offsets":[0,8]}},"c":{{"dtype":"F32","shape":[2],"data_offsets":[32,44]}},"d":{{"dtype":"F32","shape":[3],"data_offsets":[{0},{1}]}}}}"#,
        data.len(),
        data.len() + 12,
    );
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend(header.as_bytes());
    file.extend(data);
    file
}

/// The bytes of a place, from the whole file.
fn bytes_of<'f>(file: &'f [u8], tensors: &[Tensor], name: &str) -> Option<&'f [u8]> {
    let tensor = tensors.iter().find(|tensor| tensor.name == name).unwrap();
    let Place { range, .. } = tensor.place.as_ref()?;
    Some(&file[range.start as usize..range.end as usize])
}

#[test]
fn safetensors_have_their_numbers_where_the_header_says() {
    let data = numbers(11);
    let file = safetensors(&data);
    let found = tensors(&file);
    assert_eq!(bytes_of(&file, &found, "a"), Some(&data[..8]));
    assert_eq!(bytes_of(&file, &found, "b"), Some(&data[8..32]));
    // The shape does not fit; the numbers are not in the file.
    assert_eq!(bytes_of(&file, &found, "c"), None);
    assert_eq!(bytes_of(&file, &found, "d"), None);
}

#[test]
fn what_is_stored_in_an_archive_is_counted_from_the_start_of_the_file() {
    let data = numbers(11);
    let inner = zip(&[
        member("first", b"text".to_vec()),
        member("model.safetensors", safetensors(&data)),
    ]);
    let outer = zip(&[member("inner.zip", inner.clone())]);
    for file in [&inner, &outer] {
        let found = tensors(file);
        assert_eq!(bytes_of(file, &found, "b"), Some(&data[8..32]));
    }
    for file in [
        zip(&[Member {
            deflated: true,
            ..member("model.safetensors", safetensors(&data))
        }]),
        zip(&[Member {
            deflated: true,
            ..member("inner.zip", inner)
        }]),
    ] {
        assert_eq!(bytes_of(&file, &tensors(&file), "b"), None);
    }
}

fn npy(descr: &str, fortran: &str, shape: &str, data: &[u8]) -> Vec<u8> {
    let header = format!("{{'descr': {descr}, 'fortran_order': {fortran}, 'shape': {shape}, }}\n");
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend((header.len() as u16).to_le_bytes());
    file.extend(header.as_bytes());
    file.extend(data);
    file
}

#[test]
fn arrays_of_numpy_say_their_order() {
    let data = numbers(6);
    let file = npy("'>f4'", "True", "(2, 3)", &data);
    let [tensor] = tensors(&file).try_into().unwrap();
    let place = tensor.place.clone().unwrap();
    assert_eq!((place.order, place.big_endian), (Order::ColumnMajor, true));
    assert_eq!(bytes_of(&file, &[tensor], "model"), Some(&data[..]));

    let columns = npy("[('a', '<f4'), ('b', '<i4')]", "False", "(3,)", &data);
    assert_eq!(tensors(&columns)[0].place, None);

    let archive = zip(&[
        member("a.npy", npy("'<f4'", "False", "(6,)", &data)),
        Member {
            deflated: true,
            ..member("b.npy", npy("'<f4'", "False", "(6,)", &data))
        },
    ]);
    let found = tensors(&archive);
    assert_eq!(bytes_of(&archive, &found, "a.npy"), Some(&data[..]));
    assert_eq!(bytes_of(&archive, &found, "b.npy"), None);
}

/// One tensor in a pickle: storage, its length, offset, shape, strides.
type Saved<'a> = (&'a str, &'a str, u8, u8, [u8; 2], [u8; 2]);

fn pickle(tensors: &[Saved<'_>]) -> Vec<u8> {
    let text = |out: &mut Vec<u8>, text: &str| {
        out.push(b'X');
        out.extend((text.len() as u32).to_le_bytes());
        out.extend(text.as_bytes());
    };
    let mut out = b"\x80\x02}(".to_vec();
    for (name, key, length, offset, shape, strides) in tensors {
        text(&mut out, name);
        out.extend(b"ctorch._utils\n_rebuild_tensor_v2\n((");
        text(&mut out, "storage");
        out.extend(b"ctorch\nFloatStorage\n");
        text(&mut out, key);
        text(&mut out, "cpu");
        out.extend([b'K', *length, b't', b'Q', b'K', *offset]);
        for pair in [shape, strides] {
            out.extend([b'K', pair[0], b'K', pair[1], 0x86]);
        }
        out.extend(b"\x89}tR");
    }
    out.extend(b"u.");
    out
}

const SAVED: &[Saved<'_>] = &[
    ("whole", "0", 12, 0, [3, 4], [4, 1]),
    ("view", "0", 12, 4, [2, 4], [4, 1]),
    ("turned", "0", 12, 0, [4, 3], [1, 4]),
    ("columns", "0", 12, 1, [3, 2], [4, 1]),
    ("beyond", "0", 12, 8, [2, 4], [4, 1]),
    ("packed", "1", 6, 0, [2, 3], [3, 1]),
    ("missing", "2", 6, 0, [2, 3], [3, 1]),
    ("short", "3", 6, 0, [2, 3], [3, 1]),
    ("twice", "4", 6, 0, [2, 3], [3, 1]),
];

fn checkpoint(order: Option<&str>) -> Vec<u8> {
    let mut members = vec![
        member("m/data.pkl", pickle(SAVED)),
        member("m/version", b"3\n".to_vec()),
        member("m/data/0", numbers(12)),
        Member {
            deflated: true,
            ..member("m/data/1", numbers(6))
        },
        member("m/data/3", numbers(5)),
        member("m/data/4", numbers(6)),
        member("m/data/4", numbers(6)),
    ];
    if let Some(order) = order {
        members.push(member("m/byteorder", order.as_bytes().to_vec()));
    }
    zip(&members)
}

#[test]
fn tensors_of_pytorch_are_followed_to_their_storages() {
    let data = numbers(12);
    for (order, big) in [(None, false), (Some("little"), false), (Some("big"), true)] {
        let file = checkpoint(order);
        let found = tensors(&file);
        assert_eq!(found.len(), SAVED.len());
        assert_eq!(bytes_of(&file, &found, "whole"), Some(&data[..]));
        assert_eq!(bytes_of(&file, &found, "view"), Some(&data[16..]));
        assert_eq!(bytes_of(&file, &found, "turned"), Some(&data[..]));
        assert_eq!(bytes_of(&file, &found, "columns"), Some(&data[4..44]));
        for name in ["beyond", "packed", "missing", "short", "twice"] {
            assert_eq!(bytes_of(&file, &found, name), None, "{name}");
        }
        let orders: Vec<_> = found
            .iter()
            .filter_map(|tensor| tensor.place.as_ref())
            .map(|place| (place.order.clone(), place.big_endian))
            .collect();
        let expected = [
            Order::RowMajor,
            Order::RowMajor,
            Order::ColumnMajor,
            Order::Strided(vec![4, 1]),
        ];
        assert_eq!(orders, expected.map(|order| (order, big)));
    }
    // What is neither is not guessed at.
    let file = checkpoint(Some("middle"));
    assert!(tensors(&file).iter().all(|tensor| tensor.place.is_none()));
}

#[test]
fn no_damage_makes_a_place_outside_of_the_file() {
    for file in [
        checkpoint(None),
        safetensors(&numbers(11)),
        npy("'<f4'", "False", "(6,)", &numbers(6)),
    ] {
        let size = file.len();
        let check = |bytes: &[u8]| {
            for tensor in tensors(bytes) {
                if let Some(place) = tensor.place {
                    assert!(place.range.start <= place.range.end);
                    assert!(place.range.end <= bytes.len() as u64);
                }
            }
        };
        for length in (0..size).step_by(7) {
            check(&file[..length]);
        }
        for at in (0..size).step_by(3) {
            let mut bytes = file.clone();
            bytes[at] ^= 1 << (at % 8);
            check(&bytes);
        }
    }
}

#[test]
fn numbers_of_gguf_start_at_the_alignment() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/models/gguf");
    let mut places = 0;
    for entry in std::fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "gguf") {
            continue;
        }
        let file = std::fs::read(&path).unwrap();
        for tensor in tensors(&file) {
            let Some(place) = tensor.place else {
                continue;
            };
            places += 1;
            assert!(place.range.end <= file.len() as u64, "{}", path.display());
            let numbers: u64 = tensor.shape.iter().product();
            if tensor.dtype == "F32" {
                assert_eq!(place.range.end - place.range.start, numbers * 4);
            }
        }
    }
    assert!(places > 0);
}
