//! Inspects many files or folders in one process, for comparisons and for looking at a corpus.
//!
//! `inspect PATH...` takes each path as one artifact, a folder with all that is below it. With
//! `-` the paths are read from standard input, one a line. One line of JSON is printed for each:
//! the heaviest finding, the worst coverage, the formats, what each rule found, and the time.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::File;
use std::io::{BufRead, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::Instant;

use bonafide_core::RawName;
use bonafide_format::{
    Coverage, FileInspection, InspectionBudget, ReadAt, ReadError, inspect, relate,
};
use serde_json::{Value, json};

/// A file of the disk, read where it is asked.
struct OpenFile {
    file: File,
    size: u64,
}

impl ReadAt for OpenFile {
    fn size(&self) -> u64 {
        self.size
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
        self.file
            .read_exact_at(buffer, offset)
            .map_err(|error| ReadError::Failed {
                reason: error.to_string(),
            })
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut output = std::io::stdout().lock();
    let given: Vec<String> = std::env::args().skip(1).collect();
    if given.as_slice() == ["-"] {
        for line in std::io::stdin().lock().lines() {
            writeln!(output, "{}", artifact(Path::new(&line?)))?;
            output.flush()?;
        }
    } else {
        for path in &given {
            writeln!(output, "{}", artifact(Path::new(path)))?;
        }
    }
    Ok(())
}

/// What a line says of one artifact.
fn artifact(path: &Path) -> Value {
    let start = Instant::now();
    match inspected(path) {
        Ok(files) => line(path, &files, start.elapsed().as_secs_f64()),
        Err(error) => json!({"path": path.to_string_lossy(), "error": error.to_string()}),
    }
}

fn inspected(path: &Path) -> Result<Vec<FileInspection>, std::io::Error> {
    let mut found = Vec::new();
    if path.is_dir() {
        below(path, "", &mut found)?;
    } else {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        found.push((name.into_owned(), path.to_owned()));
    }
    let mut files = Vec::new();
    for (name, path) in found {
        let file = File::open(path)?;
        let size = file.metadata()?.len();
        let name = RawName::from(name.as_str());
        let source = OpenFile { file, size };
        files.push(inspect(&name, &source, &InspectionBudget::DEFAULT));
    }
    relate(&mut files);
    Ok(files)
}

fn below(
    folder: &Path,
    prefix: &str,
    found: &mut Vec<(String, PathBuf)>,
) -> Result<(), std::io::Error> {
    let entries: Result<Vec<_>, _> = std::fs::read_dir(folder)?.collect();
    let mut entries = entries?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            below(&entry.path(), &format!("{name}/"), found)?;
        } else if kind.is_file() {
            found.push((name, entry.path()));
        }
    }
    Ok(())
}

fn line(path: &Path, files: &[FileInspection], seconds: f64) -> Value {
    let weight = files.iter().filter_map(FileInspection::weight).max();
    let coverage = files.iter().map(FileInspection::coverage).max();
    let mut formats: BTreeMap<&str, u64> = BTreeMap::new();
    for file in files {
        *formats
            .entry(file.format().unwrap_or("unknown"))
            .or_default() += 1;
    }
    let findings: Vec<Value> = files
        .iter()
        .flat_map(|file| file.defects.iter().map(move |defect| (file, defect)))
        .map(|(file, defect)| {
            json!({
                "file": file.name.to_string(),
                "body": defect.body,
                "rule": defect.rule.slug,
                "weight": defect.weight(),
                "about": defect.about,
                "start": defect.range.as_ref().map(|range| range.start),
                "message": defect.message,
            })
        })
        .collect();
    let unread: Vec<Value> = files
        .iter()
        .filter(|file| file.coverage() != Coverage::Scanned)
        .map(|file| {
            let spans = file.bodies.iter().flat_map(|body| &body.spans);
            let states: Vec<Value> = spans
                .map(|span| json!(span.state))
                .filter(|state| state["state"] != "scanned" && state["state"] != "data")
                .take(3)
                .collect();
            json!({"file": file.name.to_string(), "coverage": file.coverage(), "spans": states})
        })
        .collect();
    json!({
        "path": path.to_string_lossy(),
        "size": files.iter().map(|file| file.size).sum::<u64>(),
        "weight": weight.map_or_else(|| json!("clean"), |weight| json!(weight)),
        "coverage": coverage,
        "formats": formats,
        "findings": findings,
        "unread": unread,
        "seconds": seconds,
    })
}
