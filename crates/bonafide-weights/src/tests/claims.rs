//! Claims that hold and claims that the numbers contradict.

use super::{Made, Random, against, sum, through_bf16, with};
use crate::{
    AdapterDeclaration, Claim, CompareOptions, Comparison, Relation, inspect_adapter, judge,
};

const SHAPE: [u64; 2] = [64, 48];
const COUNT: usize = 64 * 48;

fn model(numbers: &[Vec<f32>], bias: f32) -> Made {
    let mut made = Made::default();
    for (index, numbers) in numbers.iter().enumerate() {
        made = made.f32(
            &format!("model.layers.{index}.mlp.up_proj.weight"),
            &SHAPE,
            numbers,
        );
    }
    made.f32("model.norm.weight", &[3], &[1.0, bias, 3.0])
}

fn base() -> Vec<Vec<f32>> {
    let mut random = Random(5);
    (0..4).map(|_| random.matrix(COUNT, 0.05)).collect()
}

fn violated(comparison: &Comparison, claim: &Claim) -> bool {
    !judge(comparison, claim, "test").violations.is_empty()
}

fn holds(comparison: &Comparison, claim: &Claim) -> bool {
    let standing = judge(comparison, claim, "test");
    standing.violations.is_empty() && standing.undecided.is_none()
}

fn lora(rank: u32) -> Claim {
    Claim::LoraMerge {
        rank: Some(rank),
        targets: Vec::new(),
    }
}

const FULL: Claim = Claim::FullFineTune { frozen: Vec::new() };

#[test]
fn a_copy_is_a_copy() {
    let base = model(&base(), 2.0);
    let comparison = against(&base.clone(), &base);
    assert_eq!(comparison.relation, Relation::ExactCopy);
    assert!(holds(&comparison, &Claim::ExactCopy));
    for claim in [FULL, lora(4), Claim::Adapter, Claim::Quantised] {
        assert!(violated(&comparison, &claim), "{claim:?}");
    }
    assert!(!holds(&comparison, &Claim::Merge));
}

#[test]
fn a_rank_one_edit_of_one_matrix_is_named() {
    let before = base();
    let mut after = before.clone();
    let mut random = Random(11);
    after[2] = sum(&after[2], &random.low_rank(64, 48, 1, 0.02));
    let comparison = against(&model(&after, 2.0), &model(&before, 2.0));
    assert_eq!(comparison.relation, Relation::Edited { tensors: 1 });
    assert_eq!(comparison.changes[0].rank.unwrap().rank, 1);
    for claim in [Claim::ExactCopy, FULL, Claim::Quantised] {
        let standing = judge(&comparison, &claim, "card");
        let named = standing.violations.iter().any(|violation| {
            violation.tensors == ["model.layers.2.mlp.up_proj.weight"] && violation.count == 1
        });
        assert!(named, "{standing:?}");
    }
    // It is what a merged adapter of one module would be; only its targets can tell.
    assert!(holds(&comparison, &lora(1)));
    let targets = |name: &str| Claim::LoraMerge {
        rank: None,
        targets: vec![name.to_owned()],
    };
    assert!(violated(&comparison, &targets("q_proj")));
    assert!(holds(&comparison, &targets("up_proj")));
}

#[test]
fn a_fine_tune_is_no_merged_adapter_and_leaves_what_is_frozen() {
    let before = base();
    let mut random = Random(21);
    let after: Vec<Vec<f32>> = before
        .iter()
        .map(|w| sum(w, &random.matrix(COUNT, 0.005)))
        .collect();
    let comparison = against(&model(&after, 2.5), &model(&before, 2.0));
    assert_eq!(comparison.relation, Relation::FineTuned);
    assert!(holds(&comparison, &FULL));
    for claim in [Claim::ExactCopy, lora(8), Claim::Quantised, Claim::Adapter] {
        assert!(violated(&comparison, &claim), "{claim:?}");
    }
    let frozen = Claim::FullFineTune {
        frozen: vec!["model.layers.1".to_owned()],
    };
    let standing = judge(&comparison, &frozen, "card");
    assert_eq!(
        standing.violations[0].tensors,
        ["model.layers.1.mlp.up_proj.weight"]
    );
    assert!(violated(
        &comparison,
        &Claim::FullFineTune {
            frozen: vec!["*.norm.*".to_owned()]
        }
    ));
    assert!(holds(
        &comparison,
        &Claim::FullFineTune {
            frozen: vec!["model.layers.9".to_owned()]
        }
    ));
}

