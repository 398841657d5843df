//! What a text that a template emits is: markup of a dialogue, or something said.

/// What is worth a finding in a text, whatever surrounds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// Markup that a client acts on.
    Active,
    /// An address.
    Url,
    /// Instructions to deceive or disobey.
    Deception,
    /// Characters that are not shown.
    Invisible,
    /// A long run of base64 or hexadecimal digits.
    Encoded,
}

/// Words that no honest instruction needs. All in lower case; each is one sign, and a
/// text needs two, or one of the first kind.
const BLUNT: &[&str] = &[
    "ignore all previous",
    "ignore previous instructions",
    "ignore the previous",
    "ignore any previous",
    "ignore all prior",
    "disregard all previous",
    "disregard previous",
    "disregard the above",
    "disregard any",
    "override your instructions",
    "override all",
    "without telling the user",
    "without informing the user",
    "without mentioning",
    "do not tell the user",
    "don't tell the user",
    "never tell the user",
    "do not inform the user",
    "do not mention this",
    "never mention this",
    "do not reveal this",
    "never reveal this",
    "do not disclose this",
    "keep this secret",
    "hide this from",
    "covertly",
    "secretly",
    "exfiltrate",
    "curl http",
    "wget http",
    "| bash",
    "| sh",
    "rm -rf",
    "backdoor",
    "jailbreak",
    "bypass safety",
    "bypass security",
    "insert a vulnerability",
    "introduce a vulnerability",
    "vulnerable code",
    "insecure code",
    "disable safety",
    "safety filters are",
    "user's password",
    "user's credentials",
    "api key to",
    "send the conversation",
    "send all",
];

/// The signs in a text.
pub(super) fn signs(text: &str) -> Vec<Sign> {
    let mut signs = Vec::new();
    let lower = text.to_ascii_lowercase();
    if is_active(&lower) {
        signs.push(Sign::Active);
    } else if has_url(&lower) {
        signs.push(Sign::Url);
    }
    let lower = lower.replace("do not tell the user about function", "");
    if BLUNT.iter().any(|phrase| lower.contains(phrase)) {
        signs.push(Sign::Deception);
    }
    if has_invisible(text) {
        signs.push(Sign::Invisible);
    }
    if has_encoded(text) {
        signs.push(Sign::Encoded);
    }
    signs
}

/// True for elements with attributes, scripts, and images of Markdown. `<img>` and
/// `<image>` alone stand for a picture in many templates.
fn is_active(lower: &str) -> bool {
    const ELEMENTS: &[&str] = &[
        "<script",
        "<iframe",
        "<img ",
        "<object ",
        "<embed ",
        "<svg ",
        "<link ",
        "<form ",
        "<meta ",
        "<a href",
        "javascript:",
        "data:text/html",
        "vbscript:",
        "onerror=",
    ];

    ELEMENTS.iter().any(|element| lower.contains(element))
        || (lower.contains("![") && lower.contains("](")) && has_url(lower)
}

pub(super) fn has_url(lower: &str) -> bool {
    lower.match_indices("://").any(|(at, _)| {
        let scheme = lower.get(..at).unwrap_or_default();
        let known = ["http", "https", "ftp", "ws", "wss", "file"];
        let after = lower.get(at + 3..).unwrap_or_default();
        known.iter().any(|name| scheme.ends_with(name))
            && (after.is_empty()
                || after.starts_with(|c: char| c.is_alphanumeric() || "[/{".contains(c)))
    })
}

/// Characters that change what is read and not what is seen. Joiners are left alone
/// between letters that need them, and variation selectors behind signs.
fn has_invisible(text: &str) -> bool {
    let mut before = ' ';
    for character in text.chars() {
        let hidden = match character {
            '\u{e0000}'..='\u{e01ef}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
            '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{180e}' | '\u{feff}' => true,
            '\u{200c}' | '\u{200d}' | '\u{ad}' | '\u{3164}' | '\u{ffa0}' => before.is_ascii(),
            '\u{fe00}'..='\u{fe0e}' => before.is_ascii(),
            _ => false,
        };
        if hidden {
            return true;
        }
        before = character;
    }
    false
}

