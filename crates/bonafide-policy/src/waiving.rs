//! Taking findings out of account that somebody answers for.
//!
//! A waiver is about bytes or about what the user says that the target is; the artifact has
//! no say in it. A check that could not be carried out has no findings to waive.

use std::collections::{HashMap, HashSet};

use bonafide_core::{
    Algorithm, CheckResult, Digest, Finding, RawName, Subject, WaivedFinding, WaiverState,
    WaiverSummary,
};
use bonafide_hash::TreeKind;
use jiff::civil::Date;

use crate::scope::{View, spellings};
use crate::waiver::{Waiver, WaiverSubject};

/// Moves what is waived from the findings of each control, and tells of every waiver.
pub(crate) fn apply(
    waivers: &[Waiver],
    checks: &mut [CheckResult],
    view: &View<'_>,
    today: Date,
    warnings: &mut Vec<String>,
) -> Vec<WaiverSummary> {
    if waivers.is_empty() {
        return Vec::new();
    }
    let bytes = Bytes::of(view);
    let ids: HashSet<String> = checks.iter().map(|check| check.control.clone()).collect();
    let meant: Vec<bool> = waivers
        .iter()
        .map(|waiver| bytes.is_about_target(waiver, view))
        .collect();
    let mut used = vec![0_usize; waivers.len()];
    for check in checks.iter_mut().filter(|check| !check.findings.is_empty()) {
        // The id is more exact than the slug, where a control has the one of another's check.
        let named: Vec<(usize, &Waiver)> = waivers
            .iter()
            .enumerate()
            .filter(|(_, waiver)| {
                waiver.control == check.control
                    || (waiver.control == check.check && !ids.contains(&waiver.control))
            })
            .collect();
        if named.is_empty() {
            continue;
        }
        let mut kept = Vec::new();
        for finding in std::mem::take(&mut check.findings) {
            let takes = |(index, waiver): &&(usize, &Waiver)| {
                let about_target = meant.get(*index).copied().unwrap_or(false);
                bytes.takes(waiver, &finding, about_target) && narrowed(waiver, &finding)
            };
            let mut taken: Option<&Waiver> = None;
            let in_force = named.iter().filter(|(_, waiver)| today <= waiver.until);
            for (index, waiver) in in_force.filter(takes) {
                taken = taken.or(Some(*waiver));
                count(&mut used, *index);
            }
            // One that is over would have taken it.
            let mut lapsed = named.iter().filter(|(_, waiver)| today > waiver.until);
            if taken.is_none()
                && let Some((index, _)) = lapsed.find(takes)
            {
                count(&mut used, *index);
            }
            match taken {
                Some(waiver) => check.waived.push(WaivedFinding {
                    waiver: waiver.id.clone(),
                    finding,
                }),
                None => kept.push(finding),
            }
        }
        check.findings = kept;
        if check.outcome == "fail" && check.findings.is_empty() {
            check.outcome = "pass";
        }
    }
    waivers
        .iter()
        .zip(used)
        .map(|(waiver, findings)| summary(waiver, findings, today, warnings))
        .collect()
}

fn count(used: &mut [usize], index: usize) {
    if let Some(used) = used.get_mut(index) {
        *used += 1;
    }
}

fn summary(
    waiver: &Waiver,
    findings: usize,
    today: Date,
    warnings: &mut Vec<String>,
) -> WaiverSummary {
    let days_left = days(today, waiver.until);
    let name = RawName::from(waiver.id.as_str());
    let state = if days_left < 0 {
        let (ago, plural) = (-days_left, if days_left == -1 { "" } else { "s" });
        let effect = match findings {
            0 => "nothing needs it".to_owned(),
            1 => "1 finding counts again".to_owned(),
            more => format!("{more} findings count again"),
        };
        warnings.push(format!(
            "waiver `{name}` expired {ago} day{plural} ago ({}): {effect}",
            waiver.until
        ));
        WaiverState::Expired
    } else if findings == 0 {
        warnings.push(format!(
            "waiver `{name}` is not used: `{}` has no finding about {}",
            waiver.control, waiver.subject
        ));
        WaiverState::Unused
    } else {
        WaiverState::Used
    };
    WaiverSummary {
        id: waiver.id.clone(),
        control: waiver.control.clone(),
        subject: waiver.subject.to_string(),
        until: waiver.until.to_string(),
        days_left,
        reason: waiver.reason.clone(),
        owner: waiver.owner.clone(),
        approved_by: waiver.approved_by.clone(),
        source: waiver.source.clone(),
        state,
        findings: if state == WaiverState::Used {
            findings
        } else {
            0
        },
    }
}