#[test]
fn a_merged_adapter_holds_up_to_its_rank() {
    let before = base();
    let mut random = Random(31);
    let after: Vec<Vec<f32>> = before
        .iter()
        .map(|w| sum(w, &random.low_rank(64, 48, 6, 0.01)))
        .collect();
    let comparison = against(&model(&after, 2.0), &model(&before, 2.0));
    assert_eq!(
        comparison.relation,
        Relation::LowRank {
            rank: 6,
            matrices: 4
        }
    );
    assert!(holds(&comparison, &lora(6)) && holds(&comparison, &lora(16)));
    let standing = judge(&comparison, &lora(5), "card");
    assert_eq!(standing.violations[0].count, 4);
    assert!(violated(&comparison, &FULL));
    // A vector beside the matrices is changed by no adapter.
    let comparison = against(&model(&after, 2.5), &model(&before, 2.0));
    let standing = judge(&comparison, &lora(6), "card");
    assert_eq!(standing.violations[0].tensors, ["model.norm.weight"]);
}

#[test]
fn an_edit_beside_a_merged_adapter_is_named() {
    let before = base();
    let mut random = Random(33);
    let mut after = before.clone();
    for matrix in &mut after[..2] {
        *matrix = sum(matrix, &random.low_rank(64, 48, 2, 0.01));
    }
    after[2] = sum(&after[2], &random.matrix(COUNT, 0.01));
    let comparison = against(&model(&after, 2.0), &model(&before, 2.0));
    let standing = judge(&comparison, &lora(2), "card");
    assert_eq!(
        standing.violations[0].tensors,
        ["model.layers.2.mlp.up_proj.weight"]
    );
    assert_eq!(judge(&comparison, &FULL, "card").violations[0].count, 3);
}

#[test]
fn merges_have_their_weights_and_an_edited_one_is_named() {
    let first = base();
    let mut random = Random(41);
    let mut other = || -> Vec<Vec<f32>> {
        first
            .iter()
            .map(|w| sum(w, &random.matrix(COUNT, 0.01)))
            .collect()
    };
    let (a, b) = (other(), other());
    let mut merged: Vec<Vec<f32>> = a
        .iter()
        .zip(&b)
        .map(|(a, b)| a.iter().zip(b).map(|(a, b)| 0.3 * a + 0.7 * b).collect())
        .collect();
    let bases = [&model(&a, 2.0), &model(&b, 2.0)];
    let options = CompareOptions::default();
    let comparison = with(&model(&merged, 2.0), &bases, &options);
    let Relation::Merge { weights, residual } = &comparison.relation else {
        panic!("{:?}", comparison.relation);
    };
    assert!(
        (weights[0] - 0.3).abs() < 1e-5 && (weights[1] - 0.7).abs() < 1e-5,
        "{weights:?}"
    );
    assert!(*residual < 1e-6);
    assert!(holds(&comparison, &Claim::Merge) && violated(&comparison, &FULL));
    assert!(violated(&comparison, &Claim::ExactCopy) && violated(&comparison, &lora(8)));
    merged[1][100] += 0.5;
    let comparison = with(&model(&merged, 2.0), &bases, &options);
    let standing = judge(&comparison, &Claim::Merge, "card");
    assert_eq!(
        standing.violations[0].tensors,
        ["model.layers.1.mlp.up_proj.weight"]
    );
    // One of the bases, or one base alone, is no merge.
    assert!(violated(
        &with(&model(&b, 2.0), &bases, &options),
        &Claim::Merge
    ));
    let single = against(&model(&merged, 2.0), bases[0]);
    let standing = judge(&single, &Claim::Merge, "card");
    assert!(standing.violations.is_empty() && standing.undecided.is_some());
}

