//! RFC 8785: its examples, its numbers, its order, and another implementation.

use super::super::canonical::{MOST_DEPTH, canonical};
use super::*;

fn text(json: &str) -> String {
    String::from_utf8(canonical(json.as_bytes()).unwrap()).unwrap()
}

fn refusal(json: &str) -> JsonDefect {
    canonical(json.as_bytes()).unwrap_err()
}

#[test]
fn the_example_of_section_3_2_2() {
    let input = r#"{
        "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
        "literals": [null, true, false]
    }"#;
    let expected = concat!(
        r#"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"#,
        r#""string":"€$\u000f\nA'B\"\\\\\"/"}"#
    );
    assert_eq!(text(input), expected);
}

#[test]
fn the_order_of_section_3_2_3() {
    let input = r#"{
        "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis"
    }"#;
    let expected = [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ];
    let canonical = text(input);
    let places: Vec<_> = expected
        .iter()
        .map(|value| canonical.find(value).unwrap())
        .collect();
    assert!(places.is_sorted(), "{canonical}");
    let document = Document::read(input.as_bytes()).unwrap();
    let values: Vec<_> = document
        .members
        .iter()
        .map(|member| serde_json::from_slice::<String>(&member.value).unwrap())
        .collect();
    assert_eq!(values, expected);
}

