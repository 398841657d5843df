#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test stops where it fails"
)]

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, Ordering};

use bonafide_core::{RawName, ReadAt, ReadError};
use bonafide_format::{InspectionBudget, Order, Place, Tensor, inspect};

use super::*;
use crate::WeightFile;

/// A tensor of a file that is made here.
type Made<'a> = (&'a str, &'a str, &'a [u64], Vec<u8>);

/// A safetensors file, its data in the order of the tensors.
fn safetensors(tensors: &[Made<'_>]) -> Vec<u8> {
    let mut at = 0;
    let members: Vec<String> = tensors
        .iter()
        .map(|(name, dtype, shape, bytes)| {
            let from = at;
            at += bytes.len();
            format!(
                "\"{name}\":{{\"dtype\":\"{dtype}\",\"shape\":{shape:?},\"data_offsets\":[{from},{at}]}}"
            )
        })
        .collect();
    let header = format!("{{{}}}", members.join(","));
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend(header.as_bytes());
    for (.., bytes) in tensors {
        file.extend(bytes);
    }
    file
}

fn tensors_of(bytes: &[u8]) -> Vec<Tensor> {
    let inspection = inspect(&RawName::from("model"), &bytes, &InspectionBudget::DEFAULT);
    inspection.facts.tensors
}

fn workers(count: usize) -> NonZeroUsize {
    NonZeroUsize::new(count).unwrap()
}

fn scanned(bytes: &Vec<u8>) -> Sanity {
    let tensors = tensors_of(bytes);
    scan_of(bytes, &tensors)
}

/// The same with one and three workers, and in odd pieces of two interleaved streams.
fn scan_of(bytes: &Vec<u8>, tensors: &[Tensor]) -> Sanity {
    let files = [WeightFile {
        name: "model".to_owned(),
        source: bytes,
        tensors,
    }];
    let one = scan(&files, workers(1));
    assert_eq!(scan(&files, workers(3)), one);
    for (cut, step) in [(bytes.len() / 2, 1000), (bytes.len() / 3 + 1, 7), (9, 4099)] {
        let collector = Collector::new(&files);
        let cut = cut.min(bytes.len());
        let parts = [cut..bytes.len(), 0..cut];
        for part in parts {
            let range = part.start as u64..part.end as u64;
            let Some(mut stream) = collector.stream(0, range) else {
                continue;
            };
            let mut at = part.start;
            for piece in bytes[part].chunks(step) {
                stream.feed(at as u64, piece);
                at += piece.len();
            }
            stream.finish();
        }
        assert_eq!(
            collector.finish(&files),
            one,
            "cut at {cut}, pieces of {step}"
        );
    }
    one
}

fn found(sanity: &Sanity) -> Vec<(&str, &Anomaly)> {
    let each = sanity.anomalies.iter();
    each.map(|found| (found.tensor.as_str(), &found.anomaly))
        .collect()
}

/// Numbers that look like weights.
fn noise(seed: u64, count: usize) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    (0..count)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 40) as f32 / (1 << 24) as f32 - 0.5 + 1e-4
        })
        .collect()
}

fn f32s(numbers: &[f32]) -> Vec<u8> {
    numbers
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .collect()
}

fn bf16s(numbers: &[f32]) -> Vec<u8> {
    let each = numbers.iter();
    each.flat_map(|number| ((number.to_bits() >> 16) as u16).to_le_bytes())
        .collect()
}

#[test]
fn sound_weights_show_nothing() {
    let sanity = scanned(&safetensors(&[
        ("a.weight", "F32", &[64, 32], f32s(&noise(1, 2048))),
        ("a.bias", "F32", &[64], vec![0; 256]),
        ("norm.weight", "F32", &[64], f32s(&[1.0; 64])),
        ("b.weight", "BF16", &[31, 33], bf16s(&noise(2, 1023))),
        ("lora_B.weight", "F32", &[64, 8], vec![0; 2048]),
        (
            "attn_mask",
            "F32",
            &[32, 32],
            f32s(&[f32::NEG_INFINITY; 1024]),
        ),
        ("position_ids", "I64", &[1, 2], vec![0; 16]),
        ("nothing", "F32", &[0, 4], Vec::new()),
    ]));
    assert_eq!(found(&sanity), []);
    assert_eq!(sanity.unread, []);
    assert_eq!(sanity.tensors, 8);
    assert_eq!(sanity.numbers, 2048 + 64 + 64 + 1023 + 512 + 1024 + 2);
}

