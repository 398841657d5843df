//! A policy: the files that it is made of, laid over each other.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;

use bonafide_attest::{DocumentSignatures, Examination};
use bonafide_checks::{CHECKS, Need, Role, Standing};
use bonafide_core::{Digest, Mode};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::certificate_rules::{CertificateRules, DenySource, RevocationSource};
use crate::control::Control;
use crate::custom::CustomRules;
use crate::decision::NO_CONTROL;
use crate::identity::{self, RootSource, SigstoreTrust};
use crate::layer::{Layer, NoMatch, PolicyText};
use crate::load::{Reference, waiver_reference};
use crate::nearest::nearest;
use crate::problem::{Place, PolicyError, Problem};
use crate::role::{self, RoleSection};
use crate::standard::{Requirement, Standard};
use crate::trust::{CommandLineTrust, Named, TrustSection, TrustSource};
use crate::waiver::{MOST_WAIVERS, Waiver, WaiverFile, WaiverSubject};

/// Days from today in which a waiver has to end, unless a policy says otherwise.
const HORIZON_DAYS: u32 = 90;

/// A policy that has been read and found usable.
#[derive(Debug)]
pub struct Policy {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: semver::Version,
    /// What it is for.
    pub description: Option<String>,
    /// Last day on which it is valid (UTC): the earliest of all its files.
    pub expires: Option<Date>,
    /// Oldest version of the tool that may be used: the highest of all its files.
    pub minimum_tool_version: Option<semver::Version>,
    /// What becomes of a verdict, if it says so.
    pub mode: Option<Mode>,
    /// What happens to a file to which no control applies.
    pub no_match: NoMatch,
    /// Days from today in which a waiver has to end: the fewest of all its files.
    pub waiver_horizon_days: u32,
    /// What `--key`, `--certificate-chain` and `--waivers` may do.
    pub command_line: CommandLineTrust,
    /// Signers that it trusts.
    pub trust: Vec<TrustSource>,
    /// What it trusts of Sigstore.
    pub sigstore: SigstoreTrust,
    /// Which signatures in documents count.
    pub document_signatures: DocumentSignatures,
    /// Roles that have to be filled.
    pub roles: Vec<Role>,
    /// What it says about certificates, and the lists that take trust away.
    pub certificates: CertificateRules,
    /// Its demands, no two with one id.
    pub controls: Vec<Control>,
    /// Rules in Rego that it brings along.
    pub custom: Vec<CustomRules>,
    /// Findings that somebody answers for.
    pub waivers: Vec<Waiver>,
    /// Collections of provisions.
    pub standards: Vec<Standard>,
    /// Provisions that its controls speak to.
    pub requirements: Vec<Requirement>,
    /// The files that it is made of, itself the last one, and how they call themselves.
    layers: Vec<PolicyFile>,
    waiver_files: Vec<PolicyFile>,
    /// Texts of policies, then of waiver files.
    pub(crate) texts: Vec<PolicyText>,
    /// Waiver files that are still to be read: by which layer, what, and where it says so.
    pub(crate) pending_waivers: Vec<(usize, Reference, Range<usize>)>,
    expiries: Vec<(Date, Place)>,
    /// Files that presets name, which stand in no folder.
    adrift: Vec<Place>,
}

/// A file that a policy is made of, or of waivers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyFile {
    /// Path or preset.
    pub origin: String,
    /// Its own name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of its text.
    pub digest: Digest,
}

impl PolicyFile {
    fn of(text: &PolicyText, name: &str, version: &semver::Version) -> Self {
        Self {
            origin: text.origin.clone(),
            name: name.to_owned(),
            version: version.to_string(),
            digest: Examination::digest(text.text.as_bytes()),
        }
    }
}

