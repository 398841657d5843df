//! Circles in a directed graph.

/// Strongly connected components of more than one node, by Tarjan's algorithm without
/// recursion: linear in nodes and edges. Each is sorted.
pub(crate) fn cycles(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let count = edges.len();
    let mut search = Search {
        order: vec![None; count],
        lowest: vec![0; count],
        open: vec![false; count],
        stack: Vec::new(),
        next: 0,
        found: Vec::new(),
    };
    for start in 0..count {
        if search.order.get(start).copied().flatten().is_none() {
            search.from(start, edges);
        }
    }
    search.found
}

struct Search {
    order: Vec<Option<usize>>,
    lowest: Vec<usize>,
    open: Vec<bool>,
    stack: Vec<usize>,
    next: usize,
    found: Vec<Vec<usize>>,
}

impl Search {
    fn enter(&mut self, node: usize) {
        if let (Some(order), Some(lowest), Some(open)) = (
            self.order.get_mut(node),
            self.lowest.get_mut(node),
            self.open.get_mut(node),
        ) {
            *order = Some(self.next);
            *lowest = self.next;
            *open = true;
            self.stack.push(node);
            self.next += 1;
        }
    }

    fn lower(&mut self, node: usize, to: usize) {
        if let Some(lowest) = self.lowest.get_mut(node) {
            *lowest = to.min(*lowest);
        }
    }

    fn from(&mut self, start: usize, edges: &[Vec<usize>]) {
        self.enter(start);
        let mut path = vec![(start, 0_usize)];
        while let Some((node, edge)) = path.last_mut() {
            let node = *node;
            let target = edges.get(node).and_then(|list| list.get(*edge)).copied();
            *edge += 1;
            match target {
                Some(target) => match self.order.get(target).copied().flatten() {
                    None if target < edges.len() => {
                        self.enter(target);
                        path.push((target, 0));
                    }
                    Some(order) if self.open.get(target) == Some(&true) => self.lower(node, order),
                    _ => {}
                },
                None => {
                    path.pop();
                    let lowest = self.lowest.get(node).copied().unwrap_or_default();
                    if let Some((parent, _)) = path.last() {
                        self.lower(*parent, lowest);
                    }
                    if self.order.get(node).copied().flatten() == Some(lowest) {
                        self.close(node);
                    }
                }
            }
        }
    }

    fn close(&mut self, root: usize) {
        let mut members = Vec::new();
        while let Some(node) = self.stack.pop() {
            if let Some(open) = self.open.get_mut(node) {
                *open = false;
            }
            members.push(node);
            if node == root {
                break;
            }
        }
        if members.len() > 1 {
            members.sort_unstable();
            self.found.push(members);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::cycles;

    #[test]
    fn finds_each_circle_once() {
        let edges = vec![
            vec![1],
            vec![2, 3],
            vec![0],
            vec![4],
            vec![5, 4],
            vec![3],
            vec![0, 6],
        ];
        let mut found = cycles(&edges);
        found.sort();
        assert_eq!(found, [vec![0, 1, 2], vec![3, 4, 5]]);
        assert!(cycles(&[]).is_empty());
        assert!(cycles(&[vec![0], vec![0]]).is_empty());
    }

    #[test]
    fn a_long_chain_needs_no_stack() {
        let count = 300_000;
        let mut edges: Vec<Vec<usize>> = (1..count).map(|node| vec![node]).collect();
        edges.push(Vec::new());
        assert!(cycles(&edges).is_empty());
        edges.last_mut().unwrap().push(0);
        assert_eq!(cycles(&edges).len(), 1);
    }
}