#[test]
fn a_cast_is_a_quantisation_until_a_number_is_beyond_its_rounding() {
    let before = base();
    let cast = |numbers: &[f32]| {
        Made::default()
            .bf16("w", &SHAPE, numbers)
            .bf16("v", &SHAPE, &before[1])
    };
    let parent = Made::default()
        .f32("w", &SHAPE, &before[0])
        .f32("v", &SHAPE, &before[1]);
    let comparison = against(&cast(&before[0]), &parent);
    assert_eq!(
        comparison.relation,
        Relation::Quantised {
            schemes: vec!["BF16".to_owned()]
        }
    );
    assert!(
        comparison
            .changes
            .iter()
            .all(|change| change.quantisation_error.unwrap() <= 1.0)
    );
    assert!(holds(&comparison, &Claim::Quantised));
    for claim in [Claim::ExactCopy, FULL, lora(4)] {
        assert!(violated(&comparison, &claim), "{claim:?}");
    }
    // One step further at one number.
    let mut moved: Vec<f32> = before[0].iter().map(|n| through_bf16(*n)).collect();
    moved[77] = f32::from_bits(moved[77].to_bits() + 0x1_0000);
    let comparison = against(&cast(&moved), &parent);
    let standing = judge(&comparison, &Claim::Quantised, "card");
    assert_eq!(standing.violations[0].tensors, ["w"]);
    assert!(
        standing.violations[0].message.contains("number 77"),
        "{standing:?}"
    );
    // The other way round nothing is lost.
    let wide: Vec<f32> = before[0].iter().map(|n| through_bf16(*n)).collect();
    let comparison = against(
        &Made::default().f32("w", &SHAPE, &wide),
        &Made::default().bf16("w", &SHAPE, &wide),
    );
    assert_eq!(
        comparison.relation,
        Relation::Quantised {
            schemes: vec!["F32".to_owned()]
        }
    );
    assert_eq!(comparison.changes[0].differing, 0);
}

#[test]
fn whole_numbers_are_read_with_their_scales() {
    let before = &base()[0];
    let mut codes = Vec::new();
    let mut scales = Vec::new();
    for row in before.chunks_exact(48) {
        let scale = row.iter().fold(0.0_f32, |most, n| most.max(n.abs())) / 127.0;
        codes.extend(row.iter().map(|n| (n / scale).round() as i8 as u8));
        scales.push(scale);
    }
    let parent = Made::default().f32("a.weight", &SHAPE, before);
    let write = |codes: &[u8]| {
        Made::default().raw("a.weight", "I8", &SHAPE, codes).f32(
            "a.weight_scale",
            &[64, 1],
            &scales,
        )
    };
    let comparison = against(&write(&codes), &parent);
    assert_eq!(
        comparison.relation,
        Relation::Quantised {
            schemes: vec!["I8".to_owned()]
        }
    );
    assert_eq!(comparison.added_count, 0);
    assert!(holds(&comparison, &Claim::Quantised));
    let mut moved = codes.clone();
    moved[500] = moved[500].wrapping_add(2);
    assert!(violated(
        &against(&write(&moved), &parent),
        &Claim::Quantised
    ));
    let without = Made::default().raw("a.weight", "I8", &SHAPE, &codes);
    let comparison = against(&without, &parent);
    assert_eq!(comparison.uncompared_count, 1);
    let standing = judge(&comparison, &Claim::Quantised, "card");
    assert!(standing.violations.is_empty() && standing.undecided.unwrap().contains("scales"));
}

