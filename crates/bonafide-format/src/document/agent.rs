//! Settings of editors and coding agents. Whoever opens the folder of a model with one of
//! them has it start what the settings say; the model itself need not be loaded.
//!
//! They are told by what is in them, whatever they are called: servers of the Model Context
//! Protocol, hooks of agents, tasks of Visual Studio Code, development containers.

use bonafide_core::{Severity, ThreatId, excerpt};

use crate::json::{Document, Node};
use crate::rule::{Confidence, Hazard, Rule};
use crate::visit::Visit;

pub(crate) const RULES: &[&Rule] = &[&COMMAND, &SETTING];

const COMMAND: Rule = Rule {
    slug: "agent-command",
    title: "Settings of an editor or agent start a command",
    hazard: Hazard::CodeInRepository,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "The command runs on the machine of whoever opens the folder with that tool, often without being \
        asked for.",
    remediation: "Remove the file from the model; settings of tools are no part of it.",
    threats: &[ThreatId("ART-02")],
    cwe: &[829, 78],
    cve: &["CVE-2025-54136", "CVE-2025-59536"],
    atlas: &["AML.T0081", "AML.T0010"],
};

const SETTING: Rule = Rule {
    slug: "agent-configuration",
    title: "Settings of an editor, agent or container come with the model",
    hazard: Hazard::CodeInRepository,
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    rationale: "They change what a tool does to whoever opens the folder with it: which servers it talks to, what \
        it may do without asking, what it installs.",
    remediation: "Read them, or remove the file from the model.",
    threats: &[ThreatId("ART-02")],
    cwe: &[829, 15],
    cve: &[],
    atlas: &["AML.T0081"],
};

/// What a development container runs, apart from the first, inside of the container.
const CONTAINER_COMMANDS: &[&str] = &[
    "onCreateCommand",
    "updateContentCommand",
    "postCreateCommand",
    "postStartCommand",
    "postAttachCommand",
];

/// What npm runs when a package is installed.
const INSTALL_SCRIPTS: &[&str] = &["preinstall", "install", "postinstall", "prepare"];

pub(crate) fn analyse(visit: &mut Visit<'_>, document: &Document<'_>) {
    let root = &document.root;
    servers(visit, root);
    hooks(visit, root);
    tasks(visit, root);
    container(visit, root);
    package(visit, root);
    permissions(visit, root);
}

fn command(visit: &mut Visit<'_>, what: &str, node: &Node<'_>) {
    let text = match node.text() {
        Some(text) => text.to_owned(),
        None => {
            let words: Vec<&str> = node.elements().iter().filter_map(Node::text).collect();
            words.join(" ")
        }
    };
    if text.trim().is_empty() {
        return;
    }
    let message = format!("{what} starts `{}`", excerpt(&text, 120));
    visit.report_about(&COMMAND, Some(node.range.clone()), &text, message);
}

/// Servers of the Model Context Protocol: started, or talked to.
fn servers(visit: &mut Visit<'_>, root: &Node<'_>) {
    for key in ["mcpServers", "servers", "context_servers", "mcp"] {
        let Some(servers) = root.get(key) else {
            continue;
        };
        let servers = servers.get("servers").unwrap_or(servers);
        for server in servers.members() {
            let name = format!("the server `{}`", excerpt(&server.name, 60));
            if let Some(program) = server.value.get("command") {
                command(visit, &name, program);
            } else if let Some(address) = server.value.get("url").filter(|_| key != "servers") {
                let text = address.text().unwrap_or_default();
                let message = format!("{name} is at `{}`", excerpt(text, 120));
                visit.report_about(&SETTING, Some(address.range.clone()), text, message);
            }
        }
    }
}

/// Hooks: commands that an agent runs before, after or instead of something.
fn hooks(visit: &mut Visit<'_>, root: &Node<'_>) {
    if let Some(hooks) = root.get("hooks") {
        let mut found = Vec::new();
        hooks.walk(&mut |_, node| {
            if let Some(program) = node.get("command") {
                found.push(program);
            }
        });
        for program in found {
            command(visit, "a hook", program);
        }
    }
    for key in [
        "apiKeyHelper",
        "awsAuthRefresh",
        "awsCredentialExport",
        "otelHeadersHelper",
    ] {
        if let Some(program) = root.get(key) {
            command(visit, &format!("`{key}`"), program);
        }
    }
    if let Some(program) = root.at(&["statusLine", "command"]) {
        command(visit, "`statusLine`", program);
    }
}

/// Tasks of Visual Studio Code that start when the folder is opened.
fn tasks(visit: &mut Visit<'_>, root: &Node<'_>) {
    for task in root.get("tasks").map_or(&[][..], Node::elements) {
        let on = task.at(&["runOptions", "runOn"]).and_then(Node::text);
        if on == Some("folderOpen")
            && let Some(program) = task.get("command").or_else(|| task.get("script"))
        {
            command(visit, "a task that runs when the folder is opened", program);
        }
    }
}

fn container(visit: &mut Visit<'_>, root: &Node<'_>) {
    if let Some(program) = root.get("initializeCommand") {
        command(visit, "`initializeCommand`", program);
    }
    for key in CONTAINER_COMMANDS {
        if let Some(program) = root.get(key) {
            let message = format!("the container runs `{key}`");
            visit.report_about(&SETTING, Some(program.range.clone()), key, message);
        }
    }
}

/// Scripts of a package for npm that run when it is installed.
fn package(visit: &mut Visit<'_>, root: &Node<'_>) {
    let is_package = root.get("name").is_some() || root.get("version").is_some();
    let Some(scripts) = root.get("scripts").filter(|_| is_package) else {
        return;
    };
    for key in INSTALL_SCRIPTS {
        if let Some(script) = scripts.get(key).filter(|script| script.text().is_some()) {
            let text = script.text().unwrap_or_default();
            let message = format!(
                "installing the package runs `{}` (`{key}`)",
                excerpt(text, 120)
            );
            visit.report_about(&SETTING, Some(script.range.clone()), key, message);
        }
    }
}

/// What an agent may do without asking, and whom it talks to.
fn permissions(visit: &mut Visit<'_>, root: &Node<'_>) {
    let allowed = root.at(&["permissions", "allow"]);
    if let Some(node) = allowed.filter(|node| !node.elements().is_empty()) {
        let message = "an agent may do things without asking";
        visit.report_about(
            &SETTING,
            Some(node.range.clone()),
            "permissions.allow",
            message,
        );
    }
    for key in ["enableAllProjectMcpServers", "chat.tools.autoApprove"] {
        if let Some(node) = root.get(key).filter(|node| node.boolean() == Some(true)) {
            let message = format!("`{key}` is true");
            visit.report_about(&SETTING, Some(node.range.clone()), key, message);
        }
    }
    for key in ["ANTHROPIC_BASE_URL", "OPENAI_BASE_URL"] {
        if let Some(node) = root.at(&["env", key]) {
            let text = node.text().unwrap_or_default();
            let message = format!(
                "`{key}` sends an agent's requests to `{}`",
                excerpt(text, 120)
            );
            visit.report_about(&SETTING, Some(node.range.clone()), key, message);
        }
    }
}