impl Policy {
    /// SHA-256 of the text; of a policy that extends others, of a list of the digests of all
    /// texts in the order of override, so that it tells when any of them has changed.
    #[must_use]
    pub fn digest(&self) -> Digest {
        if let [only] = self.layers.as_slice() {
            return only.digest;
        }
        let list: String = self
            .layers
            .iter()
            .map(|layer| format!("{}\n", layer.digest))
            .collect();
        Examination::digest(format!("bonafide policy layers\n{list}").as_bytes())
    }

    /// Evidence that its controls need, beside what is always gathered.
    #[must_use]
    pub fn needs(&self) -> BTreeSet<Need> {
        let named = self.controls.iter().map(|control| control.check);
        // These run whether they are named or not.
        let unnamed = CHECKS.iter().copied();
        let unnamed = unnamed.filter(|check| check.standing != Standing::OnDemand);
        let needs = named.chain(unnamed).flat_map(|check| check.needs);
        needs.copied().collect()
    }

    /// The files that it is made of in the order of override, itself the last one.
    #[must_use]
    pub fn layers(&self) -> &[PolicyFile] {
        &self.layers
    }

    /// The waiver files that were read.
    #[must_use]
    pub fn waiver_files(&self) -> &[PolicyFile] {
        &self.waiver_files
    }

    /// Where a control was written: a file or preset.
    #[must_use]
    pub fn origin_of(&self, control: &Control) -> &str {
        let text = self.texts.get(control.place.layer);
        text.map_or("", |text| text.origin.as_str())
    }

    /// True if it takes digests of all files to tell what its waivers are about.
    #[must_use]
    pub fn has_digest_waivers(&self) -> bool {
        let mut waivers = self.waivers.iter();
        waivers.any(|waiver| matches!(waiver.subject, WaiverSubject::Digest(_)))
    }

    /// Forgets all waivers: they are for the target of a run, and for nothing beside it.
    pub fn drop_waivers(&mut self) {
        self.waivers.clear();
    }

    /// An error when the policy is no longer valid at `now`, or a waiver is valid for longer
    /// than the policy lets it, or a preset names files.
    ///
    /// # Errors
    ///
    /// What is out of its time or place, with its line.
    pub fn check_expiry(&self, now: Timestamp) -> Result<(), PolicyError> {
        if let Some(place) = self.adrift.first() {
            let message = "a preset has no folder from which a path could start";
            let problem = Problem::new(place.span.clone(), message).with_help(
                "copy the preset into a file of your own, and name your own signers there",
            );
            return Err(self.error(place, problem));
        }
        let today = today(now);
        let expired = self.expiries.iter().filter(|(expires, _)| today > *expires);
        if let Some((expires, place)) = expired.min_by_key(|(expires, _)| *expires) {
            let what = if place.layer < self.layers.len() {
                "policy"
            } else {
                "file of waivers"
            };
            return Err(self.error(
                place,
                Problem::new(
                    place.span.clone(),
                    format!("{what} expired on {expires} (today is {today})"),
                )
                .with_help(format!(
                    "review the {what}, then set a later date and a new version"
                )),
            ));
        }
        let days = self.waiver_horizon_days;
        let horizon = today
            .checked_add(jiff::Span::new().days(i64::from(days)))
            .unwrap_or(Date::MAX);
        for waiver in &self.waivers {
            if waiver.until > horizon {
                let message = format!(
                    "waiver `{}` ends later than {days} days from today, on {}",
                    waiver.id, waiver.until
                );
                let problem = Problem::new(waiver.until_span.clone(), message).with_help(format!(
                    "the latest day is {horizon}; `waiver-horizon-days` of the policy sets it"
                ));
                return Err(self.error(&waiver.place, problem));
            }
        }
        Ok(())
    }

    /// An error about one of the policy's trusted signers, shown in its line.
    #[must_use]
    pub fn trust_error(&self, source: &TrustSource, message: &str) -> PolicyError {
        self.error_at(&source.place, message)
    }

    /// An error about one of the policy's revocation lists, shown in its line.
    #[must_use]
    pub fn revocation_list_error(&self, source: &RevocationSource, message: &str) -> PolicyError {
        self.error_at(&source.place, message)
    }

