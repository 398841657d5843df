//! Text that is JSON, in which characters can be written as escapes.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

/// True if a text looks like JSON that hides characters behind escapes. Without escapes
/// the characters are in the text itself, where they are found anyway.
pub(super) fn may_hide(text: &str) -> bool {
    matches!(
        text.trim_start().as_bytes().first(),
        Some(b'{' | b'[' | b'"')
    ) && memchr::memmem::find(text.as_bytes(), b"\\u").is_some()
}

/// Gives every string and every name in a JSON text to `take`, as it is read; nothing is
/// kept. What is no JSON, and what is nested deeper than 128, ends it.
pub(super) fn strings(text: &str, take: &mut dyn FnMut(&str)) {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    // A text that turns out not to be JSON was looked at as it is.
    let _ = Strings(take).deserialize(&mut deserializer);
}

struct Strings<'t>(&'t mut dyn FnMut(&str));

impl<'de> DeserializeSeed<'de> for Strings<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strings<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        (self.0)(text);
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        while elements.next_element_seed(Strings(self.0))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while members.next_key_seed(Strings(self.0))?.is_some() {
            members.next_value_seed(Strings(self.0))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        strings(text, &mut |text| found.push(text.to_owned()));
        found
    }

    #[test]
    fn every_string_and_name() {
        assert_eq!(
            all("{\"a\":[1,null,true,-2,0.5,\"x\\u200by\"],\"b\":{\"c\":\"\\udb40\\udc41\"}}"),
            ["a", "x\u{200b}y", "b", "c", "\u{e0041}"]
        );
        assert!(may_hide(" [\"\\u200b\"]"));
        assert!(!may_hide("C:\\users"));
        assert!(!may_hide("[\"plain\"]"));
    }

    #[test]
    fn no_json_and_deep_json_end_it() {
        assert_eq!(all("{\"a\": \"\\u0041\", nonsense"), ["a", "A"]);
        let deep = "[".repeat(1 << 20);
        assert!(all(&deep).is_empty());
        assert!(all("\"\\ud800\"").is_empty());
        assert!(all("").is_empty());
    }
}
