//! The Parquet files of a dataset, each told by its content.

use std::fs::{DirEntry, File};
use std::io::{Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use bonafide_dataset::DatasetBudget;
use datafusion::parquet::file::metadata::ParquetMetaDataReader;

use crate::ClusterError;
use crate::split::split_of;

/// Most files and folders that are looked at.
const MOST_ENTRIES: usize = 1_000_000;

/// Deepest folder.
const DEEPEST: usize = 64;

/// Shortest Parquet file: its mark twice, and the length of an empty footer.
const SHORTEST: u64 = 12;

/// Why a name in a dataset is not a shard, at most so many times.
const MOST_SKIPPED: usize = 100;

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shard {
    /// Its absolute path, without symbolic links.
    pub(crate) path: PathBuf,
    /// The split that its name, or that of its folder, says.
    pub(crate) split: Option<String>,
    /// Records that its footer declares.
    pub(crate) records: u64,
}

/// All files, ordered by path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shards {
    pub(crate) shards: Vec<Shard>,
    pub(crate) skipped: Vec<(String, String)>,
}

impl Shards {
    /// The Parquet file `root`, or those in the folder `root` and below. Symbolic links
    /// below it are not followed.
    ///
    /// What is named `.parquet` and is none is an error; other files are named as skipped.
    pub fn find(root: &Path) -> Result<Self, ClusterError> {
        let root = root.canonicalize().map_err(|error| wrong(root, &error))?;
        let mut found = Self {
            shards: Vec::new(),
            skipped: Vec::new(),
        };
        let kind = root.metadata().map_err(|error| wrong(&root, &error))?;
        if kind.is_file() {
            let name = root.file_name().map(Path::new).unwrap_or(&root);
            let split = split_of(&name.to_string_lossy());
            found.look(&root, split)?;
        } else {
            found.walk(&root)?;
        }
        if found.shards.is_empty() {
            return Err(ClusterError::NoShards { root });
        }
        found.shards.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(found)
    }

    /// Records that all footers declare.
    #[must_use]
    pub fn declared(&self) -> u64 {
        let records = self.shards.iter().map(|shard| shard.records);
        records.fold(0, u64::saturating_add)
    }

    fn walk(&mut self, root: &Path) -> Result<(), ClusterError> {
        let mut folders = vec![(root.to_owned(), 0_usize)];
        let mut seen = 0_usize;
        while let Some((folder, depth)) = folders.pop() {
            if depth > DEEPEST {
                return Err(wrong(&folder, &format!("deeper than {DEEPEST} folders")));
            }
            let mut entries = Vec::new();
            for entry in folder.read_dir().map_err(|error| wrong(&folder, &error))? {
                entries.push(entry.map_err(|error| wrong(&folder, &error))?);
                seen += 1;
                if seen > MOST_ENTRIES {
                    return Err(wrong(root, &format!("more than {MOST_ENTRIES} files")));
                }
            }
            entries.sort_by_key(DirEntry::file_name);
            for entry in entries {
                let path = entry.path();
                let kind = entry.file_type().map_err(|error| wrong(&path, &error))?;
                let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy();
                if kind.is_dir() {
                    folders.push((path, depth + 1));
                } else if kind.is_file() {
                    self.look(&path, split_of(&name))?;
                } else {
                    self.skip(&path, "neither a file nor a folder");
                }
            }
        }
        Ok(())
    }

    fn look(&mut self, path: &Path, split: Option<String>) -> Result<(), ClusterError> {
        let claims = path.extension().is_some_and(|ending| {
            ending.eq_ignore_ascii_case("parquet") || ending.eq_ignore_ascii_case("pq")
        });
        let mut file = File::open(path).map_err(|error| wrong(path, &error))?;
        let mut mark = [0; 4];
        let marked = file.read_exact(&mut mark).is_ok();
        match (marked, &mark) {
            (true, b"PAR1") => {}
            (true, b"PARE") => return Err(wrong(path, &"its footer is encrypted")),
            _ if claims => return Err(wrong(path, &"it is named as Parquet and is none")),
            _ => {
                self.skip(path, "not Parquet");
                return Ok(());
            }
        }
        let records = declared(&mut file).map_err(|reason| wrong(path, &reason))?;
        self.shards.push(Shard {
            path: path.to_owned(),
            split,
            records,
        });
        Ok(())
    }

