//! What of a target is signed, and what must not be: shared by `sign` and `attest`.

use std::path::{Path, PathBuf};

use bonafide_checks::misleading;
use bonafide_core::{ArtifactName, Budget, RawName, Subtrees};
use bonafide_hash::{Tree, TreeKind};
use bonafide_source::{name_below, read_document};

use crate::error::{EngineError, Product};
use crate::key_file::KeyFile;
use crate::listing::{self, Listing};

/// A target whose files can all be signed.
pub(crate) struct Signable {
    pub(crate) tree: Tree,
    /// What stays out beyond the format's own: what the user names, and the output.
    pub(crate) excluded: Vec<ArtifactName>,
    /// Nothing in it is unsignable.
    pub(crate) listing: Listing,
}

/// Lists a target. Refuses what a verifier would have to deny: links, special
/// files, names that cannot be used; and the key itself.
pub(crate) fn signable(
    target: &Path,
    output: &Path,
    exclude: &[String],
    key: &KeyFile,
    budget: &Budget,
) -> Result<Signable, EngineError> {
    let tree = Tree::open(target, budget)?;
    let excluded = exclusions(target, output, exclude, &tree)?;
    let left_out = Subtrees::new(excluded.iter().cloned());
    let mut listing = listing::list(&tree, &left_out)?;
    // Directories are among the names: two of them can become one as well.
    let names = tree
        .entries()
        .iter()
        .filter_map(|entry| entry.parsed.as_ref().ok());
    let signed = names.filter(|name| left_out.containing(name.as_str().as_bytes()).is_none());
    let unsignable = std::mem::take(&mut listing.unsignable);
    let refused = unsignable.into_iter().chain(misleading(signed));
    if let Some((name, reason)) = refused.into_iter().next() {
        return Err(EngineError::Unsignable { name, reason });
    }
    key.refuse_among(&listing.files, target, &tree)?;
    Ok(Signable {
        tree,
        excluded,
        listing,
    })
}

fn exclusions(
    target: &Path,
    output: &Path,
    exclude: &[String],
    tree: &Tree,
) -> Result<Vec<ArtifactName>, EngineError> {
    let mut names = Vec::with_capacity(exclude.len() + 1);
    for text in exclude {
        let name = exclusion(text.as_bytes())?;
        if tree.entry(text.as_bytes()).is_none() {
            return Err(EngineError::Exclusion {
                name: name.to_raw(),
                reason: "nothing has this name".to_owned(),
            });
        }
        names.push(name);
    }
    if tree.kind() == TreeKind::Directory
        && let Some(output) = name_below(output, target)
        // The target itself is no place for the output; writing says so.
        && !output.as_bytes().is_empty()
    {
        names.push(exclusion(output.as_bytes())?);
    }
    Ok(names)
}

/// A name as OMS v1.0 §6.2.1 lets it be excluded: the verifier refuses others.
fn exclusion(text: &[u8]) -> Result<ArtifactName, EngineError> {
    let refused = |reason: String| EngineError::Exclusion {
        name: RawName::new(text),
        reason,
    };
    if text.iter().any(|byte| matches!(byte, b'*' | b'?' | b'[')) {
        return Err(refused(
            "OMS v1.0 knows no patterns, and takes `*`, `?` and `[` for one".to_owned(),
        ));
    }
    ArtifactName::parse(text).map_err(|error| refused(error.to_string()))
}

/// An older output may be replaced; a model file or a key, never. An empty file is
/// nobody's loss, unless it lies in the target: a package may need it.
pub(crate) fn refuse_overwriting(
    output: &Path,
    target: &Path,
    product: Product,
    is_product: impl Fn(&[u8]) -> bool,
    budget: &Budget,
) -> Result<(), EngineError> {
    let is_file = output.metadata().is_ok_and(|known| known.is_file());
    if is_file {
        let known = read_document(output, budget.document_bytes)?;
        let is_free = known.is_empty() && !lies_in(output, target);
        if !is_free && !is_product(&known) {
            return Err(EngineError::WouldOverwrite {
                path: PathBuf::from(output),
                product,
            });
        }
    }
    Ok(())
}

/// True when the name, or what a link of that name leads to, is in the target or is
/// the target.
fn lies_in(output: &Path, target: &Path) -> bool {
    let resolved = output.canonicalize();
    name_below(output, target).is_some()
        || resolved.is_ok_and(|resolved| name_below(&resolved, target).is_some())
}
