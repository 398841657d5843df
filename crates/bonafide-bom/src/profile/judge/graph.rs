//! What hangs on what.

use super::each_listed;
use crate::json::Pointer;
use crate::profile::examined::Examined;
use crate::profile::judged::{Judged, counted};

/// What needs what. References that lead nowhere are among the contradictions.
pub(in crate::profile) fn dependencies(x: &Examined<'_>) -> Judged {
    let bom = x.bom;
    let place = Pointer::root().member("dependencies");
    if bom.dependencies.is_empty() {
        let composed = Pointer::root().member("compositions");
        return if bom.compositions.is_empty() {
            Judged::missing("no dependency is stated, nor that there is none")
        } else {
            x.declared(
                "no dependency is stated, only how complete the lists are",
                vec![composed],
            )
        };
    }
    let listed: Vec<_> = x.listed().collect();
    let apart = listed
        .iter()
        .filter(|located| {
            let reference = located.component.bom_ref.as_deref();
            !reference.is_some_and(|reference| x.related.contains(reference))
        })
        .count();
    if x.related.is_empty() {
        // The standard: an element without dependencies has an entry without any.
        return x.declared("every entry says that nothing is needed", vec![place]);
    }
    if apart > 0 {
        return x.declared(
            format!(
                "{apart} of {} take part in no relationship",
                counted(listed.len(), "component")
            ),
            vec![place],
        );
    }
    x.consistent(
        "every reference leads to an element, and every component takes part",
        vec![place],
    )
}

/// The list of parts.
pub(in crate::profile) fn components(x: &Examined<'_>) -> Judged {
    let parts = x.components.len() - usize::from(x.subject().is_some());
    if parts == 0 {
        return Judged::missing("no component is listed");
    }
    let place = if x.bom.components.is_empty() {
        Pointer::root()
            .member("metadata")
            .member("component")
            .member("components")
    } else {
        Pointer::root().member("components")
    };
    let named = x
        .listed()
        .filter(|located| {
            let reference = located.component.bom_ref.as_deref();
            reference.is_some_and(|reference| x.related.contains(reference))
        })
        .count();
    let all = x.listed().count();
    let listed = format!("{} listed", counted(parts, "component"));
    // Only the list: what is wrong inside of a component counts for its own elements.
    let judged = if all > 0 && named == all {
        x.consistent(
            format!("{listed}, each with its place in the dependency graph"),
            Vec::new(),
        )
    } else {
        x.declared(
            format!(
                "{listed}; {} outside of the dependency graph",
                counted(all - named, "component")
            ),
            Vec::new(),
        )
    };
    Judged {
        pointers: vec![place],
        ..judged
    }
}

/// Programs that a model runs on or was made with.
pub(in crate::profile) fn software(x: &Examined<'_>) -> Judged {
    const SOFTWARE: [&str; 7] = [
        "application",
        "framework",
        "library",
        "container",
        "platform",
        "operating-system",
        "device-driver",
    ];
    let subject = x.subject().map(|subject| subject.pointer.clone());
    let programs: Vec<_> = x
        .listed()
        .filter(|located| Some(&located.pointer) != subject.as_ref())
        .filter(|located| SOFTWARE.iter().any(|kind| located.is(kind)))
        .collect();
    let making: usize = x
        .bom
        .formulation
        .iter()
        .map(|formula| formula.components.len())
        .sum();
    if programs.is_empty() && making == 0 {
        return Judged::missing("no program that it runs on or was made with");
    }
    if programs.is_empty() {
        return x.declared(
            format!(
                "{} that took part in the making",
                counted(making, "component")
            ),
            vec![Pointer::root().member("formulation")],
        );
    }
    let pointers: Vec<Pointer> = programs
        .iter()
        .take(8)
        .map(|located| located.at("name"))
        .collect();
    let apart = programs
        .iter()
        .filter(|located| {
            let reference = located.component.bom_ref.as_deref();
            !reference.is_some_and(|reference| x.related.contains(reference))
        })
        .count();
    let listed = counted(programs.len(), "program");
    if apart == 0 {
        x.consistent(format!("{listed}, and what needs them"), pointers)
    } else {
        x.declared(
            format!("{listed}, {apart} of which nothing is said to need"),
            pointers,
        )
    }
}

/// What a model runs on or was trained on.
pub(in crate::profile) fn hardware(x: &Examined<'_>) -> Judged {
    const WORDS: [&str; 5] = ["hardware", "gpu", "accelerator", "tpu", "npu"];
    let making = x.bom.formulation.iter().enumerate();
    let devices = making.flat_map(|(index, formula)| {
        let place = Pointer::root()
            .member("formulation")
            .element(index)
            .member("components");
        let components = formula.components.iter().enumerate();
        components
            .filter(|(_, component)| component.kind.as_deref() == Some("device"))
            .map(move |(index, _)| place.element(index))
    });
    let listed = x.listed().filter(|located| located.is("device"));
    let mut places: Vec<Pointer> = listed
        .map(|located| located.pointer.clone())
        .chain(devices)
        .take(8)
        .collect();
    if places.is_empty() {
        for located in x.models() {
            for (index, property) in located.component.properties.iter().enumerate() {
                let name = property.name.as_deref().unwrap_or_default().to_lowercase();
                let words = name.split(|character: char| !character.is_alphanumeric());
                if words.into_iter().any(|word| WORDS.contains(&word)) {
                    places.push(located.at("properties").element(index));
                }
            }
        }
    }
    if places.is_empty() {
        return Judged::missing("no device, neither of the making nor of the use");
    }
    x.declared(counted(places.len(), "statement"), places)
}

/// Whether each component has the least that is known of anything: name, version,
/// producer, licence, digest.
pub(in crate::profile) fn completeness(x: &Examined<'_>) -> Judged {
    each_listed(x, |x, located| {
        let parts = [
            super::component::name(x, located),
            super::component::version(x, located),
            super::component::producer(x, located),
            super::licence::of_component(x, located),
            super::digests::value(x, located),
        ];
        let worst = parts.into_iter().min_by_key(|judged| judged.evidence);
        worst.unwrap_or_else(|| Judged::missing("nothing"))
    })
}
