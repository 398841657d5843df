//! From the name of a policy to the policy: every file that it is made of is read here.

use std::path::{Component, Path, PathBuf};

use crate::Work;
use crate::error::{EngineError, raw};
use crate::policy_signature::Guard;
use crate::trust::with_cause;
use crate::verify::{Clock, PolicyChoice, VerifyRequest};
use bonafide_checks::Given;
use bonafide_policy::{
    CommandLineTrust, Material, Policy, PolicySource, PolicyText, Reference, ReferenceKind, preset,
};

/// Largest policy or file of waivers, in bytes.
const POLICY_BYTES: u64 = 1 << 20;

impl PolicyChoice {
    /// A preset if one has this name, else a file. A file of the same name is meant by
    /// `./NAME`.
    #[must_use]
    pub fn named(name: &Path) -> Self {
        match name.to_str().filter(|name| preset(name).is_some()) {
            Some(name) => Self::Preset(name.to_owned()),
            None => Self::File(name.to_owned()),
        }
    }
}

/// Reads a policy, with all that it extends and the waivers that it names.
///
/// # Errors
///
/// What makes it unusable. Whether it is in its time is not asked
/// ([`Policy::check_expiry`]).
pub fn load_policy(choice: &PolicyChoice, work: Work<'_>) -> Result<Policy, EngineError> {
    load(choice, &Guard::off(work))
}

/// The same, where every file has to pass the guard.
pub(crate) fn load(choice: &PolicyChoice, guard: &Guard<'_>) -> Result<Policy, EngineError> {
    let policy = match choice {
        PolicyChoice::Baseline => {
            guard.refuse_preset("baseline")?;
            Policy::baseline()?
        }
        PolicyChoice::Preset(name) => {
            guard.refuse_preset(name)?;
            Policy::preset(name)?
        }
        PolicyChoice::File(path) => Policy::load(read_text(path, guard)?, &Texts(guard))?,
    };
    admit_named(&policy, guard)?;
    Ok(policy)
}

/// Lets the files that a policy names pass the guard. Whoever could change a key of a signed
/// policy would not have to change the policy.
pub(crate) fn admit_named(policy: &Policy, guard: &Guard<'_>) -> Result<(), EngineError> {
    if guard.is_off() {
        return Ok(());
    }
    for source in &policy.trust {
        if let Material::File(path) = &source.material {
            guard
                .admit_named(path.path())
                .map_err(|reason| policy.trust_error(source, &reason))?;
        }
    }
    for source in &policy.sigstore.roots {
        if let Some(path) = &source.file {
            guard
                .admit_named(path.path())
                .map_err(|reason| policy.root_error(source, &reason))?;
        }
    }
    for source in &policy.certificates.deny_lists {
        guard
            .admit_named(source.path.path())
            .map_err(|reason| policy.deny_list_error(source, &reason))?;
    }
    for rules in &policy.custom {
        for path in rules.files.iter().chain(&rules.data) {
            guard
                .admit_named(path)
                .map_err(|reason| policy.custom_error(rules, &reason))?;
        }
    }
    Ok(())
}

/// The policy of a run, with the waivers that the run adds, in its time, and who signed it if
/// that was asked for. Waivers are for the target: what it comes from is judged without.
pub(crate) fn read(
    request: &VerifyRequest,
    given: Given,
    work: Work<'_>,
) -> Result<(Policy, Option<String>), EngineError> {
    let guard = Guard::demanding(
        &request.policy_signers,
        &request.trust.trusted_roots,
        request.now,
        work,
    )?;
    let mut policy = load(&request.policy, &guard)?;
    if policy.command_line == CommandLineTrust::Refused {
        if !request.waivers.is_empty() {
            return Err(EngineError::WaiversRefused {
                policy: policy.name,
            });
        }
        if request.clock == Clock::Given {
            // Else whoever calls the gate revives what has expired.
            return Err(EngineError::TimeRefused {
                policy: policy.name,
            });
        }
    }
    for path in &request.waivers {
        policy.add_waivers(read_text(path, &guard)?)?;
    }
    policy.check_expiry(request.now)?;
    if !matches!(given, Given::Target) {
        policy.drop_waivers();
    }
    Ok((policy, guard.signer()))
}

/// Reads the texts that a policy names, past a guard.
pub(crate) struct Texts<'a>(pub(crate) &'a Guard<'a>);

impl PolicySource for Texts<'_> {
    fn read(&self, reference: &Reference, _: ReferenceKind) -> Result<PolicyText, String> {
        match reference {
            Reference::File(path) => read_text(path, self.0).map_err(|error| with_cause(&error)),
            Reference::Remote(address) => Err(format!(
                "`{}` is an address, and nothing is fetched: download it, name the file, and let `--policy-key` tell that its author signed it",
                address.escape_debug()
            )),
        }
    }
}

/// Reads the text of a policy or of a file of waivers.
pub(crate) fn read_text(path: &Path, guard: &Guard<'_>) -> Result<PolicyText, EngineError> {
    if path.to_str().is_some_and(|name| name.contains("://")) {
        return Err(EngineError::RemotePolicy { address: raw(path) });
    }
    let bytes = guard.read(path, POLICY_BYTES)?;
    guard.admit(path, &bytes)?;
    let text = String::from_utf8(bytes).map_err(|error| EngineError::PolicyNotText {
        path: path.to_owned(),
        position: error.utf8_error().valid_up_to(),
    })?;
    Ok(PolicyText {
        origin: raw(path).to_string(),
        text,
        directory: path.parent().unwrap_or(Path::new("")).to_owned(),
        identity: format!("file {}", raw(&plain(path))),
    })
}

/// The path without `.` and `..`, as far as that can be told from the path alone: a run made
/// from a record has no disk to ask.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir
                if matches!(plain.components().next_back(), Some(Component::Normal(_))) =>
            {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}
