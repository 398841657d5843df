//! What was verified, by which policy, and by which tool.

use bonafide_core::Report;

use super::Page;
use crate::account::{cut, visible};
use crate::human_bytes;

/// Most links, entries and files with trust material that are shown.
const MOST: usize = 50;

impl Page {
    pub(super) fn circumstances(&mut self, report: &Report) {
        self.artifact(report);
        self.policy(report);
        self.tool(report);
    }

    fn artifact(&mut self, report: &Report) {
        let artifact = &report.artifact;
        self.heading("Artifact");
        let plural = if artifact.files == 1 { "" } else { "s" };
        self.line(&format!(
            "  {}: {} file{plural}, {}; {} hashed",
            artifact.kind,
            artifact.files,
            human_bytes(artifact.bytes),
            human_bytes(artifact.bytes_hashed),
        ));
        if let Some(purl) = &artifact.purl {
            self.line(&format!("  given as {}", visible(purl)));
        }
        if let Some(root) = &artifact.root {
            self.line(&format!("  root digest {root}"));
        }
        for link in artifact.links.iter().take(MOST) {
            self.line(&format!(
                "  link {} -> {} ({})",
                link.name, link.target, link.leads_to
            ));
        }
        let more = artifact.links.len().saturating_sub(MOST);
        self.more("  ", more, "link");
        for entry in artifact.unreadable.iter().take(MOST) {
            let reason = cut(&entry.reason, 500);
            self.line(&format!("  not read: {}: {reason}", entry.name));
        }
        let more = artifact.unreadable.len().saturating_sub(MOST);
        self.more("  ", more, "");
    }

    fn policy(&mut self, report: &Report) {
        let policy = &report.policy;
        self.heading("Policy");
        let source = match &policy.source {
            Some(path) => path.to_string(),
            None => "embedded; no policy was given".to_owned(),
        };
        let name = visible(&policy.name);
        self.line(&format!("  {name} {} ({source})", visible(&policy.version)));
        self.line(&format!("  {}", policy.digest));
        for layer in &policy.extends {
            self.line(&format!(
                "  builds on {} {} ({}), {}",
                visible(&layer.name),
                visible(&layer.version),
                layer.source,
                layer.digest
            ));
        }
        if let Some(signer) = &policy.signed_by {
            self.line(&format!("  signed by {}", visible(signer)));
        }
        if let Some(expires) = &policy.expires {
            self.line(&format!("  valid until {}", visible(expires)));
        }
        for name in &policy.trust {
            self.line(&format!("  trusts {}", visible(name)));
        }
        for name in &policy.trust_added {
            let name = visible(name);
            self.line(&format!("  trusts, added for this run only: {name}"));
        }
        for name in &policy.lists {
            self.line(&format!("  heeds {}", visible(name)));
        }
        if policy.trust.is_empty() && policy.trust_added.is_empty() {
            self.line("  trusts nobody");
        }
        for material in policy.material.iter().take(MOST) {
            self.line(&format!(
                "  {} {}: {}",
                material.kind, material.source, material.digest
            ));
        }
        let more = policy.material.len().saturating_sub(MOST);
        self.more("  ", more, "file");
    }

    /// Which program judged, and what its verdict does not say.
    fn tool(&mut self, report: &Report) {
        let tool = &report.tool;
        let digest = tool.digest.map(|digest| format!(" ({digest})"));
        let digest = digest.unwrap_or_default();
        self.line("");
        self.line(&format!(
            "{} {}{digest}, judged at {}",
            tool.name, tool.version, report.evaluated_at
        ));
        self.line(
            "A signature proves origin and integrity. It does not prove that a model is safe.",
        );
    }
}
