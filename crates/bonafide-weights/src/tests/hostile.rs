//! Tensors that lie about themselves.

use bonafide_core::{ReadAt, ReadError};
use bonafide_format::{Order, Place, Tensor};

use super::{Made, Random, against, with};
use crate::{Claim, CompareOptions, Comparison, WeightFile, judge};

fn tensor(dtype: &str, shape: &[u64], start: u64, end: u64, order: Order) -> Made {
    let place = Some(Place {
        range: start..end,
        order,
        big_endian: false,
    });
    Made {
        bytes: vec![1; 4096],
        tensors: vec![Tensor {
            name: "w".to_owned(),
            dtype: dtype.to_owned(),
            shape: shape.to_vec(),
            place,
        }],
    }
}

/// Never held, whatever is claimed.
fn undecided(comparison: &Comparison) {
    assert_eq!(comparison.uncompared_count, 1, "{comparison:?}");
    let claims = [
        Claim::ExactCopy,
        Claim::FullFineTune { frozen: Vec::new() },
        Claim::LoraMerge {
            rank: None,
            targets: Vec::new(),
        },
        Claim::Quantised,
        Claim::Merge,
    ];
    for claim in claims {
        assert!(
            judge(comparison, &claim, "test").undecided.is_some(),
            "{claim:?}"
        );
    }
}

#[test]
fn shapes_and_places_that_lie_are_not_compared() {
    let row = || Order::RowMajor;
    let good = tensor("F32", &[1024], 0, 4096, row());
    let bad = [
        tensor("F32", &[u64::MAX, u64::MAX], 0, 4096, row()),
        tensor("F32", &[1 << 62], 0, 4096, row()),
        tensor("F32", &[1025], 0, 4096, row()),
        tensor("F32", &[1024], 4096, 8192, row()),
        tensor("F32", &[1024], 4096, 0, row()),
        tensor("F32", &[1024], u64::MAX - 1, u64::MAX, row()),
        tensor("F32", &[0, u64::MAX], 0, 4096, row()),
        tensor("Q4_0", &[33], 0, 36, row()),
        tensor("Q4_0", &[32], 0, 18, Order::Strided(vec![2])),
        tensor("unknown", &[4], 0, 4, row()),
        tensor("F32", &[32, 32], 0, 4096, Order::Strided(vec![33, 1])),
        tensor("F32", &[32, 32], 0, 4096, Order::Strided(vec![u64::MAX, 1])),
        tensor("F32", &[32, 32], 0, 4096, Order::Strided(vec![1])),
        tensor("F32", &[1 << 50], 0, 4, Order::Strided(vec![0])),
        Made {
            tensors: vec![Tensor {
                place: None,
                ..good.tensors[0].clone()
            }],
            ..good.clone()
        },
    ];
    for bad in &bad {
        undecided(&against(bad, &good));
        undecided(&against(&good, bad));
    }
}

#[test]
fn empty_and_tiny_tensors_are_compared() {
    for shape in [
        &[][..],
        &[0],
        &[1],
        &[0, 5],
        &[5, 0],
        &[1, 1],
        &[1, 1, 1],
        &[2, 1],
        &[1, 2],
    ] {
        let count: u64 = shape.iter().product();
        let of = |number: f32| Made::default().f32("w", shape, &vec![number; count as usize]);
        let comparison = against(&of(1.0), &of(1.0));
        assert_eq!(comparison.equal, 1, "{shape:?}");
        let comparison = against(&of(1.0), &of(0.0));
        assert_eq!(comparison.changed, u64::from(count > 0), "{shape:?}");
        let _ = judge(
            &comparison,
            &Claim::LoraMerge {
                rank: Some(1),
                targets: Vec::new(),
            },
            "",
        );
    }
    let nothing = Made::default();
    let comparison = against(&nothing, &nothing);
    assert!(
        judge(&comparison, &Claim::ExactCopy, "")
            .undecided
            .is_some()
    );
}

#[test]
fn of_many_tensors_that_share_their_bytes_few_are_read() {
    let shared = |name: String| Tensor {
        name,
        dtype: "U8".to_owned(),
        shape: vec![1 << 20],
        place: Some(Place {
            range: 0..1 << 20,
            order: Order::RowMajor,
            big_endian: false,
        }),
    };
    let model = Made {
        bytes: vec![7; 1 << 20],
        tensors: (0..200_000).map(|i| shared(i.to_string())).collect(),
    };
    let bases = [("base".to_owned(), vec![model.file()])];
    let comparison = crate::compare(
        &[model.file()],
        &bases,
        &CompareOptions::default(),
        std::num::NonZeroUsize::MIN,
    );
    assert_eq!(comparison.equal, 4);
    assert_eq!(comparison.uncompared_count, 199_996);
    assert_eq!(comparison.uncompared.len(), 1000);
}