#[test]
fn each_anomaly_is_found_where_it_is() {
    let mut poisoned = noise(3, 2048);
    poisoned[5] = f32::NAN;
    poisoned[2000] = f32::NAN;
    poisoned[77] = f32::INFINITY;
    poisoned[78] = f32::NEG_INFINITY;
    poisoned[79] = f32::INFINITY;
    let mut dead = noise(4, 64 * 32);
    dead[32 * 7..32 * 8].fill(0.0);
    dead[32 * 63..].fill(-0.0);
    // A zero that starts a row does not make it a dead one.
    dead[32 * 9] = 0.0;
    let copied = bf16s(&noise(5, 4096));
    let sanity = scanned(&safetensors(&[
        ("poisoned.weight", "F32", &[32, 64], f32s(&poisoned)),
        ("zero.weight", "F16", &[16, 16], vec![0; 512]),
        ("constant.weight", "BF16", &[16, 16], bf16s(&[-2.5; 256])),
        ("dead.weight", "F32", &[64, 32], f32s(&dead)),
        ("original", "BF16", &[64, 64], copied.clone()),
        ("other", "BF16", &[64, 64], bf16s(&noise(6, 4096))),
        ("copy", "BF16", &[64, 64], copied),
    ]));
    let expected = [
        ("poisoned.weight", &Anomaly::NotANumber { count: 2 }),
        ("poisoned.weight", &Anomaly::Infinite { count: 3 }),
        ("zero.weight", &Anomaly::AllZero),
        ("constant.weight", &Anomaly::Constant { value: -2.5 }),
        ("dead.weight", &Anomaly::DeadRows { count: 2, of: 64 }),
        (
            "copy",
            &Anomaly::Duplicate {
                of: "original".to_owned(),
            },
        ),
    ];
    assert_eq!(found(&sanity), expected);
    assert_eq!(sanity.unread, []);
}

/// What a number is, by the definitions, one at a time.
fn classify(dtype: &str, bits: u64) -> (bool, bool, bool) {
    let (nan, infinite, magnitude) = match dtype {
        "F64" => (
            f64::from_bits(bits).is_nan(),
            f64::from_bits(bits).is_infinite(),
            bits << 1,
        ),
        "F32" => {
            let number = f32::from_bits(bits as u32);
            (
                number.is_nan(),
                number.is_infinite(),
                u64::from(number != 0.0),
            )
        }
        "BF16" => {
            let number = f32::from_bits((bits as u32) << 16);
            (
                number.is_nan(),
                number.is_infinite(),
                u64::from(number != 0.0),
            )
        }
        "F16" => {
            let (exponent, fraction) = (bits >> 10 & 31, bits & 0x3ff);
            (
                exponent == 31 && fraction > 0,
                exponent == 31 && fraction == 0,
                bits & 0x7fff,
            )
        }
        "F8_E5M2" => {
            let (exponent, fraction) = (bits >> 2 & 31, bits & 3);
            (
                exponent == 31 && fraction > 0,
                exponent == 31 && fraction == 0,
                bits & 0x7f,
            )
        }
        "F8_E4M3" => (bits == 0x7f || bits == 0xff, false, bits & 0x7f),
        "F8_E4M3FNUZ" | "F8_E5M2FNUZ" => (bits == 0x80, false, bits),
        "F8_E8M0" => (bits == 0xff, false, 1),
        _ => (false, false, bits),
    };
    (nan, infinite, magnitude == 0)
}