#[test]
fn a_resized_vocabulary_is_explained_and_other_shapes_are_not() {
    let mut random = Random(3);
    let rows = random.matrix(20 * 8, 0.1);
    let more: Vec<f32> = rows
        .iter()
        .copied()
        .chain(random.matrix(2 * 8, 0.1))
        .collect();
    let others = random.matrix(64, 0.1);
    let trained = sum(&others, &random.matrix(64, 0.01));
    let make = |name: &str, rows: u64, numbers: &[f32], rest: &[f32]| {
        Made::default()
            .f32(name, &[rows, 8], numbers)
            .f32("x.weight", &[8, 8], rest)
            .f32("y.weight", &[8, 8], rest)
    };
    let embedding = "model.embed_tokens.weight";
    let base = make(embedding, 20, &rows, &others);
    let comparison = against(&make(embedding, 22, &more, &trained), &base);
    assert!(
        comparison
            .changes
            .iter()
            .any(crate::TensorChange::is_only_resized)
    );
    assert!(
        holds(&comparison, &FULL),
        "{:?}",
        judge(&comparison, &FULL, "")
    );
    assert!(violated(&comparison, &Claim::ExactCopy));
    let base = make("z.weight", 20, &rows, &others);
    assert!(violated(
        &against(&make("z.weight", 22, &more, &trained), &base),
        &FULL
    ));
}

#[test]
fn another_training_is_unrelated() {
    let mut random = Random(99);
    let other: Vec<Vec<f32>> = (0..4).map(|_| random.matrix(COUNT, 0.05)).collect();
    let comparison = against(&model(&other, 2.0), &model(&base(), 2.0));
    assert_eq!(comparison.relation, Relation::Unrelated);
    for claim in [
        Claim::ExactCopy,
        FULL,
        lora(8),
        Claim::Quantised,
        Claim::Adapter,
    ] {
        assert!(violated(&comparison, &claim), "{claim:?}");
    }
}

#[test]
fn numbers_that_are_not_finite_are_said() {
    let before = base();
    let mut after = before.clone();
    after[0][7] = f32::NAN;
    after[1][9] = f32::INFINITY;
    let comparison = against(&model(&after, 2.0), &model(&before, 2.0));
    assert_eq!(
        comparison
            .changes
            .iter()
            .map(|change| change.not_finite)
            .sum::<u64>(),
        2
    );
    for claim in [Claim::ExactCopy, FULL, lora(48), Claim::Quantised] {
        assert!(violated(&comparison, &claim), "{claim:?}");
    }
    // The same in both is the same.
    let comparison = against(&model(&after, 2.0), &model(&after, 2.0));
    assert!(holds(&comparison, &Claim::ExactCopy));
}

#[test]
fn an_adapter_is_held_against_its_declaration_and_base() {
    let mut random = Random(8);
    let parent = model(&base(), 2.0);
    let module = |index: u32| format!("base_model.model.model.layers.{index}.mlp.up_proj");
    let (down, up) = (random.matrix(4 * 48, 0.1), random.matrix(64 * 4, 0.1));
    let made = Made::default()
        .f32(&format!("{}.lora_A.weight", module(0)), &[4, 48], &down)
        .f32(&format!("{}.lora_B.weight", module(0)), &[64, 4], &up);
    let declared = AdapterDeclaration {
        rank: Some(4),
        targets: vec!["up_proj".to_owned()],
        ..AdapterDeclaration::default()
    };
    let options = CompareOptions {
        adapter: declared.clone(),
        ..CompareOptions::default()
    };
    let comparison = with(&made, &[&parent], &options);
    let targets = vec!["up_proj".to_owned()];
    assert_eq!(
        comparison.relation,
        Relation::Adapter {
            rank: Some(4),
            targets
        }
    );
    assert!(holds(&comparison, &Claim::Adapter), "{comparison:?}");
    for claim in [
        Claim::ExactCopy,
        FULL,
        lora(4),
        Claim::Quantised,
        Claim::Merge,
    ] {
        assert!(violated(&comparison, &claim), "{claim:?}");
    }
    // The norm of the product, by hand.
    let spectrum = &comparison.adapter.as_ref().unwrap().spectra[0];
    let mut squares = 0.0;
    for row in up.chunks_exact(4) {
        for column in 0..48 {
            let number: f64 = (0..4)
                .map(|k| f64::from(row[k]) * f64::from(down[k * 48 + column]))
                .sum();
            squares += number * number;
        }
    }
    assert!((spectrum.frobenius - squares.sqrt()).abs() < 1e-9 * squares.sqrt());
    assert!(
        spectrum.top <= spectrum.frobenius
            && spectrum.energy > 0.25
            && spectrum.entropy < 4.0_f64.ln()
    );

    let wrong = [
        AdapterDeclaration {
            rank: Some(8),
            ..declared.clone()
        },
        AdapterDeclaration {
            targets: vec!["q_proj".to_owned()],
            ..declared.clone()
        },
    ];
    for declared in wrong {
        assert_eq!(
            inspect_adapter(&[made.file()], None, &declared)
                .misfits
                .len(),
            1
        );
    }
    let extra = made
        .clone()
        .f32("base_model.model.score.weight", &[1], &[1.0]);
    assert_eq!(
        inspect_adapter(&[extra.file()], None, &declared)
            .misfits
            .len(),
        1
    );
    let saved = AdapterDeclaration {
        saved: vec!["score".to_owned()],
        ..declared.clone()
    };
    assert!(
        inspect_adapter(&[extra.file()], None, &saved)
            .misfits
            .is_empty()
    );
    let other = Made::default().f32("model.layers.0.mlp.up_proj.weight", &[3], &[0.0; 3]);
    let misfits = inspect_adapter(&[made.file()], Some(&[other.file()]), &declared).misfits;
    assert!(misfits[0].1.contains("64 × 48"), "{misfits:?}");
}

