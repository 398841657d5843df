//! Numbers of every type and order.

use bonafide_format::{Order, Tensor};

use super::{Made, Random, against};
use crate::{Block, Float, Relation, Scheme};

#[test]
fn types_are_known_by_the_names_of_every_format() {
    let float = |float| Some(Scheme::Float(float));
    for (name, scheme) in [
        ("F32", float(Float::F32)),
        ("<f4", float(Float::F32)),
        ("torch.float16", float(Float::F16)),
        ("BFloat16Storage", float(Float::BF16)),
        ("F8_E4M3", float(Float::E4M3Fn)),
        ("<f8", float(Float::F64)),
        ("I8", Some(Scheme::Signed(1))),
        ("<i8", Some(Scheme::Signed(8))),
        ("|u1", Some(Scheme::Unsigned(1))),
        ("LongStorage", Some(Scheme::Signed(8))),
        ("BOOL", Some(Scheme::Bool)),
        ("Q6_K", Some(Scheme::Block(Block::Q6_K))),
        ("IQ1_S", None),
        ("complex64", None),
        ("", None),
    ] {
        assert_eq!(Scheme::named(name), scheme, "{name}");
    }
}

#[test]
fn small_floats_are_read_as_their_standards_say() {
    for (float, bits, number) in [
        (Float::F16, 0x3C00, 1.0),
        (Float::F16, 0x0001, 2.0_f64.powi(-24)),
        (Float::F16, 0xFBFF, -65504.0),
        (Float::F16, 0x7C00, f64::INFINITY),
        (Float::BF16, 0x3F80, 1.0),
        (Float::E4M3Fn, 0x7E, 448.0),
        (Float::E4M3Fn, 0x01, 2.0_f64.powi(-9)),
        (Float::E4M3Fnuz, 0x7F, 240.0),
        (Float::E4M3Fnuz, 0x01, 2.0_f64.powi(-10)),
        (Float::E5M2, 0x7B, 57344.0),
        (Float::E5M2, 0x7C, f64::INFINITY),
        (Float::E5M2Fnuz, 0x7F, 57344.0),
    ] {
        assert_eq!(float.value(bits), number, "{float:?} {bits:x}");
    }
    for (float, bits) in [
        (Float::F16, 0x7C01),
        (Float::E4M3Fn, 0x7F),
        (Float::E4M3Fn, 0xFF),
        (Float::E4M3Fnuz, 0x80),
        (Float::E5M2, 0x7D),
        (Float::E5M2Fnuz, 0x80),
    ] {
        assert!(float.value(bits).is_nan(), "{float:?} {bits:x}");
    }
    // Half of the distance to the neighbour.
    for (float, top) in [
        (Float::F16, 0x7BFF_u64),
        (Float::BF16, 0x7F7F),
        (Float::E4M3Fn, 0x7E),
        (Float::E5M2Fnuz, 0x7F),
    ] {
        for bits in 0..top {
            let (number, next) = (float.value(bits), float.value(bits + 1));
            assert_eq!(
                2.0 * float.half_step(number),
                next - number,
                "{float:?} {bits:x}"
            );
        }
        assert_eq!(float.value(top), float.largest());
    }
}

#[test]
fn whole_numbers_keep_their_sign_and_order_of_bytes() {
    let read = |name: &str, bytes: &[u8], big: bool| {
        let mut numbers = Vec::new();
        Scheme::named(name)
            .unwrap()
            .decode(bytes, big, &mut numbers);
        numbers
    };
    assert_eq!(
        read("I8", &[0xFF, 0x7F, 0x80], false),
        [-1.0, 127.0, -128.0]
    );
    assert_eq!(read("I16", &[0xFE, 0xFF], false), [-2.0]);
    assert_eq!(read("I16", &[0xFF, 0xFE], true), [-2.0]);
    assert_eq!(read("U16", &[0x01, 0x02], true), [258.0]);
    assert_eq!(read("I64", &(-3_i64).to_le_bytes(), false), [-3.0]);
    assert_eq!(read("U64", &7_u64.to_be_bytes(), true), [7.0]);
    assert_eq!(read("F32", &1.5_f32.to_be_bytes(), true), [1.5]);
    assert_eq!(read("BOOL", &[0, 1, 9], false), [0.0, 1.0, 1.0]);
}

fn reordered(tensor: &mut Tensor, order: Order) {
    tensor.place.as_mut().unwrap().order = order;
}

/// The same matrix by rows, by columns and by steps.
#[test]
fn orders_of_numbers_do_not_change_a_matrix() {
    let (rows, columns) = (50_u64, 70_u64);
    let numbers = Random(4).matrix(3500, 1.0);
    let mut turned = Vec::new();
    for column in 0..70 {
        turned.extend((0..50).map(|row| numbers[row * 70 + column]));
    }
    let by_rows = Made::default().f32("w", &[rows, columns], &numbers);
    for order in [Order::ColumnMajor, Order::Strided(vec![1, 50])] {
        let mut other = Made::default().f32("w", &[rows, columns], &turned);
        reordered(&mut other.tensors[0], order);
        assert_eq!(against(&other, &by_rows).relation, Relation::ExactCopy);
        assert_eq!(against(&by_rows, &other).relation, Relation::ExactCopy);
        other.bytes[400] ^= 1;
        let comparison = against(&other, &by_rows);
        assert_eq!(comparison.changes[0].differing, 1);
        // Number 100 by columns is in row 0 of column 2.
        assert_eq!(comparison.relation, Relation::Edited { tensors: 1 });
    }
    // Every second row of a larger matrix.
    let mut wide = Vec::new();
    for row in numbers.chunks_exact(70) {
        wide.extend_from_slice(row);
        wide.extend([9.0; 70]);
    }
    let mut other = Made::default().f32("w", &[rows, columns], &wide);
    reordered(&mut other.tensors[0], Order::Strided(vec![140, 1]));
    assert_eq!(against(&other, &by_rows).relation, Relation::ExactCopy);
}