#[test]
fn counts_are_those_of_one_number_at_a_time() {
    const TYPES: [(&str, usize); 13] = [
        ("F64", 8),
        ("F32", 4),
        ("F16", 2),
        ("BF16", 2),
        ("F8_E5M2", 1),
        ("F8_E4M3", 1),
        ("F8_E4M3FNUZ", 1),
        ("F8_E5M2FNUZ", 1),
        ("F8_E8M0", 1),
        ("I8", 1),
        ("U16", 2),
        ("I32", 4),
        ("U64", 8),
    ];
    for (dtype, width) in TYPES {
        for big_endian in [false, true] {
            for seed in 0..4_u64 {
                let rows = 37 + seed;
                let columns = 16 + 5 * seed;
                let count = (rows * columns) as usize;
                let mut words = noise(seed + 10, count)
                    .iter()
                    .zip(noise(seed + 20, count))
                    .map(|(high, low)| {
                        u64::from(high.to_bits()) << 32 | u64::from(low.to_bits()) >> 3
                    })
                    .map(|word| word.wrapping_mul(0x2545_f491_4f6c_dd1d))
                    .collect::<Vec<_>>();
                // Patterns that matter, many of them.
                let shift = 64 - 8 * width as u32;
                for word in words.iter_mut().step_by(3) {
                    *word |= 0x7ff0_0000_0000_0000 >> shift;
                }
                for word in words.iter_mut().step_by(7) {
                    *word = 0x7f80_0000_7c00_7f80 >> shift.min(16);
                }
                for row in (0..rows).step_by(5) {
                    let from = (row * columns) as usize;
                    words[from..from + columns as usize].fill(0);
                }
                let mask = u64::MAX >> shift;
                let bits: Vec<u64> = words.iter().map(|word| word & mask).collect();
                let mut bytes = vec![0xee; 3];
                for bits in &bits {
                    let mut number = bits.to_le_bytes()[..width].to_vec();
                    if big_endian {
                        number.reverse();
                    }
                    bytes.extend(number);
                }
                let tensor = Tensor {
                    name: "a.weight".to_owned(),
                    dtype: dtype.to_owned(),
                    shape: vec![rows, columns],
                    place: Some(Place {
                        range: 3..bytes.len() as u64,
                        order: Order::RowMajor,
                        big_endian,
                    }),
                };
                let sanity = scan_of(&bytes, &[tensor]);
                let each: Vec<_> = bits.iter().map(|bits| classify(dtype, *bits)).collect();
                let is_float = dtype.starts_with('F') && dtype != "F8_E8M0" || dtype == "BF16";
                let mut expected = Vec::new();
                let count = each.iter().filter(|(nan, ..)| *nan).count() as u64;
                if count > 0 {
                    expected.push(Anomaly::NotANumber { count });
                }
                let count = each.iter().filter(|(_, infinite, _)| *infinite).count() as u64;
                if count > 0 {
                    expected.push(Anomaly::Infinite { count });
                }
                let dead = each.chunks(columns as usize);
                let count = dead
                    .filter(|row| row.iter().all(|(.., zero)| *zero))
                    .count() as u64;
                if is_float {
                    assert!(count > 0);
                    expected.push(Anomaly::DeadRows { count, of: rows });
                }
                let found = sanity.anomalies.into_iter().map(|found| found.anomaly);
                assert_eq!(
                    found.collect::<Vec<_>>(),
                    expected,
                    "{dtype} {big_endian} {seed}"
                );
            }
        }
    }
}

/// A tensor in bytes of its own.
fn raw(
    name: &str,
    dtype: &str,
    shape: &[u64],
    range: std::ops::Range<u64>,
    order: Order,
) -> Tensor {
    Tensor {
        name: name.to_owned(),
        dtype: dtype.to_owned(),
        shape: shape.to_vec(),
        place: Some(Place {
            range,
            order,
            big_endian: false,
        }),
    }
}

#[test]
fn blocks_are_judged_by_their_scales() {
    // Eight rows of two blocks each; the scale at the start.
    let mut bytes: Vec<u8> = (0..16 * 18_u32).map(|at| (at * 7) as u8).collect();
    let set = |bytes: &mut Vec<u8>, block: usize, bits: u16| {
        bytes[block * 18..block * 18 + 2].copy_from_slice(&bits.to_le_bytes());
    };
    for block in 0..16 {
        set(&mut bytes, block, 0x2c00);
    }
    let tensor = |bytes: &Vec<u8>| {
        raw(
            "w.weight",
            "Q4_0",
            &[8, 64],
            0..bytes.len() as u64,
            Order::RowMajor,
        )
    };
    let clean = tensor(&bytes);
    let sanity = scan_of(&bytes, &[clean]);
    assert_eq!((found(&sanity), sanity.numbers), (vec![], 512));
    set(&mut bytes, 3, 0x7c00);
    set(&mut bytes, 5, 0xfe00);
    set(&mut bytes, 8, 0);
    set(&mut bytes, 9, 0x8000);
    set(&mut bytes, 12, 0);
    let damaged = tensor(&bytes);
    let sanity = scan_of(&bytes, &[damaged]);
    let expected = [
        ("w.weight", &Anomaly::NotANumber { count: 32 }),
        ("w.weight", &Anomaly::Infinite { count: 32 }),
        ("w.weight", &Anomaly::DeadRows { count: 1, of: 8 }),
    ];
    assert_eq!(found(&sanity), expected);
    for block in 0..16 {
        set(&mut bytes, block, 0);
    }
    let zero = tensor(&bytes);
    let sanity = scan_of(&bytes, &[zero]);
    assert_eq!(found(&sanity), [("w.weight", &Anomaly::AllZero)]);
}

