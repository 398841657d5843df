//! The graph as an indented tree for a terminal: each artifact once with all
//! that is known of it, further mentions refer to that.

use std::collections::VecDeque;

use anstyle::{AnsiColor, Style};
use bonafide_core::lineage::{EdgeGrade, LineageEdge, LineageNode, NodeIndex};
use bonafide_core::{Grade, Verdict};

use super::scene::{Scene, state};
use super::words::{counted, graded, pin, shown, testimony, visible};
use crate::Colour;

/// Deepest branch that is drawn below another one; what is above it begins a tree of its own.
const INDENTED: usize = 24;

const BOLD: Style = Style::new().bold();
const RED: Style = Style::new()
    .bold()
    .fg_color(Some(anstyle::Color::Ansi(AnsiColor::Red)));
const YELLOW: Style = Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Yellow)));
const GREEN: Style = Style::new()
    .bold()
    .fg_color(Some(anstyle::Color::Ansi(AnsiColor::Green)));
const PLAIN: Style = Style::new();

pub(super) fn render(scene: &Scene<'_>, colour: Colour) -> String {
    let mut page = Page {
        scene,
        colour,
        text: String::new(),
        seen: vec![false; scene.lineage.nodes().len()],
        links: scene.links(),
        later: VecDeque::new(),
    };
    page.header();
    let subject = scene.lineage.subject();
    page.tree(subject);
    page.continued();
    let apart: Vec<NodeIndex> = scene
        .shape
        .order
        .iter()
        .copied()
        .filter(|index| scene.shape.depth(*index).is_none())
        .collect();
    let mut titled = false;
    for index in apart {
        if page.is_seen(index) {
            continue;
        }
        if !titled {
            page.heading("No link to the subject");
            titled = true;
        }
        page.tree(index);
        page.continued();
    }
    page.remarks();
    page.text
}

struct Page<'scene> {
    scene: &'scene Scene<'scene>,
    colour: Colour,
    text: String,
    seen: Vec<bool>,
    links: Vec<Vec<&'scene LineageEdge>>,
    /// Artifacts whose tree got too deep; drawn afterwards.
    later: VecDeque<NodeIndex>,
}

/// A link that waits to be drawn.
struct Branch<'scene> {
    edge: &'scene LineageEdge,
    /// What stands left of it.
    prefix: String,
    depth: usize,
    last: bool,
}

impl<'scene> Page<'scene> {
    fn line(&mut self, text: &str) {
        self.text.push_str(text.trim_end());
        self.text.push('\n');
    }

    fn paint(&self, style: Style, text: &str) -> String {
        match self.colour {
            Colour::Ansi => format!("{style}{text}{style:#}"),
            Colour::Plain => text.to_owned(),
        }
    }

    fn heading(&mut self, text: &str) {
        let painted = self.paint(BOLD, text);
        self.line("");
        self.line(&painted);
    }

    fn header(&mut self) {
        let name = self.scene.name(self.scene.lineage.subject(), 200);
        let title = self.paint(BOLD, "LINEAGE");
        self.line(&format!("{title}  {name}"));
        self.line(&format!("  {}", self.scene.summary()));
        self.line("");
    }

    fn is_seen(&self, index: NodeIndex) -> bool {
        self.seen.get(index.get()).copied().unwrap_or(true)
    }

    fn see(&mut self, index: NodeIndex) {
        if let Some(seen) = self.seen.get_mut(index.get()) {
            *seen = true;
        }
    }

    fn continued(&mut self) {
        while let Some(index) = self.later.pop_front() {
            if !self.is_seen(index) {
                self.heading("Continued from above");
                self.tree(index);
            }
        }
    }

    /// One artifact and everything above it that was not drawn yet.
    fn tree(&mut self, root: NodeIndex) {
        let title = self.title(root);
        self.line(&title);
        let has_links = self.count(root) > 0;
        self.details(root, if has_links { "│ " } else { "  " });
        self.see(root);
        let mut waiting = self.branches(root, "", 0);
        while let Some(branch) = waiting.pop() {
            let index = branch.edge.parent();
            let (fork, bar) = if branch.last {
                ("└─ ", "   ")
            } else {
                ("├─ ", "│  ")
            };
            let (style, mark) = match branch.edge.grade() {
                EdgeGrade::Proven => (GREEN, "✓ proven"),
                EdgeGrade::Claimed => (PLAIN, "~ claimed"),
                EdgeGrade::Contradicted => (RED, "✗ CONTRADICTED"),
                EdgeGrade::Unknown => (YELLOW, "? unknown"),
            };
            let mark = self.paint(style, mark);
            let seen = self.is_seen(index);
            let again = match seen {
                true if self.scene.is_circular(index)
                    && self.scene.is_circular(branch.edge.child()) =>
                {
                    " (see above; part of a cycle)"
                }
                true => " (see above)",
                false => "",
            };
            let title = self.title(index);
            self.line(&format!(
                "{}{fork}{mark}, {}: {title}{again}",
                branch.prefix,
                branch.edge.relation()
            ));
            let prefix = format!("{}{bar}", branch.prefix);
            let deep = branch.depth + 1 >= INDENTED;
            let grows = !seen && !deep && self.count(index) > 0;
            let inner = format!("{prefix}{} ", if grows { "│" } else { " " });
            for evidence in branch.edge.evidence() {
                self.line(&format!("{inner}  {}", testimony(evidence)));
            }
            if branch.edge.omitted() > 0 {
                let more = counted(branch.edge.omitted(), "more source");
                self.line(&format!("{inner}  and {more}"));
            }
            if seen {
                continue;
            }
            if deep && self.count(index) > 0 {
                self.line(&format!("{inner}(continued below)"));
                self.later.push_back(index);
                continue;
            }
            self.details(index, &inner);
            self.see(index);
            waiting.extend(self.branches(index, &prefix, branch.depth + 1));
        }
    }