    /// An error about one of the policy's trusted roots, shown in its line.
    #[must_use]
    pub fn root_error(&self, source: &RootSource, message: &str) -> PolicyError {
        self.error_at(&source.place, message)
    }

    /// An error about one of the policy's deny-lists, shown in its line.
    #[must_use]
    pub fn deny_list_error(&self, source: &DenySource, message: &str) -> PolicyError {
        self.error_at(&source.place, message)
    }

    /// An error about one of the policy's packages of custom rules, shown in its line.
    #[must_use]
    pub fn custom_error(&self, rules: &CustomRules, message: &str) -> PolicyError {
        self.error_at(&rules.place, message)
    }

    fn error_at(&self, place: &Place, message: &str) -> PolicyError {
        self.error(place, Problem::new(place.span.clone(), message))
    }

    fn error(&self, place: &Place, problem: Problem) -> PolicyError {
        match self.texts.get(place.layer) {
            Some(text) => text.error(vec![problem]),
            None => PolicyText::in_memory("policy", "").error(vec![problem]),
        }
    }

    /// Takes in the waivers of a file.
    pub(crate) fn take_waivers(
        &mut self,
        mut file: WaiverFile,
        text: PolicyText,
    ) -> Result<(), PolicyError> {
        let layer = self.texts.len();
        self.waiver_files
            .push(PolicyFile::of(&text, &file.name, &file.version));
        self.texts.push(text);
        if let Some((date, span)) = file.expires {
            self.expiries.push((date, Place { layer, span }));
        }
        for waiver in &mut file.waivers {
            waiver.place.layer = layer;
        }
        self.waivers.append(&mut file.waivers);
        self.check_waivers()
    }

    /// Whether every waiver has a name of its own and is for something of this policy.
    fn check_waivers(&self) -> Result<(), PolicyError> {
        let mut known: HashSet<&str> = HashSet::from([NO_CONTROL]);
        for control in &self.controls {
            known.insert(&control.id);
            known.insert(control.check.slug);
        }
        let standing = CHECKS
            .iter()
            .filter(|check| check.standing == Standing::Always);
        known.extend(standing.map(|check| check.slug));
        let packages: HashSet<&str> = self.custom.iter().map(|rules| &*rules.package).collect();
        let mut problems = Problems::default();
        if let Some(beyond) = self.waivers.get(MOST_WAIVERS) {
            let message = format!("more than {MOST_WAIVERS} waivers, of all files together");
            let problem = Problem::new(beyond.place.span.clone(), message);
            problems.push(beyond.place.layer, problem);
            return problems.result(&self.texts);
        }
        let mut seen: HashMap<&str, &Waiver> = HashMap::new();
        for waiver in &self.waivers {
            let place = &waiver.place;
            if let Some(first) = seen.insert(&waiver.id, waiver) {
                let message = format!("two waivers have the id `{}`", waiver.id);
                let problem = Problem::new(place.span.clone(), message)
                    .with_help(format!("the other one is in {}", first.source));
                problems.push(place.layer, problem);
            }
            let package = waiver.control.split_once('.').map(|(package, _)| package);
            if !known.contains(waiver.control.as_str())
                && !package.is_some_and(|package| packages.contains(package))
            {
                let message = format!("the policy has no control `{}`", waiver.control);
                let problem = Problem::new(waiver.control_span.clone(), message);
                let problem = match nearest(&waiver.control, known.iter().copied()) {
                    Some(near) => problem.with_help(format!("did you mean `{near}`?")),
                    None => problem.with_help("a waiver names the id of a control"),
                };
                problems.push(place.layer, problem);
            }
        }
        problems.result(&self.texts)
    }

