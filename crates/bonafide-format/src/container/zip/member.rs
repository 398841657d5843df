//! One member of a zip archive: what its two headers say, and what it really is.

use std::ops::Range;

use bonafide_core::excerpt;

use crate::container::decode::{Beginning, Ended, Packing, Unpacked, is_expansion, peek, unpack};
use crate::container::names::{Link, LinkKind, Names};
use crate::container::rules::EXPANSION;
use crate::container::zip::record::{
    AES, CONCEALED, DEFERRED, DESCRIPTOR, Entry, Fields, Local, u32_at, u64_at,
};
use crate::container::zip::rules::{CHECKSUM, ENCRYPTED, FLAGS, FOLDER_DATA, METHOD, NAME, SIZES};
use crate::coverage::State;
use crate::pytorch::{self, Role};
use crate::read::{ReadAt, Window};
use crate::route;
use crate::stop::Stop;
use crate::tensor::content::{PAYLOAD, start_of};
use crate::visit::Visit;

/// Most members that share bytes with others and are looked into.
const MOST_SHARED: usize = 64;

/// Most bytes that members become that share bytes with others.
const MOST_FROM_SHARED: u64 = 16 << 20;

/// A member, as far as its headers tell.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Member<'a> {
    pub(crate) local: &'a Local,
    /// What the directory says; none if it says nothing.
    pub(crate) entry: Option<&'a Entry>,
    /// True if other members have some of its bytes.
    pub(crate) shares: bool,
    /// Where its data ends at the latest.
    pub(crate) most: u64,
}

/// The members of one archive, one after another.
pub(crate) struct Scan {
    archive: pytorch::Archive,
    names: Names,
    size: u64,
    shared: usize,
    unpacked: u64,
    /// Why a member could not be read to its end.
    pub(crate) stopped: Option<Stop>,
}

/// What a member turned out to be.
enum Content {
    /// A run of the archive.
    Stored(Range<u64>),
    /// Unpacked.
    Unpacked(Unpacked),
}

impl Scan {
    pub(crate) fn new(archive: pytorch::Archive, size: u64) -> Self {
        Self {
            archive,
            names: Names::default(),
            size,
            shared: 0,
            unpacked: 0,
            stopped: None,
        }
    }

    /// Says what can be said when all members are known.
    pub(crate) fn finish(&mut self, visit: &mut Visit<'_>) {
        self.archive.finish(visit);
    }

    /// Scans a member, and tells where it ends.
    pub(crate) fn member(&mut self, visit: &mut Visit<'_>, member: &Member<'_>) -> u64 {
        let header = member.local.range.clone();
        let data = header.end;
        let fields = member
            .entry
            .map_or(&member.local.fields, |entry| &entry.fields);
        let name = String::from_utf8_lossy(&fields.name).into_owned();
        self.names.check(visit, &name, &header);
        compare(visit, member, &name);
        let end = match self.link(visit, member, &name) {
            Some(end) => end,
            None => self.data(visit, member, &name),
        };
        self.attributes(visit, member, &name, data..end);
        descriptor(visit, member, &name, end)
    }

    /// Scans the data, in each way that a header gives, and tells where it ends.
    fn data(&mut self, visit: &mut Visit<'_>, member: &Member<'_>, name: &str) -> u64 {
        let data = member.local.range.end;
        let lengths = lengths(member);
        let longest = lengths.iter().copied().max().unwrap_or(0);
        let mut end = data.saturating_add(longest).min(member.most);
        if member.shares {
            self.shared += 1;
            if self.shared > MOST_SHARED {
                let reason = "too many members share their bytes".to_owned();
                visit.cover(data..end, State::Skipped(reason));
                return end;
            }
        }
        let local = &member.local.fields;
        let mut methods = vec![local.method];
        if let Some(entry) = member.entry
            && entry.fields.method != local.method
        {
            methods.push(entry.fields.method);
        }
        let conceals = local.flags | member.entry.map_or(0, |entry| entry.fields.flags);
        let is_concealed = conceals & CONCEALED != 0 || methods == [AES];
        for method in &methods {
            let Some(packing) = packing(*method, local, member.entry) else {
                self.stored(visit, member, name, &lengths, is_concealed, *method);
                continue;
            };
            let limit = self.limit(visit, member);
            // Without a length it ends where the stream does.
            let range = if longest == 0 && member.entry.is_none() {
                data..member.most
            } else {
                data..end
            };
            let source = visit.source();
            let unpacked = unpack(visit, source, packing, range.clone(), limit);
            if longest == 0 && member.entry.is_none() && unpacked.ended == Ended::Whole {
                end = unpacked.end;
            }
            self.unpacked(visit, member, name, unpacked, range, is_concealed);
        }
        end
    }