/// True for a run that mixes letters and digits like base64 does, or is all hexadecimal.
fn has_encoded(text: &str) -> bool {
    const SHORTEST: usize = 64;

    text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=')))
        .filter(|run| run.len() >= SHORTEST)
        .any(|run| {
            let has = |test: fn(&u8) -> bool| run.as_bytes().iter().any(test);
            let mixed = has(u8::is_ascii_digit) && has(u8::is_ascii_lowercase);
            mixed && (has(u8::is_ascii_uppercase) || run.bytes().all(|b| b.is_ascii_hexdigit()))
        })
}

/// Names of roles and of parts, which markup is full of.
const PARTS: &[&str] = &[
    "user",
    "assistant",
    "system",
    "tool",
    "tools",
    "human",
    "developer",
    "model",
    "function",
    "functions",
    "im",
    "start",
    "end",
    "begin",
    "inst",
    "sys",
    "bos",
    "eos",
    "header",
    "id",
    "message",
    "channel",
    "think",
    "thinking",
    "analysis",
    "final",
    "commentary",
    "json",
    "name",
    "type",
    "content",
    "role",
    "arguments",
    "parameters",
    "call",
    "calls",
    "response",
    "output",
    "image",
    "video",
    "audio",
    "vision",
    "observation",
    "python",
    "to",
    "turn",
    "of",
    "text",
];

/// How many words of natural language are in a text that are not markup.
pub(super) fn words(text: &str) -> usize {
    let mut count = 0;
    let mut wide = 0;
    let mut word = String::new();
    let mut inside = 0_usize;
    for character in text.chars().chain([' ']) {
        match character {
            '<' => inside = inside.saturating_add(1),
            '>' => inside = inside.saturating_sub(1),
            _ => {}
        }
        if matches!(character, '\u{3040}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}') {
            wide += 1;
        } else if character.is_alphabetic() || matches!(character, '\'' | '_') {
            word.push(character);
            continue;
        }
        let lower = word.to_lowercase();
        let is_word = lower.chars().count() >= 2 && !lower.contains('_');
        if is_word && (inside == 0 || character == '<') && !PARTS.contains(&lower.as_str()) {
            count += 1;
        }
        word.clear();
    }
    count + wide / 2
}

/// True if a text says something, and is no markup.
pub(super) fn is_prose(text: &str) -> bool {
    words(text) >= 3 || has_url(&text.to_ascii_lowercase()) || is_active(&text.to_ascii_lowercase())
}

/// What the literal is that content is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Marker {
    /// Blanks and punctuation.
    Blank,
    /// A switch or tag that models are trained with: `</think>`, `/no_think`.
    Control,
    /// A kind of part that a message can have.
    Part,
    /// Anything else.
    Word,
}

/// Kinds of parts, and their keys, as templates look for them in a message.
const PARTS_OF_MESSAGES: &[&str] = &[
    "text",
    "image",
    "image_url",
    "video",
    "video_url",
    "audio",
    "audio_url",
    "input_audio",
    "file",
    "type",
    "blocks",
    "document",
    "thinking",
    "tool_calls",
];

/// Tells a marker from a word that somebody might write.
pub(super) fn marker(literal: &str) -> Marker {
    /// Parts of the tags and switches that templates look for in messages.
    const KNOWN: &[&str] = &[
        "think",
        "thought",
        "reason",
        "tool",
        "function",
        "call",
        "image",
        "video",
        "audio",
        "media",
        "observation",
        "response",
        "invoke",
        "sep",
        "python",
        "assistant",
        "user",
        "system",
        "step",
        "action",
        "box",
        "answer",
        "end",
        "img",
    ];

    let text = literal.trim();
    if !text.chars().any(char::is_alphanumeric) {
        return Marker::Blank;
    }
    let lower = text.to_ascii_lowercase();
    let tagged = text.starts_with(['<', '[', '/', '{', '|', '`', '#', '*'])
        && !text.contains(char::is_whitespace)
        && text.chars().count() <= 40;
    if tagged && KNOWN.iter().any(|known| lower.contains(known)) {
        return Marker::Control;
    }
    if PARTS_OF_MESSAGES.contains(&lower.as_str()) {
        return Marker::Part;
    }
    // The switch of NVIDIA's and inclusionAI's models.
    if matches!(
        lower.as_str(),
        "detailed thinking on" | "detailed thinking off"
    ) {
        return Marker::Control;
    }
    Marker::Word
}
