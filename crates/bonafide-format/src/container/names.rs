//! Names of members, and where links lead.

use std::collections::BTreeSet;
use std::ops::Range;

use bonafide_core::excerpt;

use crate::container::rules::{LINK, THROUGH_LINK};
use crate::path::{OUTSIDE, leads_outside};
use crate::visit::Visit;

/// The names of one archive, in order.
#[derive(Debug, Default)]
pub(crate) struct Names {
    links: BTreeSet<String>,
}

impl Names {
    /// Reports a name that leads out, or through a link that came before.
    pub(crate) fn check(&self, visit: &mut Visit<'_>, name: &str, range: &Range<u64>) {
        let shown = excerpt(name, 200);
        if let Some(reason) = leads_outside(name) {
            let message = format!("the member `{shown}` is not put below the folder: {reason}");
            visit.report_about(&OUTSIDE, Some(range.clone()), name, message);
        }
        if self.links.is_empty() {
            return;
        }
        let name = clean(name);
        let ends = name.match_indices('/').map(|(end, _)| end);
        for end in ends.take(256) {
            let parent = name.get(..end).unwrap_or_default();
            if self.links.contains(parent) {
                let parent = excerpt(parent, 200);
                let message = format!("the member `{shown}` is below the link `{parent}`");
                visit.report(&THROUGH_LINK, Some(range.clone()), message);
                return;
            }
        }
    }

    /// Takes down a link, and reports where it leads.
    pub(crate) fn link(&mut self, visit: &mut Visit<'_>, link: &Link<'_>, range: &Range<u64>) {
        let from = excerpt(link.name, 200);
        let to = excerpt(link.target, 200);
        if let Some(reason) = link.leads_outside() {
            let message = format!("the link `{from}` leads to `{to}`: {reason}");
            visit.report_about(&OUTSIDE, Some(range.clone()), link.target, message);
        } else {
            let message = format!("`{from}` is a link to `{to}`");
            visit.report_about(&LINK, Some(range.clone()), link.name, message);
        }
        if self.links.len() < 100_000 && link.kind == LinkKind::Symbolic {
            self.links.insert(clean(link.name));
        }
    }
}

/// A link.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Link<'a> {
    pub(crate) kind: LinkKind,
    pub(crate) name: &'a str,
    pub(crate) target: &'a str,
}

/// What a target is counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LinkKind {
    /// The folder of the link.
    Symbolic,
    /// The folder of the archive.
    Hard,
}

impl Link<'_> {
    fn leads_outside(&self) -> Option<&'static str> {
        let mut depth = 0_usize;
        if self.kind == LinkKind::Symbolic {
            let name = clean(self.name);
            depth = name.matches('/').count();
        }
        for part in self.target.split(['/', '\\']) {
            match part {
                "" | "." => {}
                ".." => match depth.checked_sub(1) {
                    Some(above) => depth = above,
                    None => return Some("it is above the folder"),
                },
                _ => depth += 1,
            }
        }
        // The steps upwards were counted; the other ways out are the same as of any path.
        let ahead = self.target.replace("..", "up");
        leads_outside(&ahead)
    }
}

/// Without empty parts and single dots.
fn clean(name: &str) -> String {
    let parts = name.split('/').filter(|part| !matches!(*part, "" | "."));
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_may_go_up_as_far_as_it_is_down() {
        let leads = |kind, name, target| Link { kind, name, target }.leads_outside().is_some();
        assert!(!leads(LinkKind::Symbolic, "a/b/c", "../../d"));
        assert!(leads(LinkKind::Symbolic, "a/b/c", "../../../d"));
        assert!(leads(LinkKind::Symbolic, "a/b", "/etc/passwd"));
        assert!(!leads(LinkKind::Symbolic, "./a", "b/../c"));
        assert!(leads(LinkKind::Symbolic, "./a", "b/../../c"));
        assert!(!leads(LinkKind::Hard, "a/b", "a/c"));
        assert!(leads(LinkKind::Hard, "a/b", "../c"));
    }
}