    fn limit(&self, visit: &Visit<'_>, member: &Member<'_>) -> u64 {
        let most = visit.budget().unpacked_body;
        if member.shares {
            most.min(MOST_FROM_SHARED / MOST_SHARED as u64)
        } else {
            most
        }
    }

    /// Scans data as it is: stored, or packed in a way that is not known.
    fn stored(
        &mut self,
        visit: &mut Visit<'_>,
        member: &Member<'_>,
        name: &str,
        lengths: &[u64],
        is_concealed: bool,
        method: u16,
    ) {
        let data = member.local.range.end;
        let source = visit.source();
        for length in lengths {
            let range = data..data.saturating_add(*length).min(member.most);
            let fit = fit(source, &range, member);
            let fits = if is_concealed { fit.any } else { fit.all };
            if method != 0 {
                // Its real method may be another one: what can be read without is read.
                let head = peek(source, range.start, 4096);
                if route::is_active(&head) {
                    visit.part(name, range.clone());
                }
                if method == AES && is_concealed {
                    conceal(visit, member, name, false);
                }
                let reason = format!("compression method {method}");
                visit.cover(range, State::Unsupported(reason));
                continue;
            }
            if is_concealed {
                conceal(visit, member, name, fits);
                if !fits && both_conceal(member) {
                    let head = peek(source, range.start, 4096);
                    if route::is_active(&head) {
                        visit.part(name, range.clone());
                    }
                    visit.cover(range, State::Unsupported("an encrypted member".to_owned()));
                    continue;
                }
            } else if !fits {
                checksum(visit, member, name);
            }
            let state = self.content(visit, name, &Content::Stored(range.clone()));
            visit.cover(range, state);
        }
    }

    /// Scans data that was packed.
    fn unpacked(
        &mut self,
        visit: &mut Visit<'_>,
        member: &Member<'_>,
        name: &str,
        unpacked: Unpacked,
        window: Range<u64>,
        is_concealed: bool,
    ) {
        let data = member.local.range.end;
        let range = data..unpacked.end.max(data);
        let ended = unpacked.ended.clone();
        let mut crc = flate2::Crc::new();
        crc.update(&unpacked.bytes);
        let fit = Fit::of(member, crc.sum());
        let fits = ended == Ended::Whole && if is_concealed { fit.any } else { fit.all };
        if is_concealed {
            conceal(visit, member, name, fits);
            if !fits && both_conceal(member) {
                let reason = "an encrypted member".to_owned();
                let rest = data.saturating_add(lengths(member).into_iter().max().unwrap_or(0));
                visit.cover(data..rest.min(member.most), State::Unsupported(reason));
                return;
            }
        }
        let length = unpacked.bytes.len() as u64;
        self.unpacked = self.unpacked.saturating_add(length);
        let state = match &ended {
            Ended::Whole => {
                if !fits && !is_concealed {
                    checksum(visit, member, name);
                }
                let said = member
                    .entry
                    .map_or(&member.local.fields, |entry| &entry.fields);
                let is_deferred = said.flags & DEFERRED != 0 && said.unpacked == 0;
                if said.unpacked != length && !is_deferred {
                    let message = format!(
                        "`{}` becomes {length} bytes, its header says {}",
                        excerpt(name, 200),
                        said.unpacked
                    );
                    visit.report_about(&SIZES, Some(range.clone()), name, message);
                }
                State::Scanned
            }
            Ended::Cut => {
                let message = format!("`{}`: the stream is cut off", excerpt(name, 200));
                let stop = Stop::malformed(data, message);
                self.stopped = self.stopped.take().or(Some(stop));
                State::Skipped("its stream is cut off".to_owned())
            }
            Ended::Broken(reason) => {
                let message = format!("`{}`: {reason}", excerpt(name, 200));
                self.stopped = self.stopped.take().or(Some(Stop::malformed(data, message)));
                State::Skipped("its stream is broken".to_owned())
            }
            Ended::Unsupported(what) => State::Unsupported(what.clone()),
            Ended::Limit(reason) => State::Skipped(reason.clone()),
            Ended::Expansion => State::Skipped("it becomes far more than it is".to_owned()),
        };
        if ended == Ended::Expansion || is_expansion(self.size, self.unpacked) {
            let message = format!(
                "`{}` and what came before become {} bytes",
                excerpt(name, 200),
                self.unpacked
            );
            visit.report_about(&EXPANSION, Some(range.clone()), name, message);
        }
        let kept = self.content(visit, name, &Content::Unpacked(unpacked));
        if state == State::Scanned {
            visit.cover(range, kept);
        } else {
            visit.cover(window, state);
        }
    }

