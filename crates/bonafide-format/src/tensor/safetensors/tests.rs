use std::collections::HashMap;

use bonafide_core::RawName;
use safetensors::tensor::{Dtype, SafeTensors, TensorView, serialize};

use crate::{FileInspection, InspectionBudget, Weight, inspect};

fn of(bytes: &[u8]) -> FileInspection {
    let name = RawName::from("model.safetensors");
    inspect(&name, &bytes, &InspectionBudget::DEFAULT)
}

fn file(header: &str, data: &[u8]) -> Vec<u8> {
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    bytes.extend(data);
    bytes
}

fn rules(inspection: &FileInspection) -> Vec<&str> {
    inspection
        .defects
        .iter()
        .map(|defect| defect.rule.slug)
        .collect()
}

/// Numbers that look random and are the same each time (xorshift).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).unwrap()
    }
}

const DTYPES: &[(Dtype, usize)] = &[
    (Dtype::BOOL, 8),
    (Dtype::F4, 4),
    (Dtype::F6_E2M3, 6),
    (Dtype::F6_E3M2, 6),
    (Dtype::U8, 8),
    (Dtype::I8, 8),
    (Dtype::F8_E5M2, 8),
    (Dtype::F8_E4M3, 8),
    (Dtype::F8_E8M0, 8),
    (Dtype::F8_E4M3FNUZ, 8),
    (Dtype::F8_E5M2FNUZ, 8),
    (Dtype::I16, 16),
    (Dtype::U16, 16),
    (Dtype::F16, 16),
    (Dtype::BF16, 16),
    (Dtype::I32, 32),
    (Dtype::U32, 32),
    (Dtype::F32, 32),
    (Dtype::C64, 64),
    (Dtype::F64, 64),
    (Dtype::I64, 64),
    (Dtype::U64, 64),
];

/// A file as the library writes it.
fn written(numbers: &mut Numbers) -> Vec<u8> {
    let zeros = vec![0_u8; 4096];
    let mut tensors = Vec::new();
    for index in 0..numbers.below(6) {
        let (dtype, bits) = DTYPES[numbers.below(DTYPES.len())];
        let shape = vec![numbers.below(4), 4 * numbers.below(3), 1 + numbers.below(2)];
        let bytes = shape.iter().product::<usize>() * bits / 8;
        let view = TensorView::new(dtype, shape, &zeros[..bytes]).unwrap();
        tensors.push((format!("layer.{index}.weight"), view));
    }
    let text = HashMap::from([("format".to_owned(), "pt".to_owned())]);
    let text = (numbers.below(2) == 0).then_some(text);
    serialize(tensors, text).unwrap()
}

#[test]
fn what_the_library_writes_is_clean() {
    let mut numbers = Numbers(1);
    for _ in 0..500 {
        let bytes = written(&mut numbers);
        let found = of(&bytes);
        assert_eq!(found.format(), Some("safetensors"));
        assert_eq!(found.defects, []);
        let count = SafeTensors::deserialize(&bytes).unwrap().len();
        assert_eq!(found.facts.tensor_count, count as u64);
    }
}