#[test]
fn more_changes_than_are_listed_are_judged() {
    let many = |number: f32| {
        (0..50).fold(Made::default(), |made, index| {
            made.f32(&format!("w{index:02}"), &[2], &[1.0, number])
        })
    };
    let options = CompareOptions {
        listed: 10,
        ..CompareOptions::default()
    };
    let comparison = with(&many(2.0), &[&many(3.0)], &options);
    assert_eq!((comparison.changed, comparison.changes.len()), (50, 10));
    let standing = judge(&comparison, &Claim::ExactCopy, "");
    assert_eq!(
        (standing.violations[0].count, standing.undecided),
        (50, None)
    );
    // Read back, the rest is missing, and that is said.
    let text = serde_json::to_string(&comparison).unwrap();
    let kept: Comparison = serde_json::from_str(&text).unwrap();
    assert!(judge(&kept, &Claim::ExactCopy, "").undecided.is_some());
}

struct Broken;

impl ReadAt for Broken {
    fn size(&self) -> u64 {
        1 << 40
    }

    fn read_at(&self, _: u64, _: &mut [u8]) -> Result<(), ReadError> {
        Err(ReadError::Failed {
            reason: "input/output error".to_owned(),
        })
    }
}

#[test]
fn bytes_that_cannot_be_read_are_said() {
    let good = Made::default().f32("w", &[4], &[1.0; 4]);
    let file = WeightFile {
        name: "model".to_owned(),
        source: &Broken,
        tensors: &good.tensors,
    };
    let bases = [("base".to_owned(), vec![good.file()])];
    let comparison = crate::compare(
        &[file],
        &bases,
        &CompareOptions::default(),
        std::num::NonZeroUsize::MIN,
    );
    undecided(&comparison);
    assert!(comparison.uncompared[0].1.contains("input/output error"));
}

/// Random descriptions over random bytes: a result, whatever they say.
#[test]
fn random_tensors_never_panic() {
    let mut random = Random(1234);
    let types = [
        "F32", "F16", "BF16", "F64", "F8_E4M3", "F8_E5M2", "I8", "Q4_0", "Q2_K", "Q6_K", "IQ4_XS",
        "U64", "x",
    ];
    let names = [
        "w",
        "w.lora_A.weight",
        "w.lora_B.weight",
        "blk.0.attn_q.weight",
        "model.layers.0.self_attn.q_proj.weight",
        "w_scale",
    ];
    let pick = |random: &mut Random, limit: u64| random.next() % limit;
    for _ in 0..1500 {
        let mut make = || {
            let mut made = Made {
                bytes: (0..2048).map(|_| random.next() as u8).collect(),
                tensors: Vec::new(),
            };
            for _ in 0..pick(&mut random, 5) {
                let dtype = types[pick(&mut random, types.len() as u64) as usize];
                let dimensions = pick(&mut random, 4);
                let shape: Vec<u64> = (0..dimensions).map(|_| pick(&mut random, 18)).collect();
                let (block, bytes) =
                    crate::Scheme::named(dtype).map_or((1, 1), crate::Scheme::block);
                let count: u64 = shape.iter().product();
                let start = pick(&mut random, 64);
                let length = if pick(&mut random, 8) == 0 {
                    pick(&mut random, 3000)
                } else {
                    count / block * bytes
                };
                let order = match pick(&mut random, 5) {
                    0 => Order::ColumnMajor,
                    1 => Order::Strided(shape.iter().map(|_| pick(&mut random, 20)).collect()),
                    _ => Order::RowMajor,
                };
                made.tensors.push(Tensor {
                    name: names[pick(&mut random, names.len() as u64) as usize].to_owned(),
                    dtype: dtype.to_owned(),
                    shape,
                    place: Some(Place {
                        range: start..start + length,
                        order,
                        big_endian: pick(&mut random, 4) == 0,
                    }),
                });
            }
            made
        };
        let (model, base, other) = (make(), make(), make());
        let comparison = with(&model, &[&base, &other], &CompareOptions::default());
        for claim in [
            Claim::ExactCopy,
            Claim::FullFineTune {
                frozen: vec!["w*".to_owned()],
            },
            Claim::LoraMerge {
                rank: Some(1),
                targets: vec!["w".to_owned()],
            },
            Claim::Adapter,
            Claim::Quantised,
            Claim::Merge,
        ] {
            let _ = judge(&comparison, &claim, "");
        }
    }
}