    /// Lays files over each other, the strongest last.
    pub(crate) fn of_layers(layers: Vec<(PolicyText, Layer)>) -> Result<Self, PolicyError> {
        let mut problems = Problems::default();
        let mut merged = Merged::default();
        let mut texts = Vec::with_capacity(layers.len());
        let mut files = Vec::with_capacity(layers.len());
        for (index, (text, mut layer)) in layers.into_iter().enumerate() {
            if text.is_preset() {
                let spans = layer.paths().into_iter();
                merged
                    .adrift
                    .extend(spans.map(|span| Place { layer: index, span }));
            }
            layer.settle(index, &text.directory);
            files.push(PolicyFile::of(
                &text,
                &layer.header.name,
                &layer.header.version,
            ));
            merged.lay_over(index, layer, &text, &mut problems);
            texts.push(text);
        }
        merged.check(texts.len().saturating_sub(1), &mut problems);
        problems.result(&texts)?;
        let policy = merged.policy(files, texts);
        policy.check_waivers()?;
        Ok(policy)
    }
}

/// The day (UTC) of a time.
pub(crate) fn today(now: Timestamp) -> Date {
    now.to_zoned(TimeZone::UTC).date()
}

/// Problems of several files.
#[derive(Debug, Default)]
pub(crate) struct Problems(pub(crate) Vec<(usize, Problem)>);

impl Problems {
    fn push(&mut self, layer: usize, problem: Problem) {
        self.0.push((layer, problem));
    }

    /// The problems of the first file that has some.
    fn result(self, texts: &[PolicyText]) -> Result<(), PolicyError> {
        let Some(first) = self.0.iter().map(|(layer, _)| *layer).min() else {
            return Ok(());
        };
        let of_first = self.0.into_iter().filter(|(layer, _)| *layer == first);
        let problems = of_first.map(|(_, problem)| problem).collect();
        Err(match texts.get(first) {
            Some(text) => text.error(problems),
            None => PolicyText::in_memory("policy", "").error(problems),
        })
    }
}

/// What the files say so far.
#[derive(Default)]
struct Merged {
    name: String,
    version: Option<semver::Version>,
    description: Option<String>,
    expires: Option<Date>,
    expiries: Vec<(Date, Place)>,
    adrift: Vec<Place>,
    minimum: Option<semver::Version>,
    mode: Option<Mode>,
    no_match: Option<NoMatch>,
    horizon: Option<u32>,
    pending_waivers: Vec<(usize, Reference, Range<usize>)>,
    trust: TrustSection,
    /// Where each trusted signer was named, by the folder that its paths start from.
    signers: HashMap<String, (Named, std::path::PathBuf, String)>,
    roles: Vec<RoleSection>,
    controls: Vec<Control>,
    custom: Vec<CustomRules>,
    waivers: Vec<Waiver>,
    standards: Vec<Standard>,
    requirements: Vec<Requirement>,
}

/// Replaces the element with the same name in its place, or adds it.
fn put<T, K: PartialEq>(list: &mut Vec<T>, new: T, key: impl Fn(&T) -> K) {
    let wanted = key(&new);
    match list.iter_mut().find(|known| key(known) == wanted) {
        Some(known) => *known = new,
        None => list.push(new),
    }
}

