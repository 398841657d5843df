//! The files, as components inside of the artifact.

use bonafide_core::{Algorithm, Digest};

use super::object::{list, of, property, set_list, text};
use super::{FileEntry, FileRole};
use crate::json::{Node, Object};

/// Files sorted by name, each name once.
pub(super) fn write(files: &[FileEntry]) -> Vec<Node<'_>> {
    let mut sorted: Vec<&FileEntry> = files.iter().collect();
    sorted.sort_by(|one, other| one.name.cmp(&other.name));
    sorted.dedup_by(|later, earlier| later.name == earlier.name);
    sorted.into_iter().map(one).collect()
}

fn one(file: &FileEntry) -> Node<'_> {
    let mut component = Object::default();
    component.set("type", text("file"));
    component.set("bom-ref", text(format!("file:{}", file.name)));
    if let Some(media_type) = file.media_type {
        component.set("mime-type", text(media_type));
    }
    component.set("name", text(file.name.as_str()));
    // Weak ones prove nothing, and whoever reads the document has to say so.
    let strong = |digest: &&Digest| Algorithm::ALL.contains(&digest.algorithm());
    let mut digests: Vec<Digest> = file.digests.iter().filter(strong).copied().collect();
    digests.sort();
    digests.dedup();
    set_list(&mut component, "hashes", digests.iter().map(hash).collect());
    let role = FileRole::of_name(&file.name);
    component.set(
        "properties",
        list([
            property("bonafide:file:role", text(role.name())),
            property("bonafide:file:size", text(file.size.to_string())),
        ]),
    );
    Node::Object(component)
}

fn hash<'a>(digest: &Digest) -> Node<'a> {
    of([
        ("alg", text(algorithm(digest.algorithm()))),
        ("content", text(digest.hex())),
    ])
}

/// The names of CycloneDX (`hashAlg`).
const fn algorithm(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Sha256 => "SHA-256",
        Algorithm::Sha384 => "SHA-384",
        Algorithm::Sha512 => "SHA-512",
        Algorithm::Blake2b512 => "BLAKE2b-512",
        Algorithm::Blake3 => "BLAKE3",
        Algorithm::Sha3_256 => "SHA3-256",
        Algorithm::Sha3_384 => "SHA3-384",
        Algorithm::Sha3_512 => "SHA3-512",
        Algorithm::Blake2b256 => "BLAKE2b-256",
        Algorithm::Blake2b384 => "BLAKE2b-384",
        Algorithm::Sha1 => "SHA-1",
        Algorithm::Md5 => "MD5",
    }
}