    /// Inspects what a member is, and tells what it was taken for.
    fn content(&mut self, visit: &mut Visit<'_>, name: &str, content: &Content) -> State {
        let source = visit.source();
        let role = self.archive.role(name);
        let window;
        let beginning;
        let bytes: &dyn ReadAt = match content {
            Content::Stored(range) => {
                window = Window::new(source, range.clone());
                &window
            }
            Content::Unpacked(unpacked)
                if matches!(unpacked.ended, Ended::Whole | Ended::Cut | Ended::Broken(_)) =>
            {
                &unpacked.bytes
            }
            Content::Unpacked(unpacked) => {
                beginning = Beginning(&unpacked.bytes);
                &beginning
            }
        };
        if bytes.size() == 0 && role != Role::Storage {
            return State::Scanned;
        }
        let inspect = |visit: &mut Visit<'_>| match content {
            Content::Stored(range) => visit.part(name, range.clone()),
            Content::Unpacked(_) => visit.member(name, bytes),
        };
        match role {
            Role::Storage => {
                let stored = match content {
                    Content::Stored(range) => Some(range.clone()),
                    Content::Unpacked(_) => None,
                };
                self.archive.found_storage(name, bytes.size(), stored);
                // No loader takes them for anything but numbers, so they have to be more than alike.
                let head = peek(bytes, 0, 4096);
                if let Some(kind) = start_of(&head) {
                    let message = format!("tensor `{}` starts with {kind}", excerpt(name, 200));
                    visit.report_about(&PAYLOAD, None, name, message);
                    inspect(visit);
                }
                State::Data
            }
            Role::Marker if pytorch::is_marker(bytes) => {
                self.archive.found_marker(name, bytes);
                State::Scanned
            }
            Role::Script if pytorch::examine(visit, name, bytes) => State::Scanned,
            Role::Objects => {
                visit.expect_storages();
                inspect(visit);
                self.archive.expected(visit.expected());
                State::Scanned
            }
            _ => {
                inspect(visit);
                State::Scanned
            }
        }
    }

    /// Reports the data of a folder.
    fn attributes(&self, visit: &mut Visit<'_>, member: &Member<'_>, name: &str, data: Range<u64>) {
        /// Nothing, deflated: what the tools of Java write for a folder.
        const NOTHING: [u8; 2] = [0x03, 0x00];

        let length = data.end.saturating_sub(data.start);
        let mut start = [0; 2];
        let is_nothing = length == 2
            && visit.source().read_at(data.start, &mut start).is_ok()
            && start == NOTHING;
        if member.entry.is_some() && name.ends_with('/') && length > 0 && !is_nothing {
            let message = format!("the folder `{}` has {length} bytes", excerpt(name, 200));
            visit.report_about(&FOLDER_DATA, Some(data), name, message);
        }
    }

    /// Takes a link for what it is, and tells where it ends; none if it is none, or more.
    fn link(&mut self, visit: &mut Visit<'_>, member: &Member<'_>, name: &str) -> Option<u64> {
        const LONGEST: u64 = 4096;

        let entry = member.entry?;
        let start = member.local.range.end;
        let lengths = lengths(member);
        let [length @ 1..=LONGEST] = lengths.as_slice() else {
            return None;
        };
        if entry.attributes >> 28 != 0o12 {
            return None;
        }
        let end = start.saturating_add(*length).min(member.most);
        let bytes = peek(visit.source(), start, end - start);
        let link = Link {
            kind: LinkKind::Symbolic,
            name,
            target: &String::from_utf8_lossy(&bytes),
        };
        self.names.link(visit, &link, &(start..end));
        let is_plain = entry.fields.method == 0 && member.local.fields.method == 0;
        if !is_plain || member.shares || route::is_active(&bytes) {
            return None;
        }
        visit.cover(start..end, State::Scanned);
        Some(end)
    }
}

