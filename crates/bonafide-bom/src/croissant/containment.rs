//! What is inside of what.

use std::collections::HashMap;

use crate::excerpt;

use super::MOST_CONTAINMENT;
use super::dataset::Croissant;
use super::defect::{Defect, LocatedDefect};
use super::resource::Resource;

/// Where the bytes of a resource are to be found, by what it is inside of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    /// It stands for itself.
    Itself,
    /// In a Git repository, a checkout of which may be at hand.
    Repository,
    /// In an archive or another file that must be opened first.
    Archive,
    /// Nowhere: what it is inside of is not there, or is inside of it.
    Nowhere,
}

/// The answer for every resource, in their order.
pub(super) struct Containment {
    pub(super) reach: Vec<Reach>,
    pub(super) defects: Vec<LocatedDefect>,
}

/// Follows `containedIn` from the outside in; each reference is looked at twice.
pub(super) fn containment(dataset: &Croissant<'_>) -> Containment {
    let resources = &dataset.distribution;
    let places: HashMap<&str, usize> = resources
        .iter()
        .enumerate()
        .rev() // of two with the same identifier the first counts
        .filter_map(|(place, resource)| Some((resource.id()?, place)))
        .collect();
    let mut defects = Vec::new();
    let mut reach = vec![Reach::Itself; resources.len()];
    let mut depths = vec![0_usize; resources.len()];
    let mut waiting_for = vec![0_usize; resources.len()];
    let mut contents: Vec<Vec<usize>> = vec![Vec::new(); resources.len()];
    let mut containers: Vec<Vec<usize>> = Vec::with_capacity(resources.len());
    for (place, resource) in resources.iter().enumerate() {
        let mut known = Vec::new();
        for container in resource.containers() {
            match places.get(container.id.as_str()) {
                Some(outer) => known.push(*outer),
                None => {
                    set(&mut reach, place, Reach::Nowhere);
                    defects.push(LocatedDefect {
                        pointer: container.pointer.clone(),
                        defect: Defect::DanglingContainer {
                            id: excerpt(&container.id, 120),
                        },
                    });
                }
            }
        }
        known.sort_unstable();
        known.dedup();
        for outer in &known {
            if let Some(list) = contents.get_mut(*outer) {
                list.push(place);
            }
        }
        set(&mut waiting_for, place, known.len());
        containers.push(known);
    }

    // Kahn's algorithm: a resource is settled once all that it is inside of is.
    let mut settled: Vec<usize> = (0..resources.len())
        .filter(|place| get(&waiting_for, *place) == 0)
        .collect();
    while let Some(place) = settled.pop() {
        let resource = resources.get(place);
        let depth = get(&depths, place);
        if depth > MOST_CONTAINMENT {
            set(&mut reach, place, Reach::Nowhere);
            // Once, where the limit is passed, and not for all that is further in.
            if depth == MOST_CONTAINMENT + 1
                && let Some(resource) = resource
            {
                defects.push(LocatedDefect {
                    pointer: resource.pointer().clone(),
                    defect: Defect::DeepContainer {
                        limit: MOST_CONTAINMENT,
                    },
                });
            }
        }
        let own = reach.get(place).copied().unwrap_or(Reach::Nowhere);
        let for_contents = own.max(resource.map_or(Reach::Nowhere, opened));
        for inner in contents.get(place).into_iter().flatten() {
            if let Some(inside) = reach.get_mut(*inner) {
                *inside = (*inside).max(for_contents);
            }
            let deeper = get(&depths, *inner).max(depth + 1);
            set(&mut depths, *inner, deeper);
            let left = get(&waiting_for, *inner).saturating_sub(1);
            set(&mut waiting_for, *inner, left);
            if left == 0 {
                settled.push(*inner);
            }
        }
    }

    // What is left is in a circle, or inside of something in one. The latter is peeled
    // off from the inside; then each is in a circle or between two.
    let mut unsettled_contents: Vec<usize> = contents
        .iter()
        .map(|list| {
            list.iter()
                .filter(|inner| get(&waiting_for, **inner) > 0)
                .count()
        })
        .collect();
    let is_left = |waiting_for: &[usize], place: usize| get(waiting_for, place) > 0;
    let mut innermost: Vec<usize> = (0..resources.len())
        .filter(|place| is_left(&waiting_for, *place))
        .inspect(|place| set(&mut reach, *place, Reach::Nowhere))
        .filter(|place| get(&unsettled_contents, *place) == 0)
        .collect();
    while let Some(place) = innermost.pop() {
        set(&mut waiting_for, place, 0);
        for outer in containers.get(place).into_iter().flatten() {
            let left = get(&unsettled_contents, *outer).saturating_sub(1);
            set(&mut unsettled_contents, *outer, left);
            if left == 0 && is_left(&waiting_for, *outer) {
                innermost.push(*outer);
            }
        }
    }
    for (place, resource) in resources.iter().enumerate() {
        if is_left(&waiting_for, place) {
            defects.push(LocatedDefect {
                pointer: resource.pointer().clone(),
                defect: Defect::CyclicContainer,
            });
        }
    }
    Containment { reach, defects }
}

/// Where the contents of a resource are that itself is at hand.
fn opened(resource: &Resource<'_>) -> Reach {
    match resource {
        Resource::File(file) if file.repository().is_some() => Reach::Repository,
        // A set holds files inside of each of its files.
        Resource::File(_) | Resource::Set(_) => Reach::Archive,
    }
}

fn get(list: &[usize], place: usize) -> usize {
    list.get(place).copied().unwrap_or(0)
}

fn set<T>(list: &mut [T], place: usize, value: T) {
    if let Some(known) = list.get_mut(place) {
        *known = value;
    }
}
