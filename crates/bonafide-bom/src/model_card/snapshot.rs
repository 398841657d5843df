//! The cache of the Hugging Face client: `models--owner--name/snapshots/<commit>/…`
//! (`huggingface_hub`, "Understand caching").

use data_encoding::HEXLOWER;

use crate::purl::{HubKind, HubRepository};

/// Which repository and commit a folder of the cache is named after. The name is all that
/// says so: anybody can make such a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubSnapshot {
    /// The repository.
    pub repository: HubRepository,
    /// The commit.
    pub commit: [u8; 20],
}

/// Finds the innermost `models--…`, `snapshots`, commit in the components of a path.
#[must_use]
pub fn commit_of_snapshot_path(components: &[&str]) -> Option<HubSnapshot> {
    let mut places = components.windows(3).rev();
    places.find_map(|window| {
        let [folder, "snapshots", commit] = window else {
            return None;
        };
        let commit = HEXLOWER.decode(commit.as_bytes()).ok()?;
        let mut parts = folder.split("--");
        let kind = match parts.next()? {
            "models" => HubKind::Model,
            "datasets" => HubKind::Dataset,
            "spaces" => HubKind::Space,
            _ => return None,
        };
        let parts: Vec<&str> = parts.take(3).collect();
        Some(HubSnapshot {
            repository: HubRepository::new(kind, &parts).ok()?,
            commit: commit.try_into().ok()?,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_layout_and_nothing_like_it() {
        let commit = "0123456789abcdef0123456789abcdef01234567";
        let find = |path: &str| {
            let components: Vec<&str> = path.split('/').collect();
            commit_of_snapshot_path(&components).map(|found| {
                assert_eq!(HEXLOWER.encode(&found.commit), commit);
                found.repository.to_string()
            })
        };
        for (path, expected) in [
            (
                format!("home/hub/models--org--name/snapshots/{commit}/a/b"),
                Some("org/name"),
            ),
            (format!("models--gpt2/snapshots/{commit}"), Some("gpt2")),
            (
                format!("datasets--org--my-data/snapshots/{commit}"),
                Some("datasets/org/my-data"),
            ),
            (
                format!("models--a--b/snapshots/x/models--c--d/snapshots/{commit}"),
                Some("c/d"),
            ),
            (format!("models--a--b--c/snapshots/{commit}"), None),
            (format!("models--a--b--c--d/snapshots/{commit}"), None),
            (format!("models--/snapshots/{commit}"), None),
            (format!("models--..--b/snapshots/{commit}"), None),
            (format!("models--a--b/snapshots/{}", &commit[..39]), None),
            (
                format!("models--a--b/snapshots/{}", commit.to_uppercase()),
                None,
            ),
            ("models--a--b/snapshots/main".to_owned(), None),
            (format!("models--a--b/refs/{commit}"), None),
            (format!("x--a--b/snapshots/{commit}"), None),
            (format!("snapshots/{commit}"), None),
            (String::new(), None),
        ] {
            assert_eq!(find(&path).as_deref(), expected, "{path}");
        }
    }
}
