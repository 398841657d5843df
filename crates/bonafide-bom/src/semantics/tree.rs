//! A walk over every object of the tree.

use std::fmt::Write as _;

use crate::json::{Node, Object, Pointer};

/// Admission allows fewer; trees of another origin end here.
const MOST_DEPTH: usize = 160;

/// An object, the member that holds it, and where it is. Lists are looked through.
pub(super) struct Met<'w, 'n, 'a> {
    pub(super) holder: &'n str,
    pub(super) object: &'n Object<'a>,
    pub(super) pointer: &'w mut Pointer,
}

/// Calls `visit` with every object, outer ones first. Signatures and name-value pairs have
/// names of their own inside, and are left out.
pub(super) fn walk<'n, 'a>(root: &'n Node<'a>, visit: &mut impl FnMut(Met<'_, 'n, 'a>)) {
    step(root, "", &mut Pointer::root(), MOST_DEPTH, visit);
}

fn step<'n, 'a>(
    node: &'n Node<'a>,
    holder: &'n str,
    pointer: &mut Pointer,
    depth: usize,
    visit: &mut impl FnMut(Met<'_, 'n, 'a>),
) {
    let Some(depth) = depth.checked_sub(1) else {
        return;
    };
    match node {
        Node::Object(object) => {
            visit(Met {
                holder,
                object,
                pointer,
            });
            for (name, inner) in object.iter() {
                let within = matches!(inner, Node::Object(_) | Node::List(_));
                if within && !matches!(name, "signature" | "properties") {
                    let mark = pointer.push(name);
                    step(inner, name, pointer, depth, visit);
                    pointer.pop(mark);
                }
            }
        }
        Node::List(list) => {
            let mut number = String::new();
            for (index, inner) in list.iter().enumerate() {
                if matches!(inner, Node::Object(_) | Node::List(_)) {
                    number.clear();
                    // Writing to a string does not fail.
                    let _ = write!(number, "{index}");
                    let mark = pointer.push(&number);
                    step(inner, holder, pointer, depth, visit);
                    pointer.pop(mark);
                }
            }
        }
        _ => {}
    }
}