    fn skip(&mut self, path: &Path, reason: &str) {
        if self.skipped.len() < MOST_SKIPPED {
            let name = path.to_string_lossy().into_owned();
            self.skipped.push((name, reason.to_owned()));
        } else if self.skipped.len() == MOST_SKIPPED {
            let more = "and more of these".to_owned();
            self.skipped.push(("…".to_owned(), more));
        }
    }
}

/// How many records a footer declares. The answer of the cluster is held against it: a
/// file that an executor does not see would else be one without records.
fn declared(file: &mut File) -> Result<u64, String> {
    let size = file.metadata().map_err(|error| error.to_string())?.len();
    if size < SHORTEST {
        return Err(format!("{size} bytes are too short for Parquet"));
    }
    let mut end = [0; 8];
    file.seek(SeekFrom::End(-8))
        .and_then(|_| file.read_exact(&mut end))
        .map_err(|error| error.to_string())?;
    let [a, b, c, d, mark @ ..] = end;
    if mark != *b"PAR1" {
        return Err("it does not end as Parquet does; is it cut off?".to_owned());
    }
    let footer = u64::from(u32::from_le_bytes([a, b, c, d]));
    let most = DatasetBudget::DEFAULT.metadata_bytes.min(size - SHORTEST);
    if footer > most {
        return Err(format!(
            "its footer has {footer} bytes; at most {most} can be"
        ));
    }
    // The reader is another's, and the bytes are anybody's.
    let read = catch_unwind(AssertUnwindSafe(|| {
        ParquetMetaDataReader::new().parse_and_finish(&*file)
    }));
    let metadata = match read {
        Ok(Ok(metadata)) => metadata,
        Ok(Err(error)) => return Err(error.to_string()),
        Err(_) => return Err("its footer makes the reader fail".to_owned()),
    };
    u64::try_from(metadata.file_metadata().num_rows())
        .map_err(|_| "it declares less than no record".to_owned())
}

fn wrong(file: &Path, reason: &dyn std::fmt::Display) -> ClusterError {
    ClusterError::File {
        file: file.to_owned(),
        reason: reason.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_claims_to_be_parquet_and_is_none_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        assert!(matches!(
            Shards::find(root),
            Err(ClusterError::NoShards { .. })
        ));
        std::fs::write(root.join("README.md"), "none").unwrap();
        assert!(matches!(
            Shards::find(root),
            Err(ClusterError::NoShards { .. })
        ));
        let mut footer = b"PAR1".to_vec();
        footer.extend(u32::MAX.to_le_bytes());
        footer.extend(b"PAR1");
        for bytes in [
            b"".as_slice(),
            b"PAR1",
            b"PARE",
            b"text",
            b"PAR1\0\0\0\0PAR1",
            b"PAR1\xff\xff\xff\x7fPAR1",
            b"PAR1garbage_garbage\x07\0\0\0PAR1",
            &footer,
        ] {
            std::fs::write(root.join("x.parquet"), bytes).unwrap();
            let error = Shards::find(root).unwrap_err().to_string();
            assert!(error.contains("x.parquet"), "{error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_are_named_and_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/etc/passwd", folder.path().join("x.parquet")).unwrap();
        let mut shards = Shards {
            shards: Vec::new(),
            skipped: Vec::new(),
        };
        shards.walk(folder.path()).unwrap();
        assert_eq!(shards.skipped.len(), 1);
        assert!(shards.shards.is_empty());
    }
}
