//! What a policy comes to: for whoever writes one, before a gate enforces it.

use std::path::PathBuf;

use bonafide_core::{Level, RawName};
use bonafide_dataset::{DatasetBudget, Roles};
use bonafide_policy::{CommandLineTrust, NoMatch, Policy, WaiverFile};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::custom::check_rules;
use crate::error::EngineError;
use crate::policy::{self, Texts};
use crate::policy_signature::{Guard, PolicySigners};
use crate::trust::AddedTrust;
use crate::verify::{Clock, Digesting, PolicyChoice, VerifyRequest};
use crate::{Work, lists, trust};

/// From so many days before its end on, a policy or a waiver is a warning.
const SOON_DAYS: i64 = 30;

/// A policy or a file of waivers, and how to look at it.
#[derive(Debug, Clone)]
pub struct PolicyQuestion {
    /// Which one.
    pub policy: PolicyChoice,
    /// Who has to have signed it.
    pub signers: PolicySigners,
    /// Trusted roots of Sigstore deployments, instead of the embedded one.
    pub trusted_roots: Vec<PathBuf>,
    /// The time by which validity is judged.
    pub now: Timestamp,
}

/// A file that was read with everything that it names, and found usable.
#[derive(Debug)]
pub enum FileAccount {
    /// A policy.
    Policy(Box<PolicyAccount>),
    /// A file of waivers. Whether its controls exist, the policy tells that it is for.
    Waivers(WaiverAccount),
}

/// A usable policy.
#[derive(Debug)]
pub struct PolicyAccount {
    /// The policy.
    pub policy: Policy,
    /// Who signed it, if that was asked for.
    pub signed_by: Option<String>,
    /// Whom it trusts, in words.
    pub trust: Vec<String>,
    /// Revocation lists and deny-lists that were read.
    pub lists: Vec<String>,
    /// What is worth knowing, and keeps nobody from using it.
    pub warnings: Vec<String>,
}

/// A usable file of waivers.
#[derive(Debug)]
pub struct WaiverAccount {
    /// The file.
    pub file: WaiverFile,
    /// Who signed it, if that was asked for.
    pub signed_by: Option<String>,
    /// What is worth knowing.
    pub warnings: Vec<String>,
}

/// Reads a policy, or a file of waivers, with everything that it names.
///
/// # Errors
///
/// Whatever would keep a run from using it.
pub fn policy_account(
    question: &PolicyQuestion,
    work: Work<'_>,
) -> Result<FileAccount, EngineError> {
    let guard = Guard::demanding(
        &question.signers,
        &question.trusted_roots,
        question.now,
        work,
    )?;
    let policy = match &question.policy {
        PolicyChoice::File(path) => {
            let text = policy::read_text(path, &guard)?;
            if text.holds_waivers() {
                let file = text.waivers(question.now)?;
                return Ok(FileAccount::Waivers(waiver_account(
                    file,
                    &guard,
                    question.now,
                )));
            }
            let policy = Policy::load(text, &Texts(&guard))?;
            policy::admit_named(&policy, &guard)?;
            policy
        }
        choice => policy::load(choice, &guard)?,
    };
    policy.check_expiry(question.now)?;
    let request = request(question);
    let mut trust = trust::collect(&policy, &request.trust, question.now, work)?;
    lists::collect(&mut trust, &policy, &request, work)?;
    let mut warnings = warnings(&policy, question.now);
    warnings.extend(check_rules(&policy, work)?);
    if trust.store.is_empty() && policy.command_line == CommandLineTrust::Refused {
        warnings.push(
            "nobody is trusted, and the command line may add nobody: no signature can be verified"
                .to_owned(),
        );
    } else if trust.store.is_empty() {
        warnings.push("nobody is trusted: each run has to name a signer".to_owned());
    }
    Ok(FileAccount::Policy(Box::new(PolicyAccount {
        policy,
        signed_by: guard.signer(),
        trust: trust.of_policy,
        lists: trust.lists,
        warnings,
    })))
}

/// A run of this policy, apart from any target.
fn request(question: &PolicyQuestion) -> VerifyRequest {
    VerifyRequest {
        target: PathBuf::new(),
        policy: question.policy.clone(),
        policy_signers: question.signers.clone(),
        signatures: Vec::new(),
        boms: Vec::new(),
        parents: Vec::new(),
        previous: None,
        roles: Roles::default(),
        records_budget: DatasetBudget::DEFAULT,
        claims: Vec::new(),
        trust: AddedTrust::default(),
        revocation_lists: Vec::new(),
        deny_lists: Vec::new(),
        advisories: Vec::new(),
        waivers: Vec::new(),
        purl: None,
        mode: None,
        digesting: Digesting::AsNeeded,
        program: None,
        now: question.now,
        clock: Clock::System,
    }
}

fn waiver_account(file: WaiverFile, guard: &Guard<'_>, now: Timestamp) -> WaiverAccount {
    let mut warnings = Vec::new();
    warn_of_end(&mut warnings, "the file", file.expires(), now);
    for waiver in &file.waivers {
        let name = format!("waiver `{}`", RawName::from(waiver.id.as_str()));
        warn_of_end(&mut warnings, &name, Some(waiver.until), now);
    }
    WaiverAccount {
        file,
        signed_by: guard.signer(),
        warnings,
    }
}

fn warnings(policy: &Policy, now: Timestamp) -> Vec<String> {
    let mut warnings = Vec::new();
    warn_of_end(&mut warnings, "the policy", policy.expires, now);
    if policy.expires.is_none() {
        warnings.push("it never expires".to_owned());
    }
    let denies = |level: Level| level == Level::Deny;
    if !policy.controls.iter().any(|control| denies(control.level))
        && !policy.custom.iter().any(|rules| denies(rules.level))
    {
        warnings.push("no control of it denies".to_owned());
    }
    if policy.no_match == NoMatch::Allow {
        warnings.push("a file to which no control applies is allowed".to_owned());
    }
    let today = today(now);
    for control in &policy.controls {
        if let Some(day) = control.effective_on.filter(|day| today < *day) {
            warnings.push(format!(
                "control `{}` weighs `warn` until {day}",
                control.id
            ));
        }
    }
    for waiver in &policy.waivers {
        let name = format!("waiver `{}`", RawName::from(waiver.id.as_str()));
        warn_of_end(&mut warnings, &name, Some(waiver.until), now);
    }
    warnings
}

/// A warning if the last day is near or over.
fn warn_of_end(warnings: &mut Vec<String>, what: &str, end: Option<Date>, now: Timestamp) {
    let Some(end) = end else {
        return;
    };
    let days = days_left(end, now);
    let plural = if days.abs() == 1 { "" } else { "s" };
    if days < 0 {
        warnings.push(format!(
            "{what} expired {} day{plural} ago, on {end}",
            -days
        ));
    } else if days <= SOON_DAYS {
        warnings.push(format!("{what} expires in {days} day{plural}, on {end}"));
    }
}

/// Days until the last day; negative when it is over.
#[must_use]
pub fn days_left(end: Date, now: Timestamp) -> i64 {
    today(now)
        .until(end)
        .map_or(0, |span| i64::from(span.get_days()))
}

fn today(now: Timestamp) -> Date {
    now.to_zoned(TimeZone::UTC).date()
}
