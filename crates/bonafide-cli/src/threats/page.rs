//! The matrix of threats and checks, and everything about every threat, as Markdown.
//! `docs/threats.md` holds both, and a test compares them.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use bonafide_core::{RawName, Reach};
use bonafide_threats::{
    CATEGORIES_NOTE, CategoryScope, DISCLAIMER, MappingTarget, Stage, Threat, catalogue,
};

use super::explanation::sections;
use super::list::reach;
use super::selection::{Selection, categories_of, checks_of, rules_of, shown};

/// Which checks cover which threat, what is attested only, what is out of reach, and why.
pub(super) fn matrix(selection: &Selection<'_>) -> String {
    let threats = selection.threats();
    let count = |wanted: Reach| {
        threats
            .iter()
            .filter(|threat| threat.reach == wanted)
            .count()
    };
    let mut text = format!(
        "{} threats: {} covered by checks, {} attested only, {} out of reach.\n\
         \"Checked\" means that checks measure something of it, as far as the column says; a pass is \
         evidence, never proof that a threat is absent.\n\
         \"Attested\" means that only a statement bound to the digest can speak to it.\n",
        threats.len(),
        count(Reach::Checked),
        count(Reach::Attested),
        count(Reach::OutOfReach),
    );
    for group in catalogue().groups() {
        let members: Vec<&Threat> = threats
            .iter()
            .copied()
            .filter(|threat| threat.group == group)
            .collect();
        if members.is_empty() {
            continue;
        }
        let _ = write!(
            text,
            "\n### {}\n\n| threat | | severity | stages | reach | how far, or why not | checks |\n|---|---|---|---|---|---|---|\n",
            capitalized(group)
        );
        for threat in members {
            let stages: Vec<&str> = threat.stages.iter().map(|stage| stage.name()).collect();
            let checks: Vec<String> = checks_of(threat)
                .map(|check| format!("[`{0}`](checks.md#{0})", check.slug))
                .collect();
            let _ = writeln!(
                text,
                "| [{}](#{}) | {} | {} | {} | {} | {} | {} |",
                threat.id,
                threat.id.to_ascii_lowercase(),
                threat.title,
                threat.severity,
                stages.join(", "),
                reach(threat.reach),
                threat.extent,
                if checks.is_empty() {
                    "none".to_owned()
                } else {
                    checks.join(", ")
                }
            );
        }
    }
    stages(selection, &mut text);
    categories(selection, &mut text);
    frameworks(selection, &mut text);
    text
}

/// Threats of each group in each stage: how many, and how many of them are checked.
fn stages(selection: &Selection<'_>, text: &mut String) {
    text.push_str(
        "\n### Stages of the life cycle\n\nThreats covered by checks, of all.\n\n| group |",
    );
    for stage in Stage::ALL {
        let _ = write!(text, " {stage} |");
    }
    text.push_str("\n|---|---|---|---|---|\n");
    for group in catalogue().groups() {
        let members: Vec<_> = selection
            .threats()
            .iter()
            .filter(|threat| threat.group == group)
            .collect();
        if members.is_empty() {
            continue;
        }
        let _ = write!(text, "| {group} |");
        for stage in Stage::ALL {
            let all = members
                .iter()
                .filter(|threat| threat.stages.contains(&stage));
            let checked = all.clone().filter(|threat| threat.reach == Reach::Checked);
            match all.count() {
                0 => text.push_str(" – |"),
                all => {
                    let _ = write!(text, " {} of {all} |", checked.count());
                }
            }
        }
        text.push('\n');
    }
}

fn categories(selection: &Selection<'_>, text: &mut String) {
    let _ = write!(
        text,
        "\n### Categories of ISO/IEC 27090\n\n{CATEGORIES_NOTE}\n\n| category | in scope | threats | OWASP AI Exchange | what an attestation can show |\n|---|---|---|---|---|\n"
    );
    for category in selection.categories() {
        let threats: Vec<&str> = selection
            .threats()
            .iter()
            .filter(|threat| categories_of(threat).any(|other| other.id == category.id))
            .map(|threat| threat.id.as_str())
            .collect();
        let exchange: Vec<String> = category
            .exchange
            .iter()
            .map(|link| format!("[{link}](https://owaspai.org/{link})"))
            .collect();
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} |",
            category.label,
            match category.scope {
                CategoryScope::InScope => "yes",
                CategoryScope::Attested => "no",
            },
            if threats.is_empty() {
                "none".to_owned()
            } else {
                threats.join(", ")
            },
            exchange.join(", "),
            category.attestation
        );
    }
    for file in selection.added() {
        for row in &file.rows {
            if let MappingTarget::Category(id) = &row.target {
                let _ = writeln!(
                    text,
                    "\n{} {}: category `{id}` is {} {} ({}, line {}).",
                    escaped(&file.framework),
                    escaped(&file.version),
                    escaped(&row.reference),
                    escaped(&row.title),
                    escaped(&file.origin),
                    row.line
                );
            }
        }
    }
}