#[test]
fn names_of_gguf_and_its_order_of_heads_are_found() {
    let (rows, columns, head) = (64_usize, 48_usize, 16_usize);
    let query = &base()[0];
    let up = &base()[1];
    let mut turned = vec![0.0; query.len()];
    for row in 0..rows {
        let (start, at) = (row / head * head, row % head);
        let from = start + at % 2 * (head / 2) + at / 2;
        turned[row * columns..(row + 1) * columns]
            .copy_from_slice(&query[from * columns..(from + 1) * columns]);
    }
    let parent = Made::default()
        .f32("model.layers.0.self_attn.q_proj.weight", &SHAPE, query)
        .f32("model.layers.0.mlp.up_proj.weight", &SHAPE, up);
    let gguf = Made::default()
        .bf16("blk.0.attn_q.weight", &SHAPE, &turned)
        .bf16("blk.0.ffn_up.weight", &SHAPE, up);
    for (model, base, scheme) in [(&gguf, &parent, "BF16"), (&parent, &gguf, "F32")] {
        let comparison = against(model, base);
        assert_eq!(comparison.renamed.len(), 2);
        assert_eq!(comparison.changes[0].dtypes.1, scheme);
        if scheme == "BF16" {
            assert!(holds(&comparison, &Claim::Quantised), "{comparison:?}");
        } else {
            assert!(
                comparison
                    .changes
                    .iter()
                    .all(|change| change.relative_norm.unwrap() < 0.01)
            );
        }
    }
}

#[test]
fn shards_are_one_model() {
    use std::num::NonZeroUsize;
    let before = base();
    let whole = model(&before, 2.0);
    let one = Made::default()
        .f32("model.layers.0.mlp.up_proj.weight", &SHAPE, &before[0])
        .f32("model.layers.1.mlp.up_proj.weight", &SHAPE, &before[1]);
    let two = Made::default()
        .f32("model.norm.weight", &[3], &[1.0, 2.0, 3.0])
        .f32("model.layers.2.mlp.up_proj.weight", &SHAPE, &before[2])
        .f32("model.layers.3.mlp.up_proj.weight", &SHAPE, &before[3]);
    let bases = [("base".to_owned(), vec![whole.file()])];
    let options = CompareOptions::default();
    let comparison = crate::compare(
        &[one.file(), two.file()],
        &bases,
        &options,
        NonZeroUsize::MIN,
    );
    assert!(holds(&comparison, &Claim::ExactCopy));
    // The same tensor in two shards could be either.
    let comparison = crate::compare(
        &[one.file(), two.file(), one.file()],
        &bases,
        &options,
        NonZeroUsize::MIN,
    );
    assert_eq!(comparison.uncompared_count, 2);
    assert!(!holds(&comparison, &Claim::ExactCopy));
}
