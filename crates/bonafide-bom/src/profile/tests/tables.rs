//! The tables themselves.

use std::collections::HashSet;

use bonafide_core::assessment::Evidence;

use crate::profile::{PROFILES, Profile, ProfileId};

#[test]
fn every_profile_has_its_elements_once() {
    let counts: Vec<(&str, usize, usize)> = PROFILES
        .iter()
        .map(|profile| {
            let clusters = profile.clusters.len();
            (profile.id.name(), profile.elements().count(), clusters)
        })
        .collect();
    assert_eq!(
        counts,
        [
            ("g7-2026", 50, 7),
            ("ntia-2021", 7, 1),
            ("cisa-2025", 11, 2),
            ("owasp-aibom", 48, 6),
            ("aisvs-6.2", 8, 3),
        ]
    );
    for profile in PROFILES {
        let ids: HashSet<&str> = profile.elements().map(|element| element.id).collect();
        assert_eq!(ids.len(), profile.elements().count(), "{}", profile.id);
        assert_eq!(profile.id.name().parse(), Ok(profile.id));
        assert_eq!(
            Profile::of(profile.id).map(|found| found.id),
            Some(profile.id)
        );
        assert!(!profile.caveat.is_empty() && !profile.source.is_empty());
    }
    assert!("g7".parse::<ProfileId>().is_err());
}

#[test]
fn every_element_says_what_is_looked_at_and_can_be_declared() {
    for profile in PROFILES {
        for element in profile.elements() {
            assert!(!element.title.is_empty() && !element.looked_at.is_empty());
            assert!(element.attainable >= Evidence::Declared, "{}", element.id);
            for text in [element.title, element.looked_at] {
                assert!(!text.contains(['|', '\n']), "{}: {text}", element.id);
            }
        }
    }
}