fn frameworks(selection: &Selection<'_>, text: &mut String) {
    let _ = write!(
        text,
        "\n### Frameworks\n\n{DISCLAIMER}\n\n| framework | version | `--framework` | mappings | status | licence |\n|---|---|---|---|---|---|\n"
    );
    let mut rows = Vec::new();
    for threat in selection.threats() {
        rows.extend(selection.mappings(threat));
    }
    for framework in &catalogue().frameworks {
        let of_it = |row: &&std::borrow::Cow<'_, bonafide_threats::Mapping>| {
            row.framework == framework.id && row.version == framework.version
        };
        let mappings = rows.iter().filter(of_it).count();
        if mappings == 0 {
            continue;
        }
        let dates: String = framework
            .applies
            .iter()
            .map(|part| format!("; {} apply from {}", part.what, part.from))
            .collect();
        let _ = writeln!(
            text,
            "| [{}]({}) | {} | `{}@{}` | {mappings} | {}{dates} | {} |",
            framework.name,
            framework.url,
            framework.version,
            framework.id,
            framework.version,
            framework.status,
            framework.licence
        );
    }
    for file in selection.added() {
        let _ = writeln!(
            text,
            "| {} | {} | | {} | from {} | |",
            escaped(&file.framework),
            escaped(&file.version),
            file.rows.len(),
            escaped(&file.origin)
        );
    }
    let gone: Vec<String> = catalogue()
        .frameworks
        .iter()
        .flat_map(|framework| {
            framework.superseded.iter().map(move |old| {
                format!(
                    "{} is {} since {} {}",
                    old.reference, old.by, framework.id, old.since
                )
            })
        })
        .collect();
    let _ = write!(text, "\nSuperseded identifiers: {}.\n", gone.join("; "));
}

/// Everything about every threat.
pub(super) fn details(selection: &Selection<'_>) -> String {
    let mut text = String::new();
    for threat in selection.threats() {
        if !text.is_empty() {
            text.push('\n');
        }
        detail(threat, selection, &mut text);
    }
    text
}

fn detail(threat: &Threat, selection: &Selection<'_>, text: &mut String) {
    let stages: Vec<&str> = threat.stages.iter().map(|stage| stage.name()).collect();
    let stride: Vec<String> = threat.stride.iter().map(ToString::to_string).collect();
    let _ = write!(
        text,
        "### {}\n\n**{}.** Severity: {}. Group: {}. Stages: {}. STRIDE: {}.\n",
        threat.id,
        threat.title,
        threat.severity,
        threat.group,
        stages.join(", "),
        stride.join(", ")
    );
    for (heading, body) in sections(threat) {
        let _ = write!(text, "\n- **{heading}.** {body}");
    }
    let _ = write!(
        text,
        "\n- **Reach.** {}. {}",
        capitalized(reach(threat.reach)),
        threat.extent
    );
    let checks: Vec<String> = checks_of(threat)
        .map(|check| format!("[`{0}`](checks.md#{0})", check.slug))
        .collect();
    if !checks.is_empty() {
        let _ = write!(text, "\n- **Checks.** {}.", checks.join(", "));
    }
    let rules = rules_of(threat).count();
    if rules > 0 {
        let plural = if rules == 1 { "" } else { "s" };
        let _ = write!(
            text,
            "\n- **Rules about model files.** {rules} [rule{plural}](models.md)."
        );
    }
    // Grouped by framework, in the order of the crosswalk.
    let mut groups: Vec<(String, BTreeSet<String>)> = Vec::new();
    for row in selection.mappings(threat) {
        let framework = escaped(&shown(&row));
        let what = escaped(if row.reference.is_empty() {
            &row.title
        } else {
            &row.reference
        });
        match groups.iter_mut().find(|(name, _)| *name == framework) {
            Some((_, references)) => {
                references.insert(what);
            }
            None => groups.push((framework, BTreeSet::from([what]))),
        }
    }
    let groups: Vec<String> = groups
        .into_iter()
        .map(|(name, references)| {
            let references: Vec<String> = references.into_iter().collect();
            format!("{name}: {}", references.join(", "))
        })
        .collect();
    if !groups.is_empty() {
        let _ = write!(text, "\n- **Maps to.** {}.", groups.join("; "));
    }
    text.push('\n');
}

/// What a user's file says, so that Markdown takes it for nothing but text.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in RawName::from(text).to_string().chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '!' | '@' => {
                escaped.push('\\');
                escaped.push(character);
            }
            _ => escaped.push(character),
        }
    }
    escaped
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}