    fn count(&self, index: NodeIndex) -> usize {
        self.links.get(index.get()).map_or(0, Vec::len)
    }

    /// The links of an artifact, the first one last: they are taken from the end.
    fn branches(&self, index: NodeIndex, prefix: &str, depth: usize) -> Vec<Branch<'scene>> {
        let links = self.links.get(index.get()).map_or(&[][..], Vec::as_slice);
        let mut branches: Vec<Branch<'scene>> = links
            .iter()
            .enumerate()
            .map(|(number, edge)| Branch {
                edge,
                prefix: prefix.to_owned(),
                depth,
                last: number + 1 == links.len(),
            })
            .collect();
        branches.reverse();
        branches
    }

    /// `base model digits 1.0`.
    fn title(&self, index: NodeIndex) -> String {
        let Some(node) = self.scene.lineage.node(index) else {
            return String::new();
        };
        let name = self.paint(BOLD, &shown(node.label(), 200));
        let version = node
            .version
            .as_deref()
            .map(|version| format!(" {}", shown(version, 60)));
        format!(
            "{} {name}{}",
            self.scene.role(index).word(),
            version.unwrap_or_default()
        )
    }

    fn details(&mut self, index: NodeIndex, prefix: &str) {
        let Some(node) = self.scene.lineage.node(index) else {
            return;
        };
        for detail in self.known(node) {
            self.line(&format!("{prefix}{detail}"));
        }
    }

    fn known(&self, node: &LineageNode) -> Vec<String> {
        let style = match node.grade() {
            Grade::Claimed => PLAIN,
            Grade::Verified | Grade::Measured => GREEN,
        };
        let mut known = self.paint(style, &state(node));
        if let Some(verdict) = node.verdict {
            let style = match verdict {
                Verdict::Allow => GREEN,
                Verdict::Deny => RED,
                Verdict::Undecided | Verdict::NothingToVerify => YELLOW,
            };
            known = format!("{known}; {}", self.paint(style, &verdict.to_string()));
        }
        let mut details = vec![known];
        if node.id() != node.label() {
            details.push(format!("id {}", shown(node.id(), 300)));
        }
        for identifier in &node.identifiers {
            if identifier != node.id() {
                details.push(format!("known as {}", shown(identifier, 300)));
            }
        }
        let best = node.best_digest();
        if let Some(digest) = &best {
            let others = counted(node.digests().count() - 1, "more digest");
            let others = if others.starts_with("0 ") {
                String::new()
            } else {
                format!(" and {others}")
            };
            details.push(format!(
                "{} ({}){others}",
                digest.digest,
                graded(digest.grade)
            ));
        }
        if node.pin != bonafide_core::lineage::RevisionPin::None {
            details.push(format!("referred to by {}", pin(&node.pin)));
        }
        if !node.licences.is_empty() {
            let licences: Vec<String> = node
                .licences
                .iter()
                .map(|licence| shown(licence, 120))
                .collect();
            details.push(format!("licence {}", licences.join(", ")));
        }
        for time in &node.times {
            details.push(format!(
                "{} {} ({}, {})",
                time.event.word(),
                time.time,
                graded(time.grade),
                shown(&time.source, 120)
            ));
        }
        for mention in &node.sources {
            let pointer = mention
                .pointer
                .as_deref()
                .filter(|pointer| !pointer.is_empty())
                .map(|pointer| format!(" at {}", shown(pointer, 200)));
            details.push(format!(
                "named in {}{}",
                visible(&mention.source),
                pointer.unwrap_or_default()
            ));
        }
        if node.omitted() > 0 {
            details.push(format!("and {} more, left out", node.omitted()));
        }
        details
    }

    fn remarks(&mut self) {
        let remarks = self.scene.remarks();
        if remarks.is_empty() {
            return;
        }
        self.heading("Mind");
        for remark in remarks {
            let (head, tail) = remark.split_once(':').unwrap_or((&remark, ""));
            let colon = if tail.is_empty() { "" } else { ":" };
            let head = self.paint(YELLOW, head);
            self.line(&format!("  {head}{colon}{tail}"));
        }
    }
}