/// A matrix by columns that is too large to be held.
#[test]
fn large_matrices_by_columns_are_read_in_pieces() {
    let (rows, columns) = (9000_u64, 1000_u64);
    let number = |row: u64, column: u64| (row * columns + column) as f32;
    let mut by_rows = Vec::new();
    for row in 0..rows {
        by_rows.extend((0..columns).map(|column| number(row, column)));
    }
    let mut by_columns = Vec::new();
    for column in 0..columns {
        by_columns.extend((0..rows).map(|row| number(row, column)));
    }
    let base = Made::default().f32("w", &[rows, columns], &by_rows);
    let mut model = Made::default().f32("w", &[rows, columns], &by_columns);
    reordered(&mut model.tensors[0], Order::ColumnMajor);
    let one = std::num::NonZeroUsize::MIN;
    let bases = [("base".to_owned(), vec![base.file()])];
    let comparison = crate::compare(
        &[model.file()],
        &bases,
        &crate::CompareOptions::default(),
        one,
    );
    assert_eq!(comparison.relation, Relation::ExactCopy);
}

/// The reader of ggml's blocks against the numbers that the package `gguf` read from the
/// same random blocks (`benchmarks/claims/blocks.py` writes the file).
#[test]
fn blocks_are_read_as_the_package_gguf_reads_them() {
    let text = include_str!("blocks.json");
    let cases: serde_json::Value = serde_json::from_str(text).unwrap();
    let cases = cases.as_object().unwrap();
    assert!(cases.len() >= 12, "{}", cases.len());
    for (name, case) in cases {
        let block = Block::named(name).unwrap();
        let hex = case["bytes"].as_str().unwrap();
        let bytes: Vec<u8> = (0..hex.len() / 2)
            .map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap())
            .collect();
        let expected: Vec<f64> = case["numbers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|n| n.as_f64().unwrap())
            .collect();
        let (mut numbers, mut bounds) = (Vec::new(), Vec::new());
        block.decode(&bytes, &mut numbers, Some(&mut bounds));
        assert_eq!(numbers.len(), expected.len(), "{name}");
        assert_eq!(bounds.len(), expected.len(), "{name}");
        for (at, (number, expected)) in numbers.iter().zip(&expected).enumerate() {
            let largest = expected.abs().max(1.0);
            assert!(
                (number - expected).abs() <= 2e-6 * largest,
                "{name} {at}: {number} {expected}"
            );
        }
        assert!(bounds.iter().all(|bound| *bound >= 0.0), "{name}");
    }
}

/// What ggml itself quantised (`benchmarks/claims/quantisers.py` writes the file) is within
/// the bounds, and not by far; and one code in the middle that is moved by two is not.
#[test]
fn errors_of_the_quantisers_of_ggml_are_within_the_bounds() {
    let cases: serde_json::Value = serde_json::from_str(include_str!("quantised.json")).unwrap();
    let bytes = |hex: &str| -> Vec<u8> {
        (0..hex.len() / 2)
            .map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap())
            .collect()
    };
    let parent = bytes(cases["numbers"].as_str().unwrap());
    let count = parent.len() as u64 / 4;
    let base = Made::default().raw("w.weight", "F32", &[4, count / 4], &parent);
    let blocks = cases["blocks"].as_object().unwrap();
    assert_eq!(blocks.len(), 10);
    for (name, block) in blocks {
        let quantised = bytes(block.as_str().unwrap());
        let model = Made::default().raw("w.weight", name, &[4, count / 4], &quantised);
        let comparison = against(&model, &base);
        let error = comparison.changes[0].quantisation_error.unwrap();
        assert!((0.4..=1.0).contains(&error), "{name}: {error}");
        assert_eq!(
            comparison.relation,
            Relation::Quantised {
                schemes: vec![name.clone()]
            }
        );
        let claim = crate::Claim::Quantised;
        let standing = crate::judge(&comparison, &claim, "");
        assert!(
            standing.violations.is_empty() && standing.undecided.is_none(),
            "{name}"
        );
        // A parent of which one number is another.
        let mut other = parent.clone();
        let largest = parent
            .as_chunks::<4>()
            .0
            .iter()
            .map(|n| f32::from_le_bytes(*n).abs())
            .fold(0.0, f32::max);
        other[400..404].copy_from_slice(&(2.5 * largest).to_le_bytes());
        let other = Made::default().raw("w.weight", "F32", &[4, count / 4], &other);
        let standing = crate::judge(&against(&model, &other), &claim, "");
        assert_eq!(standing.violations[0].tensors, ["w.weight"], "{name}");
        assert!(
            standing.violations[0].message.contains("number 100"),
            "{name} {standing:?}"
        );
    }
}