#[test]
fn what_cannot_be_looked_at_says_why() {
    let bytes = f32s(&noise(7, 1024));
    let size = bytes.len() as u64;
    let mut packed = raw("packed", "F32", &[4], 0..16, Order::RowMajor);
    packed.place = None;
    let tensors = [
        raw("whole", "F32", &[32, 32], 0..size, Order::RowMajor),
        raw("alias", "F32", &[32, 32], 0..size, Order::RowMajor),
        raw("inside", "F32", &[16], 64..128, Order::RowMajor),
        raw("type", "F99", &[4], 0..16, Order::RowMajor),
        raw(
            "overflow",
            "F32",
            &[u64::MAX, u64::MAX, 2],
            0..16,
            Order::RowMajor,
        ),
        raw("misfit", "F32", &[5], 0..16, Order::RowMajor),
        raw("beyond", "F32", &[4], size..size + 16, Order::RowMajor),
        raw(
            "backwards",
            "F32",
            &[4],
            std::ops::Range { start: 16, end: 0 },
            Order::RowMajor,
        ),
        raw("gaps", "F32", &[2, 2], 0..24, Order::Strided(vec![4, 1])),
        raw("again", "F32", &[2, 2], 0..16, Order::Strided(vec![2, 2])),
        raw("block", "Q4_0", &[3, 11], 0..18, Order::RowMajor),
        packed,
    ];
    let sanity = scan_of(&bytes, &tensors);
    assert_eq!(found(&sanity), []);
    // The same storage by two names is no duplicate.
    assert_eq!(sanity.tensors, 2);
    let unread: Vec<&str> = sanity
        .unread
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    let expected = tensors[2..]
        .iter()
        .map(|tensor| format!("model: {}", tensor.name));
    assert_eq!(unread, expected.collect::<Vec<_>>());
    assert!(sanity.unread.iter().all(|(_, why)| !why.is_empty()));
}

#[test]
fn other_orders_are_looked_at_without_their_rows() {
    let mut numbers = noise(8, 1024);
    numbers[..32].fill(0.0);
    numbers[100] = f32::NAN;
    let bytes = f32s(&numbers);
    for order in [Order::ColumnMajor, Order::Strided(vec![1, 32])] {
        let tensor = raw("w.weight", "F32", &[32, 32], 0..4096, order);
        let sanity = scan_of(&bytes, &[tensor]);
        assert_eq!(
            found(&sanity),
            [("w.weight", &Anomaly::NotANumber { count: 1 })]
        );
    }
}

/// Shrinks after so many bytes were read.
struct Shrinking(Vec<u8>, AtomicU64);

impl ReadAt for Shrinking {
    fn size(&self) -> u64 {
        self.0.size()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
        let length = buffer.len() as u64;
        let left = &self.1;
        let enough = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
            left.checked_sub(length)
        });
        if enough.is_err() {
            let reason = "the file is shorter now".to_owned();
            return Err(ReadError::Failed { reason });
        }
        self.0.read_at(offset, buffer)
    }
}

