//! Documents beside the weights: configuration, tokenizers, programs, requirements.

mod agent;
mod configuration;
mod indentation;
mod instantiation;
mod json;
mod media;
mod notebook;
pub(crate) mod secret;
mod text;
mod yaml;

use crate::stop::Stop;
use crate::visit::Visit;

pub(crate) use agent::RULES as AGENT_RULES;
pub(crate) use configuration::RULES as CONFIGURATION_RULES;
pub(crate) use configuration::{CodeLink, relate as relate_configuration};
pub(crate) use instantiation::RULES as INSTANTIATION_RULES;
pub(crate) use json::JSON;
pub(crate) use json::RULES as JSON_RULES;
pub(crate) use media::MEDIA;
pub(crate) use notebook::RULES as NOTEBOOK_RULES;
pub(crate) use secret::RULES as SECRET_RULES;
pub(crate) use text::RULES as TEXT_RULES;
pub(crate) use text::{LFS_POINTER, TEXT};
pub(crate) use yaml::RULES as YAML_RULES;
pub(crate) use yaml::YAML;

/// A document in memory, looked through for credentials; one longer than `longest` is
/// refused as so many `bytes of …`.
pub(crate) fn whole(
    visit: &mut Visit<'_>,
    what: &'static str,
    longest: u64,
) -> Result<Vec<u8>, Stop> {
    if visit.size() > longest {
        return Err(Stop::Exhausted {
            what,
            limit: longest,
        });
    }
    let bytes = visit.read_all()?;
    secret::scan(visit, &bytes, 0, 0);
    Ok(bytes)
}