/// Days from one to another; negative if the other is over.
fn days(from: Date, to: Date) -> i64 {
    from.until((jiff::Unit::Day, to))
        .map_or(0, |span| i64::from(span.get_days()))
}

/// True if the finding is one of those that a waiver is narrowed to.
fn narrowed(waiver: &Waiver, finding: &Finding) -> bool {
    let path = waiver
        .path
        .as_ref()
        .is_none_or(|path| match &finding.subject {
            Subject::File(name) => path.matches(name),
            _ => false,
        });
    let rule = waiver
        .rule
        .as_ref()
        .is_none_or(|rule| finding.rule.is_some_and(|found| found.slug == rule));
    path && rule
}

/// What everything hashes to.
struct Bytes<'a> {
    /// Of the whole artifact.
    root: Option<Digest>,
    files: HashMap<&'a RawName, Digest>,
    /// Signatures and documents, by what they are called in findings.
    beside: HashMap<&'a RawName, Vec<Digest>>,
    view: &'a View<'a>,
}

impl<'a> Bytes<'a> {
    fn of(view: &'a View<'a>) -> Self {
        let facts = view.facts;
        let files: HashMap<&RawName, Digest> = facts
            .survey
            .hashed(&facts.measurements)
            .filter_map(|measurement| {
                let digests = measurement.digests.as_ref().ok()?;
                let digest = digests
                    .iter()
                    .map(|digest| *digest.get())
                    .find(|digest| digest.algorithm() == Algorithm::Sha256)?;
                Some((&measurement.job.name, digest))
            })
            .collect();
        let root = match facts.tree.kind() {
            TreeKind::Directory => facts.survey.root_as_it_is(),
            TreeKind::File => files.values().next().copied(),
        };
        let mut beside: HashMap<&RawName, Vec<Digest>> = HashMap::new();
        for signature in &facts.signatures {
            beside
                .entry(&signature.source)
                .or_default()
                .push(signature.digest);
        }
        for document in &facts.documents {
            beside
                .entry(&document.source)
                .or_default()
                .push(document.digest);
        }
        Self {
            root,
            files,
            beside,
            view,
        }
    }

    /// True if the waiver is about the target as such.
    fn is_about_target(&self, waiver: &Waiver, view: &View<'_>) -> bool {
        match &waiver.subject {
            WaiverSubject::Digest(digest) => self.root == Some(*digest),
            WaiverSubject::Purl { pattern, .. } => {
                view.purls.iter().any(|purl| pattern.matches(purl))
            }
        }
    }

    /// True if the waiver is about what the finding is about.
    fn takes(&self, waiver: &Waiver, finding: &Finding, about_target: bool) -> bool {
        match (&waiver.subject, &finding.subject) {
            (WaiverSubject::Purl { .. }, _) if about_target => true,
            (WaiverSubject::Purl { pattern, .. }, Subject::Ancestor(name)) => {
                str::from_utf8(name.as_bytes())
                    .is_ok_and(|name| spellings(name).iter().any(|name| pattern.matches(name)))
            }
            (WaiverSubject::Purl { .. }, _) => false,
            (WaiverSubject::Digest(digest), Subject::File(name)) => {
                self.files.get(name) == Some(digest)
                    || (about_target && self.view.facts.survey.is_in_root(name))
            }
            // They are not part of the root: whoever changes them does not change it.
            (WaiverSubject::Digest(digest), Subject::Signature(name) | Subject::Document(name)) => {
                self.beside
                    .get(name)
                    .is_some_and(|digests| digests.iter().all(|known| known == digest))
            }
            (WaiverSubject::Digest(_), Subject::Artifact | Subject::Ancestor(_)) => about_target,
        }
    }
}
