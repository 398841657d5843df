//! Citations (1.7) say who said what, by pointers into the document.

use std::collections::HashSet;

use super::defects::{Defect, Found, quote};
use super::kind::DefectKind;
use crate::json::{MOST_DEPTH, Node, Pointer};

/// Pointers of citations that lead to nothing, or stand twice in one citation.
#[must_use]
pub fn unresolved_citations(root: &Node<'_>) -> Vec<Defect> {
    let mut found = Found::default();
    examine(root, &mut found);
    found.into_list()
}

pub(super) fn examine(root: &Node<'_>, found: &mut Found) {
    let citations = root.get("citations").and_then(Node::list);
    let citations = citations.unwrap_or_default();
    if citations.is_empty() {
        return;
    }
    let there = resolved(
        citations
            .iter()
            .flat_map(pointers_of)
            .map(|(_, cited)| cited),
        root,
    );
    for (index, citation) in citations.iter().enumerate() {
        let mut seen = HashSet::new();
        for (place, cited) in pointers_of(citation) {
            let cited_again = !seen.insert(cited);
            let kind = match (cited_again, there.contains(cited)) {
                (true, _) => DefectKind::CitationRepeated {
                    cited: quote(cited),
                },
                (_, false) => DefectKind::CitationUnresolved {
                    cited: quote(cited),
                },
                _ => continue,
            };
            let at = Pointer::root().member("citations").element(index);
            found.add(&at.member("pointers").element(place), kind);
        }
    }
}

fn pointers_of<'n>(citation: &'n Node<'_>) -> impl Iterator<Item = (usize, &'n str)> {
    let pointers = citation.get("pointers").and_then(Node::list);
    let pointers = pointers.unwrap_or_default().iter().enumerate();
    pointers.filter_map(|(place, cited)| Some((place, cited.text()?)))
}

/// Which of the pointers lead somewhere. A place has exactly one pointer (RFC 6901 §3, §4),
/// so one walk along all of them is enough, however many they are.
fn resolved<'n>(cited: impl Iterator<Item = &'n str>, root: &Node<'_>) -> HashSet<String> {
    let mut prefixes: HashSet<&str> = HashSet::new();
    for pointer in cited {
        let steps = pointer.match_indices('/');
        if steps.clone().count() > MOST_DEPTH + 1 {
            continue;
        }
        prefixes.extend(steps.filter_map(|(end, _)| pointer.get(..end)));
        prefixes.insert(pointer);
    }
    let mut there = HashSet::new();
    follow(root, &mut Pointer::root(), &prefixes, &mut there);
    there
}

/// Nesting is bounded by the longest pointer that is followed.
fn follow(
    node: &Node<'_>,
    pointer: &mut Pointer,
    prefixes: &HashSet<&str>,
    there: &mut HashSet<String>,
) {
    if !prefixes.contains(pointer.as_str()) {
        return;
    }
    there.insert(pointer.as_str().to_owned());
    match node {
        Node::Object(object) => {
            for (name, inner) in object.iter() {
                let mark = pointer.push(name);
                follow(inner, pointer, prefixes, there);
                pointer.pop(mark);
            }
        }
        Node::List(list) => {
            for (index, inner) in list.iter().enumerate() {
                let mark = pointer.push(&index.to_string());
                follow(inner, pointer, prefixes, there);
                pointer.pop(mark);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::admit;

    #[test]
    fn every_pointer_is_followed_as_rfc_6901_says() {
        let text = r#"{"a":[{"b/c":1,"~":[]}],"citations":[{"pointers":
            ["","/a","/a/0/b~1c","/a/0/~0","/a/00","/a/-","/a/0/b~1c/","/a/1","a","/~2","/a/0/b/c"]}]}"#;
        let root = admit(text.as_bytes(), 1 << 20).unwrap();
        let cited: Vec<String> = unresolved_citations(&root)
            .iter()
            .map(|defect| defect.pointer.to_string())
            .collect();
        let expected: Vec<String> = (4..11)
            .map(|index| format!("/citations/0/pointers/{index}"))
            .collect();
        assert_eq!(cited, expected);
    }
}
