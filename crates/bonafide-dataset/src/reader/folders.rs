//! Whether a tree of files is one of classes, and which file is in which.

use std::collections::BTreeMap;

use bonafide_core::RawName;

use crate::files::Files;

use super::classes::Member;
use super::{documents, split};

/// Files of one split, by class.
#[derive(Debug)]
pub(super) struct Tree {
    /// The folder that holds the classes; `.` for the root.
    pub(super) name: RawName,
    pub(super) split: Option<String>,
    pub(super) members: Vec<Member>,
    pub(super) classes: Vec<String>,
}

/// What was found.
#[derive(Debug)]
pub(super) struct Trees {
    pub(super) trees: Vec<Tree>,
    /// True if every file is text.
    pub(super) text: bool,
    /// Files above the classes, which are none of their records.
    pub(super) other: Vec<(usize, &'static str)>,
}

/// Folders of classes, if that is all that there is: media or text in at least two
/// folders, perhaps below folders of splits, perhaps below folders with nothing else, and
/// otherwise only documentation and hidden files.
pub(super) fn of_classes(files: &dyn Files) -> Option<Trees> {
    let mut other = Vec::new();
    let mut found: Vec<(usize, &str)> = Vec::new();
    let mut text = true;
    for (index, listed) in files.list().iter().enumerate() {
        let name = str::from_utf8(listed.name.as_bytes()).ok()?;
        let lower = name.to_lowercase();
        let above = !lower.contains('/');
        if lower.split('/').any(|part| part.starts_with('.')) {
            other.push((index, "hidden"));
        } else if above && (documents::is_documentation(&lower) || documents::is_text(&lower)) {
            other.push((index, documents::reason(&lower).unwrap_or("documentation")));
        } else if documents::is_media(&lower) {
            text = false;
            found.push((index, name));
        } else if documents::is_text(&lower) {
            found.push((index, name));
        } else {
            return None;
        }
    }
    let mut rest: Vec<(usize, &str)> = found.clone();
    let mut above = String::new();
    // Folders with nothing else.
    loop {
        let tops: Option<Vec<(&str, &str)>> =
            rest.iter().map(|(_, name)| name.split_once('/')).collect();
        let tops = tops?;
        let (top, _) = *tops.first()?;
        if split::of_word(top).is_some() || tops.iter().any(|(other, _)| *other != top) {
            break;
        }
        above.push_str(top);
        above.push('/');
        rest = rest
            .iter()
            .zip(tops)
            .map(|((index, _), (_, below))| (*index, below))
            .collect();
    }
    let split_above = rest
        .iter()
        .all(|(_, name)| name.split('/').next().and_then(split::of_word).is_some());
    let mut trees: BTreeMap<&str, Vec<(usize, &str)>> = BTreeMap::new();
    for (index, name) in &rest {
        let (folder, below) = match split_above {
            true => name.split_once('/')?,
            false => ("", *name),
        };
        trees.entry(folder).or_default().push((*index, below));
    }
    let mut made = Vec::new();
    let mut all: Vec<String> = Vec::new();
    for (folder, below) in trees {
        let mut classes: Vec<String> = Vec::new();
        for (_, name) in &below {
            classes.push(name.split_once('/')?.0.to_owned());
        }
        classes.sort();
        classes.dedup();
        let members = below.iter().map(|(index, name)| {
            let class = name.split_once('/').map_or("", |(class, _)| class);
            let class = classes.binary_search_by(|known| known.as_str().cmp(class));
            Some(Member {
                file: *index,
                class: class.ok()?,
            })
        });
        let members = members.collect::<Option<Vec<_>>>()?;
        all.extend(classes.iter().cloned());
        let name = format!("{above}{folder}");
        let name = match name.trim_end_matches('/') {
            "" => ".",
            name => name,
        };
        made.push(Tree {
            name: RawName::from(name),
            split: match split_above {
                true => split::of_word(folder).map(str::to_owned),
                false => None,
            },
            members,
            classes,
        });
    }
    all.sort();
    all.dedup();
    (all.len() >= 2).then_some(Trees {
        trees: made,
        text,
        other,
    })
}
