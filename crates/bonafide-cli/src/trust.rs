//! `bonafide trust`: the trust material of Sigstore, shown and brought up to date.

use std::fmt::Write as _;
use std::path::PathBuf;

use bonafide_engine::trust_material::{TrustMaterial, TrustOrigin};
use bonafide_engine::trusted_root::{Authority, Container, Log, Phase, Validity};
use bonafide_engine::{EngineError, RawName};
use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;
use serde_json::json;

use crate::arguments::Common;
use crate::terminal::print;

#[derive(Debug, Subcommand)]
pub(crate) enum TrustCommand {
    /// Show whom the trust material names: authorities, logs, their keys and when they hold
    Show(ShowArguments),
    /// Fetch the newest trusted root over the network (TUF), verify it and write it to a file
    ///
    /// The only command that uses the network. Nothing uses the file by itself: pass it with
    /// `--trusted-root`.
    Update(UpdateArguments),
}

#[derive(Debug, Args)]
pub(crate) struct ShowArguments {
    /// Trusted root or client trust configuration (JSON) [default: the embedded public-good root]
    #[arg(long, value_name = "FILE")]
    trusted_root: Option<PathBuf>,
    /// Form of the output
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = ShowFormat::Text)]
    format: ShowFormat,
}

/// Form of the output of `trust show`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ShowFormat {
    /// For people
    Text,
    /// One JSON document
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct UpdateArguments {
    /// TUF repository to fetch from, https [default: the public-good instance of Sigstore]
    #[arg(long, value_name = "URL", requires = "root")]
    url: Option<String>,
    /// Root metadata (`root.json`) of that repository, got from somebody whom you trust
    #[arg(long, value_name = "FILE", requires = "url")]
    root: Option<PathBuf>,
    /// Where to remember what was seen [default: `bonafide/tuf/HOST` in the cache of the user]
    #[arg(long, value_name = "DIR")]
    cache: Option<PathBuf>,
    /// Where to write the trusted root [default: `trusted_root.json` in the cache]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Runs a subcommand and returns the exit code.
pub(crate) fn run(command: TrustCommand, common: &Common) -> anyhow::Result<u8> {
    match command {
        TrustCommand::Show(arguments) => show(&arguments),
        TrustCommand::Update(arguments) => update(arguments, common),
    }
}

fn show(arguments: &ShowArguments) -> anyhow::Result<u8> {
    let now = Timestamp::now();
    let file = arguments.trusted_root.as_deref();
    let material =
        bonafide_engine::trust_material::trust_material(file, now).map_err(EngineError::from)?;
    print(&match arguments.format {
        ShowFormat::Text => text(&material, now),
        ShowFormat::Json => document(&material)?,
    })?;
    Ok(0)
}

fn document(material: &TrustMaterial) -> serde_json::Result<String> {
    let origin = match &material.origin {
        TrustOrigin::Embedded {
            published_at,
            refreshed,
            age_in_days,
        } => json!({
            "kind": "embedded",
            "published-at": published_at,
            "refreshed": refreshed.to_string(),
            "age-in-days": age_in_days,
        }),
        TrustOrigin::File { path } => {
            json!({ "kind": "file", "path": RawName::from(path.as_path()) })
        }
    };
    let document = json!({
        "schema-version": 1,
        "origin": origin,
        "trusted-root": serde_json::to_value(&material.summary)?,
    });
    Ok(format!("{document:#}\n"))
}

fn text(material: &TrustMaterial, now: Timestamp) -> String {
    let summary = &material.summary;
    let mut text = String::from("Trust material\n");
    let _ = match &material.origin {
        TrustOrigin::Embedded {
            published_at,
            refreshed,
            age_in_days,
        } => {
            let plural = if *age_in_days == 1 { "" } else { "s" };
            writeln!(
                text,
                "  embedded in this release, public-good instance of Sigstore\n  \
                 published at {published_at}\n  \
                 refreshed {refreshed}, {age_in_days} day{plural} ago"
            )
        }
        TrustOrigin::File { path } => writeln!(text, "  {}", RawName::from(path.as_path())),
    };
    if summary.container == Container::ClientTrustConfig {
        text.push_str("  inside a client trust configuration\n");
    }
    let _ = writeln!(text, "  {}", summary.sha256);
    for name in &summary.unread_members {
        let _ = writeln!(text, "  not read by this release: `{name}`");
    }
    authorities(
        &mut text,
        "Certificate authorities",
        &summary.certificate_authorities,
        now,
    );
    logs(
        &mut text,
        "Transparency logs",
        &summary.transparency_logs,
        now,
    );
    logs(
        &mut text,
        "Certificate logs",
        &summary.certificate_logs,
        now,
    );
    authorities(
        &mut text,
        "Timestamp authorities",
        &summary.timestamp_authorities,
        now,
    );
    text
}

fn authorities(text: &mut String, heading: &str, list: &[Authority], now: Timestamp) {
    begin(text, heading, list.is_empty());
    for authority in list {
        let uri = authority.uri.as_deref().unwrap_or("no address");
        let _ = writeln!(text, "  {uri}");
        if !authority.subject.is_empty() {
            let _ = writeln!(text, "    {}", authority.subject);
        }
        let _ = writeln!(text, "    {}", usable(authority.validity, now));
        for certificate in &authority.certificates {
            let _ = writeln!(
                text,
                "    certificate \"{}\", {}\n      {}\n      {}",
                certificate.subject,
                certificate.key,
                usable(Some(certificate.validity), now),
                certificate.fingerprint
            );
        }
    }
}

fn logs(text: &mut String, heading: &str, list: &[Log], now: Timestamp) {
    begin(text, heading, list.is_empty());
    for log in list {
        let _ = writeln!(
            text,
            "  {}\n    key {} ({})\n    log id {}\n    {}",
            log.uri,
            log.key,
            log.key_details,
            log.id,
            usable(log.validity, now)
        );
    }
}

fn begin(text: &mut String, heading: &str, is_empty: bool) {
    let _ = writeln!(text, "\n{heading}");
    if is_empty {
        text.push_str("  none\n");
    }
}

fn usable(validity: Option<Validity>, now: Timestamp) -> String {
    let Some(validity) = validity else {
        return "valid at any time".to_owned();
    };
    let mut text = format!("valid from {}", validity.start);
    if let Some(end) = validity.end {
        let _ = write!(text, " to {end}");
    }
    text.push_str(match validity.phase(now) {
        Phase::Future => " (not yet)",
        Phase::Present => "",
        Phase::Past => " (over)",
    });
    text
}

#[cfg(not(feature = "online"))]
fn update(_: UpdateArguments, _: &Common) -> anyhow::Result<u8> {
    use crate::terminal::say;
    say("error: this `bonafide` was built without the feature `online` and cannot use the network");
    say("  hint: build it with the feature, or fetch `trusted_root.json` by other means");
    Ok(crate::USAGE)
}

#[cfg(feature = "online")]
use online::update;

#[cfg(feature = "online")]
mod online {
    use std::fmt::Write as _;
    use std::io::IsTerminal as _;
    use std::path::PathBuf;
    use std::time::Duration;

    use anyhow::bail;
    use bonafide_engine::trust_material::{
        Change, Repository, TrustUpdate, TrustUpdateRequest, update_trust,
    };
    use bonafide_engine::{EngineError, RawName};
    use indicatif::{ProgressBar, ProgressDrawTarget};
    use jiff::Timestamp;

    use super::UpdateArguments;
    use crate::USAGE;
    use crate::arguments::Common;
    use crate::terminal::{print, say};

    /// How long all of it may take, unless `--timeout` says otherwise.
    const PATIENCE: Duration = Duration::from_secs(60);

    pub(super) fn update(arguments: UpdateArguments, common: &Common) -> anyhow::Result<u8> {
        if common.offline {
            say("error: `trust update` needs the network, and `--offline` forbids it");
            return Ok(USAGE);
        }
        let repository = match (arguments.url, arguments.root) {
            (Some(url), Some(root)) => Repository::Other { url, root },
            _ => Repository::PublicGood,
        };
        let caches = match (&arguments.cache, caches()) {
            (_, Some(caches)) => caches,
            (Some(_), None) => PathBuf::new(),
            (None, None) => {
                bail!("there is no cache directory: `HOME` is not set; name one with `--cache`")
            }
        };
        let request = TrustUpdateRequest {
            repository,
            caches,
            cache: arguments.cache,
            output: arguments.output,
            now: Timestamp::now(),
            limit: common.timeout.map_or(PATIENCE, |timeout| timeout.0),
        };
        let progress = progress(&request, common);
        let result = update_trust(&request);
        progress.finish_and_clear();
        let update = result.map_err(EngineError::from)?;
        if !common.quiet {
            print(&text(&update))?;
        }
        Ok(0)
    }

    /// `bonafide/tuf` in the user's cache (XDG Base Directory Specification:
    /// a relative `XDG_CACHE_HOME` does not count).
    fn caches() -> Option<PathBuf> {
        let absolute = |name: &str| {
            std::env::var_os(name)
                .map(PathBuf::from)
                .filter(|path| path.is_absolute())
        };
        let cache =
            absolute("XDG_CACHE_HOME").or_else(|| Some(absolute("HOME")?.join(".cache")))?;
        Some(cache.join("bonafide").join("tuf"))
    }

    /// A line that says what is going on, on a terminal.
    fn progress(request: &TrustUpdateRequest, common: &Common) -> ProgressBar {
        if common.quiet || !std::io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let line = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        let url = RawName::from(request.repository.url());
        line.set_style(indicatif::ProgressStyle::default_spinner());
        line.set_message(format!("fetching trust material from {url}"));
        line.enable_steady_tick(Duration::from_millis(120));
        line
    }

    fn text(update: &TrustUpdate) -> String {
        let path = RawName::from(update.path.as_path());
        let mut text = format!("trusted root of {}\n  {}\n", update.address, update.sha256);
        for role in &update.roles {
            let _ = writeln!(
                text,
                "  {:<9}  version {}, valid until {}",
                role.role, role.version, role.expires
            );
        }
        let _ = match update.change {
            Change::New => writeln!(text, "wrote {path}"),
            Change::Replaced => writeln!(text, "replaced {path}"),
            Change::Unchanged => writeln!(text, "unchanged {path}"),
        };
        let _ = writeln!(text, "use it with `--trusted-root {path}`");
        text
    }
}
