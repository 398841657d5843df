//! One result: what a control found about one thing, or that it could not be carried out.

use bonafide_core::{CheckResult, Level, Severity, Subject};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::Context;
use super::rule::level;
use crate::entry::{Entry, bounded};

/// Most messages that a result repeats.
const MOST_MESSAGES: usize = 5;

/// Most byte ranges that a result lists.
const MOST_RANGES: usize = 10;

/// What may become a result.
pub(super) struct Candidate<'report> {
    check: &'report CheckResult,
    entry: Option<Entry<'report>>,
}

impl<'report> Candidate<'report> {
    pub(super) const fn found(check: &'report CheckResult, entry: Entry<'report>) -> Self {
        Self {
            check,
            entry: Some(entry),
        }
    }

    /// A demand that could not be checked. SARIF has a kind `open` for it, but then the level has to
    /// be `none`, and GitHub looks at the level only: a gate that stays shut would not be seen.
    pub(super) const fn undecided(check: &'report CheckResult) -> Self {
        Self { check, entry: None }
    }

    fn waiver(&self) -> Option<&'report str> {
        self.entry.as_ref().and_then(|entry| entry.waiver)
    }

    /// What it weighs against others: whether somebody answers for it, the level, whether something
    /// was found, the severity.
    pub(super) fn weight(&self) -> (bool, Level, bool, Severity) {
        let severity = match &self.entry {
            Some(entry) => entry.severity(self.check),
            None => self.check.severity,
        };
        (
            self.waiver().is_none(),
            self.check.level,
            self.entry.is_some(),
            severity,
        )
    }

    /// The result, and how many bytes of it nobody can compress.
    pub(super) fn result(&self, context: &Context<'_>, rule: usize) -> (Value, usize) {
        let uri = match &self.entry {
            Some(entry) => context.locations.of_subject(entry.subject),
            None => context.locations.of_subject(&Subject::Artifact),
        };
        let message = plain(&self.message(context));
        let properties = self.properties(context);
        let name = match &self.entry {
            Some(entry) => bounded(&entry.subject.to_string(), 1000),
            None => Subject::Artifact.to_string(),
        };
        let weight = [&uri, &message, &name]
            .iter()
            .map(|text| text.len())
            .sum::<usize>()
            .saturating_add(Value::from(properties.clone()).to_string().len())
            .saturating_add(80);
        let mut result = json!({
            "ruleId": bounded(&self.check.check, 255),
            "ruleIndex": rule,
            "level": if self.waiver().is_some() { "note" } else { level(self.check.level) },
            "message": {"text": message},
            "locations": [{
                // Weights have no lines, and GitHub wants a whole region.
                "physicalLocation": {
                    "artifactLocation": {"uri": uri},
                    "region": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1},
                },
                "logicalLocations": [{"fullyQualifiedName": name}],
            }],
            "partialFingerprints": {"primaryLocationLineHash": self.fingerprint()},
            "properties": properties,
        });
        if let (Some(id), Some(result)) = (self.waiver(), result.as_object_mut()) {
            result.insert("suppressions".to_owned(), json!([suppression(context, id)]));
        }
        (result, weight)
    }

    fn message(&self, context: &Context<'_>) -> String {
        let Some(entry) = &self.entry else {
            let reason = self.check.reason.as_deref().unwrap_or("no reason is given");
            return format!(
                "{}: could not be checked, which is not a pass: {}",
                self.check.title,
                bounded(reason, 1000)
            );
        };
        let subject = bounded(&entry.subject.to_string(), 300);
        let mut text = format!(
            "{}: {subject}: {}.",
            self.check.title,
            entry.messages(MOST_MESSAGES)
        );
        if let Some(id) = entry.waiver {
            let until = context.waivers.get(id);
            let until = until.map_or("", |waiver| waiver.until.as_str());
            text.push_str(&format!(" Waived by {id} until {until}."));
            return text;
        }
        let remedy = entry
            .rule
            .map_or(&*self.check.remediation, |rule| rule.remediation);
        let hints = entry.hints();
        for advice in if hints.is_empty() {
            vec![remedy]
        } else {
            hints
        } {
            text.push_str(" To fix it: ");
            text.push_str(&bounded(advice, 600));
        }
        text
    }

    /// Which finding it is, from run to run: the same control about the same thing by the same rule,
    /// whatever numbers, digests and offsets it tells of today.
    fn fingerprint(&self) -> String {
        let kind = match &self.entry {
            None => "not-checked".to_owned(),
            Some(entry) if entry.rule.is_some() => String::new(),
            // The least message, so that the order of work does not matter.
            Some(entry) => {
                let messages = entry
                    .findings
                    .iter()
                    .map(|finding| steady(&finding.message));
                messages.min().unwrap_or_default()
            }
        };
        let (form, name, rule): (&str, &[u8], &str) = match &self.entry {
            None => ("artifact", b"", ""),
            Some(entry) => {
                let (form, name) = subject_parts(entry.subject);
                (form, name, entry.rule.map_or("", |rule| rule.slug))
            }
        };
        let mut hasher = Sha256::new();
        let parts: [&[u8]; 6] = [
            self.check.control.as_bytes(),
            self.check.check.as_bytes(),
            rule.as_bytes(),
            form.as_bytes(),
            name,
            kind.as_bytes(),
        ];
        for part in parts {
            // With its length, so that parts cannot run into each other.
            hasher.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hasher.update(part);
        }
        hexadecimal(&hasher.finalize())
    }

    fn properties(&self, context: &Context<'_>) -> Map<String, Value> {
        let mut properties = Map::new();
        let mut add = |name: &str, value: Value| properties.insert(name.to_owned(), value);
        add("control", self.check.control.as_str().into());
        add("outcome", self.check.outcome.into());
        let Some(entry) = &self.entry else {
            return properties;
        };
        add("findings", entry.findings.len().into());
        if let Some(rule) = entry.rule {
            add("rule", rule.slug.into());
        }
        if let [finding] = entry.findings.as_slice() {
            for (name, digest) in [
                ("expected", finding.expected),
                ("measured", finding.measured),
            ] {
                if let Some(digest) = digest {
                    add(name, digest.to_string().into());
                }
            }
        }
        let ranges = byte_ranges(context, entry);
        if !ranges.is_empty() {
            add("byte-ranges", ranges.into());
        }
        properties
    }
}

