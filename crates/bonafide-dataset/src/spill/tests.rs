use std::num::NonZeroUsize;

use super::{Ledger, PARTITIONS, Table, each};
use crate::{DatasetBudget, DatasetError};

fn ledger(memory: u64) -> Ledger {
    let budget = DatasetBudget {
        memory,
        ..DatasetBudget::DEFAULT
    };
    Ledger::new(&budget, NonZeroUsize::MIN)
}

/// Numbers that look random and are the same each time (xorshift).
fn numbers(count: usize) -> impl Iterator<Item = [u64; 2]> {
    let mut state = 9_u64;
    (0..count as u64).map(move |index| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        [state, index]
    })
}

fn read_all(table: &Table<'_, 2>) -> Vec<[u64; 2]> {
    let mut all = Vec::new();
    for partition in 0..PARTITIONS {
        let before = all.len();
        table
            .read(partition, |rows| {
                assert!(rows.iter().all(|row| table.partition(row[0]) == partition));
                all.extend_from_slice(rows);
                Ok(true)
            })
            .unwrap();
        assert_eq!((all.len() - before) as u64, table.rows(partition));
    }
    all.sort_unstable_by_key(|row| row[1]);
    all
}

#[test]
fn rows_come_back_from_memory_and_from_disk() {
    let expected: Vec<[u64; 2]> = numbers(400_000).collect();
    for (memory, spills) in [(1 << 30, false), (1 << 20, true), (0, true)] {
        let ledger = ledger(memory);
        let table = Table::new(&ledger);
        let mut writer = table.writer();
        for row in &expected {
            writer.push(&table, *row).unwrap();
        }
        writer.finish(&table).unwrap();
        assert_eq!(read_all(&table), expected);
        assert_eq!(table.all_rows(), 400_000);
        assert_eq!(ledger.spilled() > 0, spills);
        let bytes = 400_000 * 16;
        assert_eq!(ledger.held() + ledger.spilled(), bytes);
        assert!(ledger.held() <= memory / 2);
        // Reading stops when it is told to.
        let mut read = 0;
        for partition in 0..PARTITIONS {
            table
                .read(partition, |rows| {
                    read += rows.len();
                    Ok(false)
                })
                .unwrap();
        }
        assert!(read < 400_000);
        table.clear(7);
        assert_eq!(table.rows(7), 0);
        drop(table);
        assert_eq!(ledger.held(), 0);
    }
}

#[test]
fn a_table_below_parts_by_the_next_bits() {
    let ledger = ledger(0);
    let table = Table::<2>::new(&ledger);
    let below = table.below().unwrap();
    let hash = 0x12_34_56_78_9a_bc_de_f0;
    assert_eq!((table.partition(hash), below.partition(hash)), (0x12, 0x34));
    let mut last = below;
    let mut levels = 1;
    while let Some(next) = last.below() {
        last = next;
        levels += 1;
    }
    assert_eq!((levels, last.partition(hash)), (7, 0xf0));
}

#[test]
fn work_is_done_once_and_an_error_ends_it() {
    for workers in [1, 2, 5] {
        let workers = NonZeroUsize::new(workers).unwrap();
        let done = each(workers, 1_000, Vec::new, |own, index| {
            own.push(index);
            Ok(())
        });
        let mut done: Vec<usize> = done.unwrap().concat();
        done.sort_unstable();
        assert_eq!(done, (0..1_000).collect::<Vec<_>>());
        let failed = each(
            workers,
            1_000,
            || (),
            |(), index| match index {
                500 => Err(DatasetError::Cancelled),
                _ => Ok(()),
            },
        );
        assert_eq!(failed, Err(DatasetError::Cancelled));
        assert!(each(workers, 0, || (), |(), _| Ok(())).is_ok());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said() {
    use super::SpillFile;
    // Writing to /dev/full fails as a full disk does.
    let full = std::fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open("/dev/full");
    let file = SpillFile::over(full.unwrap());
    match file.append(&ledger(0), b"bytes") {
        Err(DatasetError::Spill { reason }) => assert!(reason.contains("space"), "{reason}"),
        other => panic!("{other:?}"),
    }
}
