//! How fast a tree is hashed: one long file, many of middle size, many tiny
//! ones, and parts of one file, with one worker and with two. The data is made
//! anew in a temporary directory and stays in the page cache.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "a benchmark that cannot go on should stop"
)]

use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;

use bonafide_core::{Algorithm, Budget, RawName};
use bonafide_hash::{EntryKind, Job, Options, Silent, Tree, measure};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

const MIB: usize = 1 << 20;

fn one_long_file(criterion: &mut Criterion) {
    let place = tempfile::tempdir().unwrap();
    write(place.path(), "model", 256 * MIB);
    compare(criterion, "one file of 256 MiB", place.path(), whole_files);
    compare(
        criterion,
        "32 MiB shards of one file",
        place.path(),
        |tree| {
            let shard = 32 * MIB as u64;
            let starts = (0..8).map(|number| number * shard);
            starts
                .map(|start| Job {
                    range: Some(start..start + shard),
                    ..Job::whole(RawName::from("model"), Algorithm::Sha256)
                })
                .filter(|job| tree.entry(job.name.as_bytes()).is_some())
                .collect()
        },
    );
}

fn files_of_middle_size(criterion: &mut Criterion) {
    let place = tempfile::tempdir().unwrap();
    for number in 0..256 {
        write(place.path(), &number.to_string(), MIB);
    }
    compare(criterion, "256 files of 1 MiB", place.path(), whole_files);
}

fn tiny_files(criterion: &mut Criterion) {
    let place = tempfile::tempdir().unwrap();
    for number in 0..5_000 {
        write(place.path(), &number.to_string(), 4 << 10);
    }
    compare(criterion, "5,000 files of 4 KiB", place.path(), whole_files);
    let mut group = criterion.benchmark_group("5,000 files, listing only");
    group.throughput(Throughput::Elements(5_000));
    group.bench_function("walk", |bencher| {
        bencher.iter(|| Tree::open(place.path(), &Budget::DEFAULT).unwrap());
    });
    group.finish();
}

fn compare(criterion: &mut Criterion, title: &str, place: &Path, jobs: fn(&Tree) -> Vec<Job>) {
    let budget = Budget::DEFAULT;
    let tree = Tree::open(place, &budget).unwrap();
    let bytes = tree.entries().iter().map(|entry| match entry.kind {
        EntryKind::File { size, .. } => size,
        _ => 0,
    });
    let mut group = criterion.benchmark_group(title);
    group.sample_size(10);
    group.throughput(Throughput::Bytes(bytes.sum()));
    for workers in [1, 2] {
        let options = Options {
            workers: NonZeroUsize::new(workers).unwrap(),
            budget: &budget,
            observer: &Silent,
            tap: None,
        };
        let title = BenchmarkId::new("workers", workers);
        group.bench_function(title, |bencher| {
            bencher.iter(|| measure(&tree, jobs(&tree), &options).unwrap());
        });
    }
    group.finish();
}

fn whole_files(tree: &Tree) -> Vec<Job> {
    let names = tree.entries().iter().map(|entry| entry.name.clone());
    names
        .map(|name| Job::whole(name, Algorithm::Sha256))
        .collect()
}

/// Not zeros, which some file systems would not store.
fn write(place: &Path, name: &str, length: usize) {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut bytes = Vec::with_capacity(length);
    while bytes.len() < length {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    fs::write(place.join(name), bytes).unwrap();
}

criterion_group!(benches, one_long_file, files_of_middle_size, tiny_files);
criterion_main!(benches);
