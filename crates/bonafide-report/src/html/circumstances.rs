//! By what it was judged, with the digest of everything; and what none of it shows.

use bonafide_core::{Digest, RawName, Report};

use super::markup::Markup;
use crate::account::cut;
use crate::human_bytes;

/// Most files, links and entries of a table.
const MOST: usize = 200;

const TITLES: [&str; 3] = ["what", "which", "digest"];

pub(super) fn section(report: &Report) -> Markup {
    let mut page = Markup::new();
    page.open_table("What the verdict rests on", &TITLES);
    policy(&mut page, report);
    let tool = &report.tool;
    let named = format!("{} {}", tool.name, tool.version);
    row(&mut page, "tool", &named, tool.digest.as_ref());
    if let Some(inspection) = &report.inspection {
        row(
            &mut page,
            "rules about model files",
            "built in",
            Some(&inspection.rule_set),
        );
        for snapshot in inspection.advisories.iter().take(MOST) {
            let newest = snapshot.newest.as_deref().unwrap_or("without a date");
            let about = format!(
                "{} ({} entries, newest {newest})",
                snapshot.source, snapshot.entries
            );
            row(
                &mut page,
                "published vulnerabilities",
                &about,
                Some(&snapshot.digest),
            );
        }
    }
    row(&mut page, "clock", &report.evaluated_at.to_string(), None);
    let artifact = &report.artifact;
    let about = format!(
        "{}, {} files, {}",
        artifact.kind,
        artifact.files,
        human_bytes(artifact.bytes)
    );
    row(&mut page, "artifact", &about, artifact.root.as_ref());
    page.close_table();
    trust(&mut page, report);
    entries(&mut page, report);
    page
}

fn row(page: &mut Markup, what: &'static str, which: &str, digest: Option<&Digest>) {
    let mut known = Markup::new();
    match digest {
        Some(digest) => known.code(&digest.to_string()),
        None => known.ours("–"),
    };
    let mut about = Markup::new();
    about.isolated(&cut(which, 600));
    page.row(None, &TITLES, &[Markup::of(what), about, known]);
}

fn policy(page: &mut Markup, report: &Report) {
    let policy = &report.policy;
    let source = match &policy.source {
        Some(path) => path.to_string(),
        None => "embedded; no policy was given".to_owned(),
    };
    let mut about = format!("{} {} ({source})", policy.name, policy.version);
    if let Some(signer) = &policy.signed_by {
        about.push_str(&format!(", signed by {signer}"));
    }
    if let Some(expires) = &policy.expires {
        about.push_str(&format!(", valid until {expires}"));
    }
    row(page, "policy", &about, Some(&policy.digest));
    for layer in &policy.extends {
        let about = format!("{} {} ({})", layer.name, layer.version, layer.source);
        row(
            page,
            "policy that it builds on",
            &about,
            Some(&layer.digest),
        );
    }
    for material in policy.material.iter().take(MOST) {
        let about = format!("{} {}", material.kind, material.source);
        row(page, "trust material", &about, Some(&material.digest));
    }
    if policy.material.len() > MOST {
        let more = format!("{} more: see the JSON report", policy.material.len() - MOST);
        row(page, "trust material", &more, None);
    }
}

/// Whom the run trusted.
fn trust(page: &mut Markup, report: &Report) {
    let policy = &report.policy;
    page.ours("<h3>Trust</h3>\n");
    if policy.trust.is_empty() && policy.trust_added.is_empty() {
        page.ours("<p>The policy trusts nobody.</p>\n");
    }
    let item = |words: &'static str, name: &String| {
        let mut item = Markup::new();
        item.ours(words).isolated(&cut(name, 400));
        item
    };
    let trusted = policy.trust.iter().map(|name| item("trusts ", name));
    let added = policy
        .trust_added
        .iter()
        .map(|name| item("trusts, added for this run only: ", name));
    let lists = policy.lists.iter().map(|name| item("heeds ", name));
    page.list(trusted.chain(added).chain(lists).take(MOST));
    let count = policy.trust.len() + policy.trust_added.len() + policy.lists.len();
    page.more(count.saturating_sub(MOST), "entry");
}

/// Links, entries that were not read, and digests of files.
fn entries(page: &mut Markup, report: &Report) {
    let artifact = &report.artifact;
    let name = |name: &RawName| Markup::named(&cut(&name.to_string(), 400));
    if !artifact.unreadable.is_empty() {
        const TITLES: [&str; 2] = ["entry", "reason"];
        page.open_table("Not read", &TITLES);
        for entry in artifact.unreadable.iter().take(MOST) {
            let mut reason = Markup::new();
            reason.sentences(&entry.reason, 400);
            page.row(None, &TITLES, &[name(&entry.name), reason]);
        }
        page.close_table();
        page.more(artifact.unreadable.len().saturating_sub(MOST), "file");
    }
    if !artifact.links.is_empty() {
        const TITLES: [&str; 3] = ["link", "target", "leads to"];
        page.open_table("Symbolic links", &TITLES);
        for link in artifact.links.iter().take(MOST) {
            let cells = [
                name(&link.name),
                name(&link.target),
                Markup::of(link.leads_to),
            ];
            page.row(None, &TITLES, &cells);
        }
        page.close_table();
        page.more(artifact.links.len().saturating_sub(MOST), "link");
    }
    if !artifact.digests.is_empty() {
        const TITLES: [&str; 2] = ["file", "digest"];
        page.ours("<details class=\"card\"><summary>Digests of files</summary>\n");
        page.open_table("Digests of files", &TITLES);
        for file in artifact.digests.iter().take(MOST) {
            let cells = [name(&file.name), Markup::named(&file.digest.to_string())];
            page.row(None, &TITLES, &cells);
        }
        page.close_table();
        page.more(artifact.digests.len().saturating_sub(MOST), "file");
        page.ours("</details>\n");
    }
}

pub(super) fn limits(report: &Report) -> Markup {
    let mut page = Markup::new();
    page.ours(
        "<ul>\n\
         <li>A signature proves origin and integrity. It does not prove that a model is safe.</li>\n\
         <li>What a document says of a model is a claim, unless this page says that it was measured or signed.</li>\n\
         <li>A control that passed is evidence for what it looks at. It does not show that an attack is absent.</li>\n\
         <li>Provisions of standards are named where the evidence speaks to them. No standard is tested as a whole.</li>\n",
    );
    if report.signatures.is_empty() {
        page.ours("<li>Without a signature nothing shows who made the artifact.</li>\n");
    }
    page.ours("</ul>\n");
    page
}

pub(super) fn footer(report: &Report) -> Markup {
    let mut page = Markup::new();
    page.ours("<footer><p>Made by ")
        .text(report.tool.name)
        .ours(" ")
        .text(report.tool.version);
    page.ours(", judged at ")
        .text(&report.evaluated_at.to_string());
    page.ours(". For machines, and for everything that was cut here: <code>--output json=FILE</code>.</p></footer>\n");
    page
}
