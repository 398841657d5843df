//! An open file that must not change: it has to be the file of the listing
//! when it is opened, and still be it when the last byte has been read.

use std::os::fd::OwnedFd;

use bonafide_core::RawName;
use rustix::fs::{FileType, fstat};
use rustix::io::{pread, retry_on_intr};

use crate::beneath::Root;
use crate::{Change, FileIdentity, Operation, ReadFailure};

/// A file of a tree, open for reading.
#[derive(Debug)]
pub struct StableFile {
    descriptor: OwnedFd,
    listed: FileIdentity,
}

impl StableFile {
    /// Opens the file and makes sure that it is the one in the listing.
    pub(crate) fn open(
        root: &Root,
        name: &RawName,
        listed: FileIdentity,
    ) -> Result<Self, ReadFailure> {
        let file = Self {
            descriptor: root.open_file(name.as_bytes())?,
            listed,
        };
        file.ensure_unchanged()?;
        Ok(file)
    }

    /// How long it is, as listed.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.listed.size()
    }

    /// Fills the whole buffer from `position`; a file that has become too short for that
    /// is a failure.
    pub fn read_exact(&self, buffer: &mut [u8], position: u64) -> Result<(), ReadFailure> {
        let mut position = position;
        let mut rest = buffer;
        while !rest.is_empty() {
            let count = match self.read_some(rest, position)? {
                0 => return Err(self.wrong_size(position)),
                count => count,
            };
            position += count as u64;
            rest = rest.get_mut(count..).unwrap_or_default();
        }
        Ok(())
    }

    /// Reads all of it with one call, as long as nothing odd happens: `buffer`
    /// has one byte more than the listing says, so that coming back one byte
    /// short shows the end of the file as well.
    pub(crate) fn read_whole(&self, buffer: &mut [u8]) -> Result<(), ReadFailure> {
        let mut total = 0;
        while let Some(rest) = buffer.get_mut(total..) {
            let count = self.read_some(rest, total as u64)?;
            total += count;
            let at_end = count == 0 || total as u64 == self.listed.size();
            if at_end || total == buffer.len() {
                break;
            }
        }
        self.ensure_size(total as u64)
    }

    /// Reads the next bytes of a range, at least one; `position` lies before `end`.
    pub(crate) fn read_range(
        &self,
        buffer: &mut [u8],
        position: u64,
        end: u64,
    ) -> Result<usize, ReadFailure> {
        let wanted = usize::try_from(end - position)
            .unwrap_or(usize::MAX)
            .min(buffer.len());
        match self.read_some(buffer.get_mut(..wanted).unwrap_or_default(), position)? {
            0 => Err(self.wrong_size(position)),
            count => Ok(count),
        }
    }

    /// After a range that reached the listed end: there must be nothing more.
    /// (`fstat` alone would believe file systems that understate sizes.)
    pub(crate) fn ensure_end(&self) -> Result<(), ReadFailure> {
        let end = self.listed.size();
        let beyond = self.read_some(&mut [0], end)?;
        self.ensure_size(end + beyond as u64)
    }

    /// Still a regular file, and the same one? To be asked when the last byte has been read.
    pub fn ensure_unchanged(&self) -> Result<(), ReadFailure> {
        let stat = fstat(&self.descriptor)
            .map_err(|errno| ReadFailure::from_errno(Operation::Inspect, errno))?;
        if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
            return Err(ReadFailure::changed(Change::Kind));
        }
        match self.listed.change_to(&FileIdentity::from_stat(&stat)) {
            None => Ok(()),
            Some(change) => Err(ReadFailure::changed(change)),
        }
    }

    fn read_some(&self, buffer: &mut [u8], position: u64) -> Result<usize, ReadFailure> {
        retry_on_intr(|| pread(&self.descriptor, &mut *buffer, position))
            .map_err(|errno| ReadFailure::from_errno(Operation::Read, errno))
    }

    fn ensure_size(&self, found: u64) -> Result<(), ReadFailure> {
        if found == self.listed.size() {
            Ok(())
        } else {
            Err(self.wrong_size(found))
        }
    }

    fn wrong_size(&self, found: u64) -> ReadFailure {
        ReadFailure::changed(Change::Size {
            listed: self.listed.size(),
            found,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, OpenOptions};
    use std::io::Write;

    use bonafide_core::Budget;

    use super::*;
    use crate::{EntryKind, Tree};

    #[test]
    fn bytes_beyond_the_listed_end_are_noticed_by_reading_alone() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("file");
        fs::write(&path, "12345").unwrap();
        let tree = Tree::open(&path, &Budget::DEFAULT).unwrap();
        let EntryKind::File { identity, .. } = tree.entries()[0].kind else {
            panic!("not a file");
        };
        let file = StableFile::open(tree.root(), &tree.entries()[0].name, identity).unwrap();
        assert_eq!(file.ensure_end(), Ok(()));
        assert_eq!(file.read_whole(&mut [0; 6]), Ok(()));
        let mut writer = OpenOptions::new().append(true).open(&path).unwrap();
        writer.write_all(b"678").unwrap();
        let grown = ReadFailure::changed(Change::Size {
            listed: 5,
            found: 6,
        });
        assert_eq!(file.ensure_end(), Err(grown.clone()));
        assert_eq!(file.read_whole(&mut [0; 6]), Err(grown));
    }
}