impl Merged {
    fn lay_over(&mut self, index: usize, layer: Layer, text: &PolicyText, problems: &mut Problems) {
        let header = layer.header;
        self.name = header.name;
        self.version = Some(header.version);
        // What another policy is for says nothing about this one.
        self.description = header.description;
        self.mode = header.mode.or(self.mode);
        self.no_match = header.no_match.or(self.no_match);
        if let Some((date, span)) = header.expires {
            self.expires = Some(self.expires.map_or(date, |known| known.min(date)));
            self.expiries.push((date, Place { layer: index, span }));
        }
        self.minimum = self.minimum.take().max(header.minimum);
        self.horizon = match (self.horizon, header.horizon) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        for (path, span) in header.waiver_files {
            let reference = waiver_reference(&path, &text.directory);
            self.pending_waivers.push((index, reference, span));
        }
        self.trust_more(index, layer.trust, text, problems);
        for role in layer.roles {
            put(&mut self.roles, role, |role| role.role.name.clone());
        }
        for control in layer.controls {
            put(&mut self.controls, control, |control| control.id.clone());
        }
        for rules in layer.custom {
            put(&mut self.custom, rules, |rules| rules.package.clone());
        }
        self.waivers.extend(layer.waivers);
        for standard in layer.standards {
            put(&mut self.standards, standard, |standard| {
                standard.id.clone()
            });
        }
        for requirement in layer.requirements {
            let other = self
                .requirements
                .iter()
                .find(|known| known.id == requirement.id && known.standard != requirement.standard);
            if let Some(other) = other {
                let message = format!(
                    "requirement `{}` is already one of the standard `{}`",
                    requirement.id, other.standard
                );
                problems.push(index, Problem::new(requirement.place.span.clone(), message));
                continue;
            }
            put(&mut self.requirements, requirement, |known| {
                known.id.clone()
            });
        }
    }

    /// Signers add up. One name means one signer: the same may be named by several files, if
    /// they say the same of it.
    fn trust_more(
        &mut self,
        index: usize,
        trust: TrustSection,
        text: &PolicyText,
        problems: &mut Problems,
    ) {
        let mut again: HashSet<String> = HashSet::new();
        for named in trust.names {
            match self.signers.get(&named.name) {
                None => {
                    let name = named.name.clone();
                    let entry = (named, text.directory.clone(), text.origin.clone());
                    self.signers.insert(name, entry);
                }
                Some((known, directory, origin)) => {
                    let names_files = named.stated.get("file").is_some();
                    if known.stated != named.stated || (names_files && *directory != text.directory)
                    {
                        let message = format!(
                            "`{}` is already a trusted signer, with something else said of it",
                            named.name
                        );
                        let problem = Problem::new(named.span.clone(), message)
                            .with_help(format!("it is named in {origin}; choose another name"));
                        problems.push(index, problem);
                    }
                    again.insert(named.name);
                }
            }
        }
        let sum = &mut self.trust;
        sum.command_line = trust.command_line.or(sum.command_line);
        sum.document_signatures = trust.document_signatures.or(sum.document_signatures);
        let sources = trust.sources.into_iter();
        sum.sources
            .extend(sources.filter(|source| !again.contains(&source.name)));
        let identities = trust.identities.identities.into_iter();
        sum.identities
            .identities
            .extend(identities.filter(|(identity, _)| !again.contains(&identity.label)));
        sum.identities.log = trust.identities.log.or(sum.identities.log);
        for root in trust.identities.roots {
            let known = &mut sum.identities.roots;
            match known.iter().find(|known| known.name == root.name) {
                None => known.push(root),
                Some(same) if same.file == root.file => {}
                Some(_) => {
                    let message = format!("two trusted roots are named `{}`", root.name);
                    problems.push(index, Problem::new(root.place.span.clone(), message));
                }
            }
        }
        let lists = &mut sum.certificates;
        lists.leaf_purpose = trust.certificates.leaf_purpose.or(lists.leaf_purpose);
        lists.revocation = trust.certificates.revocation.or(lists.revocation);
        for list in trust.certificates.revocation_lists {
            let known = &lists.revocation_lists;
            let mut known = known.iter().filter(|known| known.name == list.name);
            let is_known = known
                .any(|known| known.path == list.path && known.max_age_days == list.max_age_days);
            if !is_known {
                lists.revocation_lists.push(list);
            }
        }
        for list in trust.certificates.deny_lists {
            if !lists.deny_lists.iter().any(|known| known.path == list.path) {
                lists.deny_lists.push(list);
            }
        }
    }