/// Where in the bytes of the file it is.
fn byte_ranges(context: &Context<'_>, entry: &Entry<'_>) -> Vec<Value> {
    let (Some(rule), Subject::File(name)) = (entry.rule, entry.subject) else {
        return Vec::new();
    };
    let file = context.files.get(name.as_bytes());
    let findings = file.into_iter().flat_map(|file| &file.findings);
    findings
        .filter(|finding| finding.rule.slug == rule.slug)
        .filter_map(|finding| {
            let (start, end) = (finding.start?, finding.end?);
            Some(json!({"part": bounded(&finding.part, 300), "start": start, "end": end}))
        })
        .take(MOST_RANGES)
        .collect()
}

fn subject_parts(subject: &Subject) -> (&'static str, &[u8]) {
    match subject {
        Subject::Artifact => ("artifact", b""),
        Subject::File(name) => ("file", name.as_bytes()),
        Subject::Signature(name) => ("signature", name.as_bytes()),
        Subject::Document(name) => ("document", name.as_bytes()),
        Subject::Ancestor(name) => ("ancestor", name.as_bytes()),
    }
}

fn suppression(context: &Context<'_>, id: &str) -> Value {
    let justification = match context.waivers.get(id) {
        Some(waiver) => format!(
            "{id}: {} (owner {}, approved by {}, until {})",
            waiver.reason, waiver.owner, waiver.approved_by, waiver.until
        ),
        None => id.to_owned(),
    };
    json!({"kind": "external", "status": "accepted", "justification": bounded(&justification, 2000)})
}

/// A message without what changes from run to run: words that hold a digit.
fn steady(message: &str) -> String {
    let words = message.split_whitespace();
    let words: Vec<&str> = words
        .map(|word| {
            if word.bytes().any(|byte| byte.is_ascii_digit()) {
                "#"
            } else {
                word
            }
        })
        .collect();
    words.join(" ")
}

/// Text of a message. SARIF reads `[text](place)` in it as a link (section 3.11.6), and names of
/// files come from others.
pub(super) fn plain(text: &str) -> String {
    text.replace("](", "] (")
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