/// Whatever the reference refuses is reported; so what is clean, it takes.
#[test]
fn what_the_library_refuses_is_never_clean() {
    const PIECES: &[&str] = &[
        "0",
        "1",
        "-1",
        "1.0",
        "1e1",
        "\"",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        " ",
        "\n",
        "\t",
        "null",
        "NaN",
        "\"F32\"",
        "\"U8\"",
        "\"F4\"",
        "18446744073709551615",
        "\"shape\"",
        "\\u0000",
        "\\ud800",
        "\"__metadata__\"",
        "\"dtype\":\"U8\",",
        "[0,0]",
        "\u{feff}",
        "\"t\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},",
    ];
    let mut numbers = Numbers(2);
    let mut refused = 0;
    for round in 0..20_000 {
        let mut bytes = written(&mut numbers);
        for _ in 0..=numbers.below(2) {
            let length = bytes.len();
            let header = u64::from_le_bytes(bytes[..8].try_into().unwrap());
            let header = usize::try_from(header).unwrap_or(0).min(length - 8);
            match numbers.below(7) {
                0 => bytes[numbers.below(length)] ^= 1 << numbers.below(8),
                1 => bytes.truncate(numbers.below(length).max(8)),
                2 => bytes.extend(std::iter::repeat_n(0_u8, 1 + numbers.below(9))),
                3 if header > 0 => {
                    let at = 8 + numbers.below(header);
                    bytes[at] = b"0123456789,:{}[]\" \n"[numbers.below(19)];
                }
                // Something goes into the header, whose length says so.
                _ => {
                    let piece = PIECES[numbers.below(PIECES.len())];
                    let at = 8 + numbers.below(header + 1);
                    bytes.splice(at..at, piece.bytes());
                    let header = (header + piece.len()) as u64;
                    bytes[..8].copy_from_slice(&header.to_le_bytes());
                }
            }
        }
        let accepted = SafeTensors::deserialize(&bytes).is_ok();
        refused += u32::from(!accepted);
        let found = of(&bytes);
        let clean = found.defects.is_empty() && found.format() == Some("safetensors");
        assert!(
            accepted || !clean,
            "{round}: {}",
            String::from_utf8_lossy(&bytes)
        );
    }
    assert!(refused > 10_000, "only {refused} were refused");
}

#[test]
fn numbers_that_overflow_are_reported() {
    for (shape, offsets) in [
        ("[4294967296,4294967296]", "[0,0]"),
        ("[18446744073709551615]", "[0,4]"),
        ("[0]", "[18446744073709551615,18446744073709551615]"),
        ("[1]", "[4,0]"),
        ("[1]", "[0,18446744073709551615]"),
    ] {
        let header =
            format!("{{\"a\":{{\"dtype\":\"F32\",\"shape\":{shape},\"data_offsets\":{offsets}}}}}");
        let found = of(&file(&header, &[0; 4]));
        assert!(
            rules(&found).contains(&"safetensors-layout"),
            "{shape} {offsets}"
        );
        assert_eq!(found.weight(), Some(Weight::Deny));
    }
}

#[test]
fn many_tensors_cost_little() {
    let mut header = String::from("{");
    for index in 0..100_000 {
        let (from, to) = (index * 4, index * 4 + 4);
        header.push_str(&format!(
            "\"{index}\":{{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[{from},{to}]}},"
        ));
    }
    header.pop();
    header.push('}');
    let found = of(&file(&header, &vec![1; 400_000]));
    assert_eq!(found.defects, []);
    assert_eq!(found.facts.tensor_count, 100_000);
    // One span for the header, one for all numbers.
    assert_eq!(found.bodies[0].spans.len(), 2);
}

#[test]
fn a_header_of_brackets_is_not_unfolded() {
    let found = of(&file(
        &format!("{{\"a\":[{}0]}}", "0,".repeat(4_000_000)),
        &[],
    ));
    assert_eq!(found.defects, []);
    assert_eq!(found.coverage(), crate::Coverage::Skipped);
}

#[test]
fn words_that_only_look_like_programs_are_let_be() {
    let with = |text: &str| {
        let text = serde_json::to_string(text).unwrap();
        of(&file(
            &format!("{{\"__metadata__\":{{\"a\":{text}}}}}"),
            &[],
        ))
    };
    for text in [
        "medieval (clothes), medieval(town)",
        "{\"a\": {\"b\": {}}}",
        "the os. system (old)",
    ] {
        assert_eq!(with(text).defects, [], "{text}");
    }
    for text in [
        "<script>alert(1)</script>",
        "x; __import__('os').system('true')",
        "a=eval(b)",
    ] {
        assert_eq!(rules(&with(text)), ["safetensors-script"], "{text}");
    }
}