/// How a method packs; none if it does not, or if it is not known.
fn packing(method: u16, local: &Fields, entry: Option<&Entry>) -> Option<Packing> {
    match method {
        8 => Some(Packing::Deflate),
        12 => Some(Packing::Bzip2),
        14 => {
            let flags = local.flags | entry.map_or(0, |entry| entry.fields.flags);
            let length = entry.map_or(local.unpacked, |entry| entry.fields.unpacked);
            // Flag 1 says that there is an end mark.
            let length = (flags & 2 == 0).then_some(length);
            Some(Packing::LzmaZip { length })
        }
        93 => Some(Packing::Zstandard),
        95 => Some(Packing::Xz),
        _ => None,
    }
}

/// The lengths of the data that the headers say, the longest first.
fn lengths(member: &Member<'_>) -> Vec<u64> {
    let local = &member.local.fields;
    let mut lengths = Vec::new();
    if local.flags & DEFERRED == 0 || local.packed > 0 {
        lengths.push(local.packed);
    }
    lengths.extend(member.entry.map(|entry| entry.fields.packed));
    lengths.sort_unstable_by(|left, right| right.cmp(left));
    lengths.dedup();
    lengths
}

/// Reports where the two headers of a member differ.
fn compare(visit: &mut Visit<'_>, member: &Member<'_>, name: &str) {
    let Some(entry) = member.entry else {
        return;
    };
    let (local, central) = (&member.local.fields, &entry.fields);
    let range = Some(member.local.range.clone());
    let shown = excerpt(name, 200);
    if local.name != central.name {
        let other = excerpt(&String::from_utf8_lossy(&local.name), 200);
        let message = format!("`{shown}` in the directory is `{other}` at the member");
        visit.report_about(&NAME, range.clone(), name, message);
    }
    if local.method != central.method {
        let message = format!(
            "`{shown}` is packed by method {} in the directory, by {} at the member",
            central.method, local.method
        );
        visit.report_about(&METHOD, range.clone(), name, message);
    }
    let is_deferred = local.flags & DEFERRED != 0;
    let fits = |local: u64, central: u64| local == central || (is_deferred && local == 0);
    if !fits(local.packed, central.packed) || !fits(local.unpacked, central.unpacked) {
        let message = format!(
            "`{shown}` has {} bytes ({} unpacked) in the directory, {} ({}) at the member",
            central.packed, central.unpacked, local.packed, local.unpacked
        );
        visit.report_about(&SIZES, range, name, message);
    } else if central.method == 0
        && local.method == 0
        && central.packed != central.unpacked
        && (local.flags | central.flags) & CONCEALED == 0
    {
        let message = format!(
            "`{shown}` is stored, and {} bytes become {}",
            central.packed, central.unpacked
        );
        visit.report_about(&SIZES, range, name, message);
    }
}

