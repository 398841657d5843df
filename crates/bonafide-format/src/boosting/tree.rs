//! Whether what is written as a tree is one.

/// Why the children do not make a tree: nodes by number, -1 for no child.
pub(super) fn fault(left: &[i64], right: &[i64]) -> Option<String> {
    if left.len() != right.len() {
        return Some(format!(
            "{} left children and {} right ones",
            left.len(),
            right.len()
        ));
    }
    let count = left.len();
    let mut has_parent = vec![false; count];
    for (node, child) in left.iter().enumerate().chain(right.iter().enumerate()) {
        if *child == -1 {
            continue;
        }
        let index = usize::try_from(*child).ok().filter(|index| *index < count);
        let Some(seen) = index.and_then(|index| has_parent.get_mut(index)) else {
            return Some(format!(
                "node {node} has the child {child} of {count} nodes"
            ));
        };
        // The root is nobody's child: so no circle can be reached from it.
        if *seen || *child == 0 {
            return Some(format!("node {child} has more than one parent"));
        }
        *seen = true;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trees_pass() {
        assert_eq!(fault(&[1, -1, -1], &[2, -1, -1]), None);
        assert_eq!(fault(&[], &[]), None);
        for (left, right) in [
            (&[1_i64, -1, -1] as &[i64], &[3_i64, -1, -1] as &[i64]),
            (&[1, 0, -1], &[2, -1, -1]),
            (&[1, -1, -1], &[1, -1, -1]),
            (&[-2], &[-1]),
            (&[-1], &[-1, -1]),
        ] {
            assert!(fault(left, right).is_some(), "{left:?} {right:?}");
        }
    }
}
