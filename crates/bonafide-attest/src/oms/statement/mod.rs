//! From payload bytes to a manifest: OMS v1.0 §8.3 and §8.4, steps 1 to 3.
//!
//! Strict where only a forger or a bug would differ; tolerant, and saying so,
//! in the four ways in which bundles of the reference tool differ.

use std::collections::HashSet;
use std::fmt;
use std::ops::Range;

use bonafide_core::{Algorithm, ArtifactName, Digest, NameError, RawName, Subtrees};
use data_encoding::HEXLOWER;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use sha2::{Digest as _, Sha256};

use super::{
    Deviation, ManifestHash, OmsManifest, PREDICATE_TYPE, Resource, ResourceName, STATEMENT_TYPE,
    Serialization, by_code_point, by_component,
};
use crate::object::Object;
use crate::rejection::{ExclusionDefect, Rejection, excerpt};

#[derive(Deserialize)]
struct SubjectDocument {
    name: String,
    digest: UniquePairs,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StatementDocument {
    #[serde(rename = "_type")]
    _statement_type: String,
    subject: Vec<Object<SubjectDocument>>,
    #[serde(rename = "predicateType")]
    _predicate_type: String,
    predicate: Object<PredicateDocument>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PredicateDocument {
    resources: Vec<Object<ResourceDocument>>,
    serialization: Object<SerializationDocument>,
}

/// Unknown fields of a resource must be ignored (OMS v1.0 §5.2.1).
#[derive(Deserialize)]
struct ResourceDocument {
    name: String,
    digest: String,
    algorithm: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SerializationDocument {
    method: String,
    hash_type: String,
    allow_symlinks: bool,
    shard_size: Option<serde_json::Number>,
    /// Absent in bundles made before release 1.1.0.
    ignore_paths: Option<Vec<String>>,
}

/// A JSON object of strings in which no key may come twice.
struct UniquePairs(Vec<(String, String)>);

impl<'de> Deserialize<'de> for UniquePairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = UniquePairs;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object of strings without repeated keys")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<UniquePairs, A::Error> {
                let mut pairs: Vec<(String, String)> = Vec::new();
                while let Some((key, value)) = map.next_entry::<String, String>()? {
                    if pairs.len() >= 32 || pairs.iter().any(|(known, _)| *known == key) {
                        return Err(serde::de::Error::custom("repeated or too many keys"));
                    }
                    pairs.push((key, value));
                }
                Ok(UniquePairs(pairs))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

/// Reads a payload whose signature has been verified.
pub(crate) fn parse(payload: &[u8]) -> Result<OmsManifest, Rejection> {
    let document = read(payload)?;
    let Object(PredicateDocument {
        resources,
        serialization: Object(serialization),
    }) = document.predicate;
    let mut deviations = Vec::new();

    let excluded = exclusions(serialization.ignore_paths.as_deref().unwrap_or_default())?;
    let hash = manifest_hash(&serialization.hash_type)?;
    let method = method(&serialization, &mut deviations)?;
    if resources.is_empty() {
        return Err(Rejection::NoResources);
    }
    let parsed = resources
        .iter()
        .map(|Object(resource)| {
            parse_resource(
                resource,
                &serialization.hash_type,
                &hash,
                method,
                &mut deviations,
            )
        })
        .collect::<Result<Vec<_>, _>>()?;
    check_order(&resources, &parsed, &mut deviations)?;
    check_unique(&resources)?;
    if let Serialization::Shards { size } = method {
        check_shards(&parsed, size)?;
    }
    let root = check_root(&document.subject, &resources)?;
    let subject_name = document
        .subject
        .into_iter()
        .map(|Object(subject)| RawName::from(subject.name.as_str()))
        .next()
        .unwrap_or_else(|| RawName::from(""));
    check_contradictions(&excluded, &parsed)?;
    Ok(OmsManifest {
        root,
        subject: subject_name,
        serialization: method,
        hash,
        allow_symlinks: serialization.allow_symlinks,
        excluded,
        resources: parsed.into_iter().map(|(resource, _)| resource).collect(),
        deviations,
    })
}

/// OMS v1.0 §8.3, steps 1 to 3. The types are judged before the predicate's
/// shape, so that another kind of statement is called what it is.
fn read(payload: &[u8]) -> Result<StatementDocument, Rejection> {
    let malformed = |error: serde_json::Error| Rejection::Malformed {
        document: "statement",
        detail: excerpt(&error.to_string(), 200),
    };
    #[derive(Deserialize)]
    struct Types {
        #[serde(rename = "_type")]
        statement_type: String,
        #[serde(rename = "predicateType")]
        predicate_type: String,
    }
    let Object(types): Object<Types> = serde_json::from_slice(payload).map_err(malformed)?;
    if types.statement_type != STATEMENT_TYPE {
        return Err(Rejection::StatementType {
            found: excerpt(&types.statement_type, 100),
        });
    }
    if types.predicate_type != PREDICATE_TYPE {
        return Err(Rejection::PredicateType {
            found: excerpt(&types.predicate_type, 100),
        });
    }
    let Object(document) = serde_json::from_slice(payload).map_err(malformed)?;
    Ok(document)
}

/// OMS v1.0 §8.4, step 2: sha256 must, blake2b (64 bytes) and blake3 may be supported.
fn manifest_hash(hash_type: &str) -> Result<ManifestHash, Rejection> {
    match hash_type {
        "sha256" => Ok(ManifestHash::Strong(Algorithm::Sha256)),
        "blake2b" => Ok(ManifestHash::Strong(Algorithm::Blake2b512)),
        "blake3" => Ok(ManifestHash::Strong(Algorithm::Blake3)),
        "md5" | "sha1" | "sha-1" => Ok(ManifestHash::Weak(hash_type.to_owned())),
        other => Err(Rejection::Serialization {
            detail: format!("unknown `hash_type` `{}`", excerpt(other, 40)),
        }),
    }
}

fn method(
    document: &SerializationDocument,
    deviations: &mut Vec<Deviation>,
) -> Result<Serialization, Rejection> {
    let refused = |detail: &str| Rejection::Serialization {
        detail: detail.to_owned(),
    };
    match (document.method.as_str(), &document.shard_size) {
        ("files", None) => Ok(Serialization::Files),
        ("files", Some(_)) => Err(refused("method `files` with a `shard_size`")),
        ("shards", None) => Err(refused("method `shards` without `shard_size`")),
        ("shards", Some(number)) => {
            let size = match number.as_u64() {
                Some(size) => Some(size),
                None => {
                    deviations.push(Deviation::FloatShardSize);
                    number.as_f64().and_then(whole)
                }
            };
            match size {
                Some(size) if size > 0 => Ok(Serialization::Shards { size }),
                _ => Err(refused("`shard_size` is not a positive whole number")),
            }
        }
        (other, _) => Err(Rejection::Serialization {
            detail: format!("unknown method `{}`", excerpt(other, 40)),
        }),
    }
}

/// Floats are exact whole numbers up to 2^53, and print as such.
fn whole(number: f64) -> Option<u64> {
    let exact = number.fract() == 0.0 && (1.0..=9_007_199_254_740_992.0).contains(&number);
    exact.then(|| number.to_string().parse().ok())?
}

/// A resource, and the name by which it is ordered.
type Parsed = (Resource, String);

fn parse_resource(
    document: &ResourceDocument,
    hash_type: &str,
    hash: &ManifestHash,
    method: Serialization,
    deviations: &mut Vec<Deviation>,
) -> Result<Parsed, Rejection> {
    let refused = |detail: String| Rejection::Resource {
        name: RawName::from(document.name.as_str()),
        detail,
    };
    let (path, range) = match method {
        Serialization::Files => (document.name.as_str(), None),
        Serialization::Shards { .. } => {
            let (path, range) = shard_name(&document.name)
                .ok_or_else(|| refused("name is not `path:start:end`".to_owned()))?;
            (path, Some(range))
        }
    };
    if document.algorithm != hash_type {
        match method {
            Serialization::Shards { size }
                if document.algorithm == format!("{hash_type}-sharded-{size}") =>
            {
                let deviation = Deviation::ShardedAlgorithm {
                    found: document.algorithm.clone(),
                };
                if !deviations.contains(&deviation) {
                    deviations.push(deviation);
                }
            }
            _ => {
                return Err(refused(format!(
                    "algorithm `{}` is not the `hash_type` `{hash_type}`",
                    excerpt(&document.algorithm, 40)
                )));
            }
        }
    }
    let digest = match hash {
        ManifestHash::Strong(algorithm) => Some(
            Digest::from_hex(*algorithm, &document.digest)
                .map_err(|error| refused(error.to_string()))?,
        ),
        ManifestHash::Weak(_) => None,
    };
    let name = if path == "." {
        if !deviations.contains(&Deviation::DotName) {
            deviations.push(Deviation::DotName);
        }
        ResourceName::TheFile
    } else {
        ResourceName::File {
            raw: RawName::from(path),
            parsed: ArtifactName::parse(path.as_bytes()),
        }
    };
    Ok((
        Resource {
            name,
            range,
            digest,
        },
        path.to_owned(),
    ))
}

/// OMS v1.0 §6.3.2: the last two numbers are the range, so the path may hold colons.
fn shard_name(name: &str) -> Option<(&str, Range<u64>)> {
    let (rest, end) = name.rsplit_once(':')?;
    let (path, start) = rest.rsplit_once(':')?;
    let number = |text: &str| {
        let plain = text.bytes().all(|byte| byte.is_ascii_digit());
        // No leading zeros or signs: one range has one spelling.
        (plain && (text == "0" || !text.starts_with('0'))).then(|| text.parse::<u64>().ok())?
    };
    let range = number(start)?..number(end)?;
    (!path.is_empty() && range.start < range.end).then_some((path, range))
}

/// OMS v1.0 §6.5 orders by code point of the name; the reference tool by path
/// component and, within a file, by start of the shard.
fn check_order(
    documents: &[Object<ResourceDocument>],
    parsed: &[Parsed],
    deviations: &mut Vec<Deviation>,
) -> Result<(), Rejection> {
    let by_specification = documents
        .iter()
        .zip(documents.iter().skip(1))
        .all(|(left, right)| by_code_point(&left.0.name, &right.0.name).is_le());
    if by_specification {
        return Ok(());
    }
    let start = |resource: &Resource| resource.range.as_ref().map_or(0, |range| range.start);
    let out_of_order = parsed.iter().zip(parsed.iter().skip(1)).find(
        |((left, left_path), (right, right_path))| {
            by_component(left_path, right_path)
                .then(start(left).cmp(&start(right)))
                .is_gt()
        },
    );
    match out_of_order {
        Some((_, (_, path))) => Err(Rejection::Order {
            name: RawName::from(path.as_str()),
        }),
        None => {
            deviations.push(Deviation::ComponentOrder);
            Ok(())
        }
    }
}

fn check_unique(documents: &[Object<ResourceDocument>]) -> Result<(), Rejection> {
    let mut seen = HashSet::with_capacity(documents.len());
    match documents
        .iter()
        .find(|document| !seen.insert(document.0.name.as_str()))
    {
        Some(Object(document)) => Err(Rejection::DuplicateResource {
            name: RawName::from(document.name.as_str()),
        }),
        None => Ok(()),
    }
}

/// The shards of a file start at 0, join, and all but the last have the full size.
/// In both accepted orders a file's shards may be listed out of numeric order
/// (`f:1000:…` before `f:200:…`), so they are sorted first.
fn check_shards(parsed: &[Parsed], size: u64) -> Result<(), Rejection> {
    let mut shards: Vec<(&str, &Range<u64>)> = parsed
        .iter()
        .filter_map(|(resource, path)| Some((path.as_str(), resource.range.as_ref()?)))
        .collect();
    shards.sort_by(|left, right| (left.0, left.1.start).cmp(&(right.0, right.1.start)));
    let mut previous: Option<(&str, &Range<u64>)> = None;
    for (path, range) in shards {
        let joins_at = match previous {
            Some((file, before)) if file == path => before.end,
            _ => 0,
        };
        let previous_is_full = previous
            .filter(|(file, _)| *file == path)
            .is_none_or(|(_, before)| before.end - before.start == size);
        if range.start != joins_at || !previous_is_full || range.end - range.start > size {
            return Err(Rejection::ShardLayout {
                name: RawName::from(path),
                position: joins_at,
            });
        }
        previous = Some((path, range));
    }
    Ok(())
}

/// OMS v1.0 §6.5: one subject, named, with the SHA-256 of all raw digests in listed order.
fn check_root(
    subjects: &[Object<SubjectDocument>],
    resources: &[Object<ResourceDocument>],
) -> Result<Digest, Rejection> {
    let [Object(subject)] = subjects else {
        return Err(Rejection::SubjectCount {
            found: subjects.len(),
        });
    };
    if subject.name.is_empty() {
        return Err(Rejection::Subject {
            detail: "its name is empty".to_owned(),
        });
    }
    let signed = subject
        .digest
        .0
        .iter()
        .find(|(algorithm, _)| algorithm == "sha256")
        .ok_or_else(|| Rejection::Subject {
            detail: "it has no sha256 digest".to_owned(),
        })
        .and_then(|(_, hex)| {
            Digest::from_hex(Algorithm::Sha256, hex).map_err(|error| Rejection::Subject {
                detail: error.to_string(),
            })
        })?;
    let mut hasher = Sha256::new();
    for Object(resource) in resources {
        let digest =
            HEXLOWER
                .decode(resource.digest.as_bytes())
                .map_err(|_| Rejection::Resource {
                    name: RawName::from(resource.name.as_str()),
                    detail: "digest is not lower-case hexadecimal".to_owned(),
                })?;
        hasher.update(&digest);
    }
    let computed = Digest::sha256(hasher.finalize().into());
    if computed != signed {
        return Err(Rejection::RootDigest {
            computed,
            subject: signed,
        });
    }
    Ok(signed)
}

/// OMS v1.0 §6.2.1, and what the specification forgets: no entry may exclude everything.
fn exclusions(entries: &[String]) -> Result<Vec<ArtifactName>, Rejection> {
    let mut excluded = Vec::with_capacity(entries.len());
    for entry in entries {
        let refused = |reason| Rejection::Exclusion {
            path: RawName::from(entry.as_str()),
            reason,
        };
        if matches!(entry.as_str(), "." | "./" | "") {
            return Err(refused(ExclusionDefect::Everything));
        }
        if entry.contains(['*', '?', '[']) {
            return Err(refused(ExclusionDefect::Glob));
        }
        let name = ArtifactName::parse(entry.as_bytes())
            .map_err(|error: NameError| refused(ExclusionDefect::Name(error)))?;
        excluded.push(name);
    }
    Ok(excluded)
}

/// No entry may exclude what the same manifest lists.
fn check_contradictions(excluded: &[ArtifactName], parsed: &[Parsed]) -> Result<(), Rejection> {
    let excluded = Subtrees::new(excluded.iter().cloned());
    for (_, path) in parsed {
        if let Some(name) = excluded.containing(path.as_bytes()) {
            return Err(Rejection::Exclusion {
                path: name.to_raw(),
                reason: ExclusionDefect::Contradiction {
                    resource: RawName::from(path.as_str()),
                },
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