/// The checksums that the headers give.
fn wanted_checksums(member: &Member<'_>) -> Vec<u32> {
    let local = &member.local.fields;
    let mut wanted = Vec::new();
    if local.flags & DEFERRED == 0 || local.crc != 0 {
        wanted.push(local.crc);
    }
    wanted.extend(member.entry.map(|entry| entry.fields.crc));
    wanted
}

/// How bytes fit the checksums that the headers give.
#[derive(Debug, Clone, Copy)]
struct Fit {
    any: bool,
    all: bool,
}

impl Fit {
    fn of(member: &Member<'_>, sum: u32) -> Self {
        let wanted = wanted_checksums(member);
        Self {
            any: wanted.contains(&sum),
            all: wanted.iter().all(|wanted| *wanted == sum),
        }
    }
}

/// How stored bytes fit.
fn fit(source: &dyn ReadAt, range: &Range<u64>, member: &Member<'_>) -> Fit {
    let mut crc = flate2::Crc::new();
    let mut at = range.start;
    let mut buffer = vec![0; 64 << 10];
    while at < range.end {
        let left = usize::try_from(range.end - at).unwrap_or(usize::MAX);
        buffer.truncate(left);
        if source.read_at(at, &mut buffer).is_err() {
            return Fit {
                any: false,
                all: false,
            };
        }
        crc.update(&buffer);
        at += buffer.len() as u64;
    }
    Fit::of(member, crc.sum())
}

fn both_conceal(member: &Member<'_>) -> bool {
    let conceals = |fields: &Fields| fields.flags & CONCEALED != 0 || fields.method == AES;
    conceals(&member.local.fields) && member.entry.is_none_or(|entry| conceals(&entry.fields))
}

/// Reports a member that says it is encrypted: if it is not, that is worse.
fn conceal(visit: &mut Visit<'_>, member: &Member<'_>, name: &str, is_plain: bool) {
    let range = Some(member.local.range.clone());
    let shown = excerpt(name, 200);
    if is_plain {
        let message = format!("`{shown}` says it is encrypted, and can be read");
        visit.report_about(&FLAGS, range, name, message);
    } else if both_conceal(member) {
        visit.report_about(&ENCRYPTED, range, name, format!("`{shown}` is encrypted"));
    } else {
        let message = format!("one header of `{shown}` says it is encrypted, the other does not");
        visit.report_about(&FLAGS, range, name, message);
    }
}

fn checksum(visit: &mut Visit<'_>, member: &Member<'_>, name: &str) {
    let message = format!("`{}` does not fit its checksum", excerpt(name, 200));
    visit.report_about(&CHECKSUM, Some(member.local.range.clone()), name, message);
}

/// Claims the sizes behind the data, and tells where they end.
fn descriptor(visit: &mut Visit<'_>, member: &Member<'_>, name: &str, at: u64) -> u64 {
    let said = member
        .entry
        .map_or(&member.local.fields, |entry| &entry.fields);
    if (said.flags | member.local.fields.flags) & DEFERRED == 0 {
        return at;
    }
    let bytes = peek(visit.source(), at, 24);
    let start = if bytes.starts_with(DESCRIPTOR) { 4 } else { 0 };
    let crc = u32_at(&bytes, start);
    let short = (
        u64::from(u32_at(&bytes, start + 4)),
        u64::from(u32_at(&bytes, start + 8)),
    );
    let long = (u64_at(&bytes, start + 4), u64_at(&bytes, start + 12));
    let is_said = |sizes: (u64, u64)| {
        member.entry.is_none() || (crc == said.crc && sizes == (said.packed, said.unpacked))
    };
    let length = if is_said(long) && member.entry.is_some() && bytes.len() >= start + 20 {
        start + 20
    } else if is_said(short) && (start == 4 || member.entry.is_some()) {
        start + 12
    } else if start == 4 {
        let message = format!(
            "`{}` has {} bytes in the directory, {} behind the member",
            excerpt(name, 200),
            said.packed,
            short.0
        );
        visit.report_about(&SIZES, Some(at..at + 16), name, message);
        start + 12
    } else {
        return at;
    };
    let end = at.saturating_add(length.min(bytes.len()) as u64);
    visit.cover(at..end, State::Scanned);
    end
}