    /// What only all files together can get wrong; `last` is the policy itself.
    fn check(&self, last: usize, problems: &mut Problems) {
        if self.controls.is_empty() && self.custom.is_empty() {
            let problem = Problem::new(
                0..0,
                "policy has no `[[control]]`, so it would allow everything",
            )
            .with_help("`bonafide checks` lists what can be demanded");
            problems.push(last, problem);
        }
        let identities = &self.trust.identities;
        identity::check_roots(&identities.identities, &identities.roots, &mut problems.0);
        let signers = self.signers.keys().map(String::as_str).collect();
        role::check(&self.roles, &signers, &mut problems.0);
        let standards: HashSet<&str> = self.standards.iter().map(|known| &*known.id).collect();
        for requirement in &self.requirements {
            if !standards.contains(requirement.standard.as_str()) {
                let message = format!("no standard has the id `{}`", requirement.standard);
                let problem = Problem::new(requirement.standard_span.clone(), message)
                    .with_help("add a `[[standard]]` with this `id`");
                problems.push(requirement.place.layer, problem);
            }
            for (name, span) in &requirement.named {
                let by_id = self.controls.iter().any(|control| control.id == *name);
                let package = name.split_once('.').map(|(package, _)| package);
                let by_package = |package| self.custom.iter().any(|rules| rules.package == package);
                if !by_id
                    && bonafide_checks::find(name).is_none()
                    && !package.is_some_and(by_package)
                {
                    let message = format!("`{name}` is no control and no check");
                    problems.push(requirement.place.layer, Problem::new(span.clone(), message));
                }
            }
        }
        let requirements: HashSet<&str> =
            self.requirements.iter().map(|known| &*known.id).collect();
        let of_controls = self
            .controls
            .iter()
            .map(|known| (&known.named, &known.place));
        let of_custom = self.custom.iter().map(|known| (&known.named, &known.place));
        for (named, place) in of_controls.chain(of_custom) {
            for (name, span) in named {
                if !requirements.contains(name.as_str()) {
                    let problem =
                        Problem::new(span.clone(), format!("no requirement has the id `{name}`"));
                    let problem = match nearest(name, requirements.iter().copied()) {
                        Some(near) => problem.with_help(format!("did you mean `{near}`?")),
                        None => problem.with_help("add a `[[requirement]]` with this `id`"),
                    };
                    problems.push(place.layer, problem);
                }
            }
        }
    }

    fn policy(self, layers: Vec<PolicyFile>, texts: Vec<PolicyText>) -> Policy {
        let TrustSection {
            command_line,
            sources,
            identities,
            certificates,
            document_signatures,
            names: _,
        } = self.trust;
        Policy {
            name: self.name,
            version: self
                .version
                .unwrap_or_else(|| semver::Version::new(0, 0, 0)),
            description: self.description,
            expires: self.expires,
            minimum_tool_version: self.minimum,
            mode: self.mode,
            no_match: self.no_match.unwrap_or_default(),
            waiver_horizon_days: self.horizon.unwrap_or(HORIZON_DAYS),
            command_line: command_line.unwrap_or_default(),
            trust: sources,
            sigstore: SigstoreTrust {
                identities: identities
                    .identities
                    .into_iter()
                    .map(|(identity, _)| identity)
                    .collect(),
                roots: identities.roots,
                log: identities.log.unwrap_or_default(),
            },
            document_signatures: document_signatures.unwrap_or_default(),
            roles: self.roles.into_iter().map(|role| role.role).collect(),
            certificates: CertificateRules {
                leaf_purpose: certificates.leaf_purpose.unwrap_or_default(),
                revocation: certificates.revocation.unwrap_or_default(),
                revocation_lists: certificates.revocation_lists,
                deny_lists: certificates.deny_lists,
            },
            controls: self.controls,
            custom: self.custom,
            waivers: self.waivers,
            standards: self.standards,
            requirements: self.requirements,
            layers,
            waiver_files: Vec::new(),
            texts,
            pending_waivers: self.pending_waivers,
            expiries: self.expiries,
            adrift: self.adrift,
        }
    }
}