#[test]
fn a_file_that_shrinks_leaves_its_tensors_unread() {
    let numbers = noise(9, 200_000);
    let bytes = safetensors(&[
        ("a", "F32", &[400, 500], f32s(&numbers)),
        ("b", "F32", &[400, 500], f32s(&numbers)),
    ]);
    let tensors = tensors_of(&bytes);
    let whole = bytes.len() as u64;
    // Not one piece; the tensors but not the samples; the samples but not the digests.
    for (enough, read) in [(1000, 0), (whole - 100, 2), (whole + 1000, 2)] {
        let source = Shrinking(bytes.clone(), AtomicU64::new(enough));
        let files = [WeightFile {
            name: "model".to_owned(),
            source: &source,
            tensors: &tensors,
        }];
        let sanity = scan(&files, workers(1));
        assert_eq!((found(&sanity), sanity.tensors), (vec![], read), "{enough}");
        assert!(!sanity.unread.is_empty());
        assert!(
            sanity
                .unread
                .iter()
                .all(|(_, why)| why.contains("shorter now"))
        );
    }
}

#[test]
fn a_stream_that_is_let_go_counts_for_nothing() {
    let bytes = safetensors(&[("a.weight", "F32", &[32, 32], vec![0; 4096])]);
    let tensors = tensors_of(&bytes);
    let files = [WeightFile {
        name: "model".to_owned(),
        source: &bytes,
        tensors: &tensors,
    }];
    let size = bytes.len() as u64;
    let collector = Collector::new(&files);
    let mut stream = collector.stream(0, 0..size).unwrap();
    assert!(
        collector.stream(0, 0..size).is_none(),
        "each byte counts once"
    );
    stream.feed(0, &bytes);
    drop(stream);
    let sanity = collector.finish(&files);
    assert_eq!((sanity.tensors, sanity.unread.len()), (0, 1));
    // Out of order, too short, and too long.
    for feeds in [
        vec![(4, 0..1000)],
        vec![(0, 0..1000)],
        vec![(0, 0..bytes.len()), (size, 0..1)],
    ] {
        let collector = Collector::new(&files);
        let mut stream = collector.stream(0, 0..size).unwrap();
        for (offset, range) in feeds {
            stream.feed(offset, &bytes[range]);
        }
        stream.finish();
        assert_eq!(collector.finish(&files).tensors, 0);
    }
}

#[test]
fn a_million_tensors_are_looked_at_in_time() {
    let bytes = f32s(&noise(11, 1_000_000));
    let one = |at: u64| raw("t", "F32", &[1, 1], at * 4..at * 4 + 4, Order::RowMajor);
    let mut tensors: Vec<Tensor> = (0..1_000_000).map(one).collect();
    // As many that all overlap, each in its own way.
    tensors.extend((0..100_000).map(|at| {
        raw(
            "o",
            "F32",
            &[900_000 - at],
            at * 4..900_000 * 4,
            Order::RowMajor,
        )
    }));
    let files = [WeightFile {
        name: "model".to_owned(),
        source: &bytes,
        tensors: &tensors,
    }];
    let sanity = scan(&files, workers(2));
    // Where several start together, the widest is looked at.
    assert_eq!(sanity.tensors, 1 + 100_000);
    assert_eq!(sanity.unread.len(), 1001);
    assert_eq!(sanity.unread[1000].0, "998999 more");
}

#[test]
fn duplicates_are_compared_byte_by_byte() {
    let mut numbers = noise(12, 65_536);
    let original = f32s(&numbers);
    // Where no sample is taken.
    numbers[3000] += 1.0;
    let almost = f32s(&numbers);
    let first = safetensors(&[
        ("a", "F32", &[256, 256], original.clone()),
        ("b", "F32", &[256, 256], almost),
        ("short", "F32", &[16, 16], original[..1024].to_vec()),
        ("short again", "F32", &[16, 16], original[..1024].to_vec()),
        ("whole", "I32", &[256, 256], original.clone()),
    ]);
    let second = safetensors(&[("c", "F32", &[65_536], original)]);
    let (first_tensors, second_tensors) = (tensors_of(&first), tensors_of(&second));
    let files = [
        WeightFile {
            name: "1.safetensors".to_owned(),
            source: &first,
            tensors: &first_tensors,
        },
        WeightFile {
            name: "2.safetensors".to_owned(),
            source: &second,
            tensors: &second_tensors,
        },
    ];
    let sanity = scan(&files, workers(2));
    let of = "1.safetensors: a".to_owned();
    assert_eq!(found(&sanity), [("c", &Anomaly::Duplicate { of })]);
    assert_eq!(sanity.anomalies[0].file, "2.safetensors");
}