#[test]
fn the_numbers_of_appendix_b() {
    for (bits, expected) in [
        (0x0000_0000_0000_0000, "0"),
        (0x8000_0000_0000_0000, "0"),
        (0x0000_0000_0000_0001, "5e-324"),
        (0x8000_0000_0000_0001, "-5e-324"),
        (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
        (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"),
        (0x4340_0000_0000_0000, "9007199254740992"),
        (0xc340_0000_0000_0000, "-9007199254740992"),
        (0x4430_0000_0000_0000, "295147905179352830000"),
        (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
        (0x44b5_2d02_c7e1_4af6, "1e+23"),
        (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
        (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
        (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
        (0x444b_1ae4_d6e2_ef50, "1e+21"),
        (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
        (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
        (0x41b3_de43_5555_5553, "333333333.3333332"),
        (0x41b3_de43_5555_5554, "333333333.33333325"),
        (0x41b3_de43_5555_5555, "333333333.3333333"),
        (0x41b3_de43_5555_5556, "333333333.3333334"),
        (0x41b3_de43_5555_5557, "333333333.33333343"),
        (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
        (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
    ] {
        assert_eq!(text(&format!("{:e}", f64::from_bits(bits))), expected);
    }
    for (literal, expected) in [("-0", "0"), ("-0.0e5", "0"), ("-0E-0", "0"), ("10", "10")] {
        assert_eq!(text(literal), expected);
    }
}

#[test]
fn integers_are_kept_or_refused_and_never_rounded() {
    for literal in ["9007199254740991", "-9007199254740992", "9007199254740992"] {
        assert_eq!(text(literal), literal);
    }
    for literal in [
        "9007199254740993",
        "-9007199254740993",
        "18446744073709551616",
        "1000000000000000000000000000000",
        "-340282366920938463463374607431768211456",
    ] {
        let literal = literal.to_owned();
        assert_eq!(refusal(&literal), JsonDefect::InexactInteger { literal });
    }
    for literal in ["1e400", "-1E+309", "1e-400", "-0.1e-999", "1.8e308"] {
        let literal = literal.to_owned();
        assert_eq!(refusal(&literal), JsonDefect::NumberRange { literal });
    }
    let long = "9".repeat(5000);
    assert!(matches!(
        refusal(&long),
        JsonDefect::InexactInteger { literal } if literal.len() < 60
    ));
}

#[test]
fn strings_are_written_in_one_way_only() {
    assert_eq!(
        text(r#""\u0000\u001f\b\t\n\f\r\"\\\/\u007f\u0080\u2028\ud83d\ude00é""#),
        "\"\\u0000\\u001f\\b\\t\\n\\f\\r\\\"\\\\/\u{7f}\u{80}\u{2028}😀é\""
    );
    // An escaped name is the name: it sorts and collides as such.
    assert_eq!(text(r#"{"b":1,"\u0061":2}"#), r#"{"a":2,"b":1}"#);
    let name = "a".to_owned();
    assert_eq!(
        refusal(r#"{"a":1,"\u0061":2}"#),
        JsonDefect::DuplicateName { name }
    );
}

#[test]
fn half_surrogates_are_refused() {
    for json in [
        r#""\ud800""#,
        r#""\udc00""#,
        r#""\ude00\ud83d""#,
        r#""\ud83d\u0041""#,
        r#""\ud83dx""#,
        r#"{"\ud800":1}"#,
    ] {
        assert!(matches!(refusal(json), JsonDefect::Text { .. }), "{json}");
    }
    let bytes = b"\"\xed\xa0\x80\"";
    assert_eq!(canonical(bytes), Err(JsonDefect::Encoding { position: 1 }));
}

#[test]
fn depth_ends_where_it_says() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let nested = |depth: usize| {
            let inner = if open == "[" { "" } else { "1" };
            format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
        };
        assert_eq!(text(&nested(MOST_DEPTH)), nested(MOST_DEPTH));
        assert_eq!(refusal(&nested(MOST_DEPTH + 1)), JsonDefect::TooDeep);
    }
    let endless = "[".repeat(1 << 20);
    assert_eq!(refusal(&endless), JsonDefect::TooDeep);
}

#[test]
fn what_the_grammar_does_not_have_is_refused() {
    for json in [
        "",
        " ",
        "{",
        "}",
        "[",
        "]",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,}",
        "{\"a\" 1}",
        "{a:1}",
        "{1:1}",
        "{'a':1}",
        "{null:1}",
        "\"",
        "\"a",
        "\"\\",
        "\"\\\"",
        "\"\n\"",
        "\"\u{0}\"",
        "tru",
        "True",
        "nul",
        "nullx",
        "true false",
        "+1",
        "01",
        "-",
        "-01",
        "1.",
        ".5",
        "1.e3",
        "1e",
        "1e+",
        "0x10",
        "1_000",
        "NaN",
        "Infinity",
        "-Infinity",
        "1,2",
        "// x\n1",
        "/**/1",
        "#",
        "1 #",
        "\u{a0}1",
        "\u{b}1",
    ] {
        assert!(
            matches!(refusal(json), JsonDefect::Syntax { .. }),
            "{json:?}: {:?}",
            refusal(json)
        );
        let other: Result<Value, _> = serde_json::from_str(json);
        assert!(other.is_err(), "{json:?}");
    }
    for json in [
        r#""\x""#,
        r#""\u12""#,
        r#""\u12g4""#,
        r#""\é""#,
        r#""\U0041""#,
    ] {
        assert!(matches!(refusal(json), JsonDefect::Text { .. }), "{json}");
    }
    assert_eq!(refusal("\u{feff}1"), JsonDefect::ByteOrderMark);
    assert_eq!(
        canonical(b"[\"a\xff\"]"),
        Err(JsonDefect::Encoding { position: 3 })
    );
}

/// A small generator of documents; the same ones at each run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    fn string(&mut self) -> String {
        let letters: Vec<char> =
            "aAbB01 \"\\/\u{0}\u{8}\n\u{1f}\u{7f}\u{80}öé€\u{d7ff}\u{e000}דּ\u{ffff}😀\u{10ffff}"
                .chars()
                .collect();
        let length = self.roll(5);
        (0..length)
            .map(|_| letters[usize::try_from(self.roll(letters.len() as u64)).unwrap()])
            .collect()
    }

    fn value(&mut self, depth: u32) -> Value {
        let kinds = if depth == 0 { 5 } else { 8 };
        match self.roll(kinds) {
            0 => Value::Null,
            1 => Value::Bool(self.roll(2) == 0),
            2 => Value::from(self.roll(1 << 53)),
            3 => loop {
                let bits = self.roll(u64::MAX) ^ self.roll(u64::MAX).rotate_left(32);
                let number = f64::from_bits(bits);
                if number.is_finite() && number.fract() != 0.0 {
                    break Value::from(number);
                }
            },
            4 => Value::String(self.string()),
            5 => (0..self.roll(5)).map(|_| self.value(depth - 1)).collect(),
            _ => {
                let members = (0..self.roll(6)).map(|_| (self.string(), self.value(depth - 1)));
                Value::Object(members.collect())
            }
        }
    }
}

#[test]
fn another_implementation_writes_the_same() {
    let mut dice = Dice(0x5eed_0815_4711_2026);
    for round in 0..3000 {
        let value = dice.value(5);
        let ours = canonical(&serde_json::to_vec_pretty(&value).unwrap()).unwrap();
        let theirs = serde_json_canonicalizer::to_vec(&value).unwrap();
        assert_eq!(
            String::from_utf8(ours.clone()).unwrap(),
            String::from_utf8(theirs).unwrap(),
            "round {round}"
        );
        assert_eq!(canonical(&ours).unwrap(), ours, "round {round}");
    }
}

#[test]
fn no_prefix_of_a_document_is_a_document_and_no_byte_makes_it_panic() {
    let text = file("good/edges-ed25519.json");
    let text = text.trim_ascii_end();
    for end in 0..text.len() {
        assert!(Document::read(&text[..end]).is_err(), "{end}");
    }
    let mut changed = text.to_vec();
    for place in 0..text.len() {
        for byte in [0, b'"', b'\\', b'{', b'9', 0xff] {
            changed[place] = byte;
            let _ = SignedDocument::parse(&changed);
        }
        changed[place] = text[place];
    }
}
