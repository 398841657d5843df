//! From the name of a policy to the policy: every file that it is made of is read here.

use std::path::{Component, Path, PathBuf};

use crate::Work;
use crate::error::{EngineError, raw};
use crate::trust::with_cause;
use crate::verify::{Clock, PolicyChoice, VerifyRequest};
use bonafide_checks::Given;
use bonafide_core::Mode;
use bonafide_policy::{
    CommandLineTrust, Policy, PolicySource, PolicyText, Reference, ReferenceKind, preset,
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
    Ok(match choice {
        PolicyChoice::Baseline => Policy::baseline()?,
        PolicyChoice::Preset(name) => Policy::preset(name)?,
        PolicyChoice::File(path) => Policy::load(read_text(path, work)?, &Files(work))?,
    })
}

/// The policy of a run, with the waivers that the run adds, in its time. Waivers are for the
/// target: what it comes from is judged without.
pub(crate) fn read(
    request: &VerifyRequest,
    given: Given,
    work: Work<'_>,
) -> Result<Policy, EngineError> {
    let mut policy = load_policy(&request.policy, work)?;
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
        let own = policy.mode.unwrap_or_default();
        if let Some(mode) = request.mode
            && mode != Mode::Enforce
            && mode != own
        {
            return Err(EngineError::ModeRefused {
                policy: policy.name,
                mode,
            });
        }
    }
    for path in &request.waivers {
        policy.add_waivers(read_text(path, work)?)?;
    }
    policy.check_expiry(request.now)?;
    if !matches!(given, Given::Target) {
        policy.drop_waivers();
    }
    Ok(policy)
}

/// Reads the files that a policy names.
struct Files<'a>(Work<'a>);

impl PolicySource for Files<'_> {
    fn read(&self, reference: &Reference, _: ReferenceKind) -> Result<PolicyText, String> {
        match reference {
            Reference::File(path) => read_text(path, self.0).map_err(|error| with_cause(&error)),
            Reference::Remote(address) => Err(format!(
                "`{address}` is an address, and nothing is fetched: name a file or a preset"
            )),
        }
    }
}

fn read_text(path: &Path, work: Work<'_>) -> Result<PolicyText, EngineError> {
    let bytes = work.read(path, POLICY_BYTES)?;
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
