//! JSON as text: what `serde_json` would never write.

use serde_json::Value;

/// Every value of a document with its pointer, those inside the payload left out, since
/// they are base64.
pub fn values(document: &Value) -> Vec<(String, &Value)> {
    let mut found = vec![(String::new(), document)];
    let mut next = 0;
    while let Some((pointer, value)) = found.get(next).cloned() {
        match value {
            Value::Object(object) => {
                found.extend(
                    object
                        .iter()
                        .map(|(name, value)| (format!("{pointer}/{name}"), value)),
                );
            }
            Value::Array(list) => {
                let numbered = list.iter().enumerate();
                found
                    .extend(numbered.map(|(number, value)| (format!("{pointer}/{number}"), value)));
            }
            _ => {}
        }
        next += 1;
    }
    found
}

/// The document with one member written twice, the second time with another value.
pub fn with_repetition(document: &Value, parent: &str, name: &str, second: &Value) -> Vec<u8> {
    write(document, &mut |pointer, members| {
        if pointer == parent {
            members.push(format!("{}:{second}", Value::from(name)));
        }
    })
}

/// The document with its members in the opposite order.
pub fn backwards(document: &Value) -> Vec<u8> {
    write(document, &mut |_, members| members.reverse())
}

/// The document with every character of its names and texts escaped.
pub fn escaped(document: &Value) -> Vec<u8> {
    let compact = document.to_string();
    let mut text = String::new();
    let mut inside = false;
    let mut characters = compact.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => {
                inside = !inside;
                text.push('"');
            }
            '\\' => text.extend(['\\', characters.next().unwrap()]),
            _ if inside => {
                let mut units = [0; 2];
                for unit in character.encode_utf16(&mut units) {
                    text.push_str(&format!("\\u{unit:04x}"));
                }
            }
            _ => text.push(character),
        }
    }
    text.into_bytes()
}

/// Writes a document; the members of each object may be changed as texts.
fn write(document: &Value, change: &mut dyn FnMut(&str, &mut Vec<String>)) -> Vec<u8> {
    render(document, "", change).into_bytes()
}

fn render(value: &Value, pointer: &str, change: &mut dyn FnMut(&str, &mut Vec<String>)) -> String {
    match value {
        Value::Object(object) => {
            let mut members = Vec::new();
            for (name, value) in object {
                let value = render(value, &format!("{pointer}/{name}"), change);
                members.push(format!("{}:{value}", Value::from(name.as_str())));
            }
            change(pointer, &mut members);
            format!("{{{}}}", members.join(","))
        }
        Value::Array(list) => {
            let elements: Vec<String> = list
                .iter()
                .enumerate()
                .map(|(number, value)| render(value, &format!("{pointer}/{number}"), change))
                .collect();
            format!("[{}]", elements.join(","))
        }
        _ => value.to_string(),
    }
}
