//! Serialised objects of R (R Internals, section 1.8): `.rds`, and `.RData` without its
//! compression. Data are vectors and lists of them. Everything else is code, or a promise of
//! it: a promise runs when the value that it stands for is first looked at.

use bonafide_core::{Severity, ThreatId, excerpt};

use crate::coverage::State;
use crate::cursor::Cursor;
use crate::format::{Depth, Effect, Format, Likeness};
use crate::payload::examine;
use crate::route::Probe;
use crate::rule::{Confidence, Hazard, Rule};
use crate::stop::Stop;
use crate::visit::Visit;

pub(crate) const RDS: Format = Format {
    name: "rds",
    title: "serialised R object",
    // `.rds` mostly names a compressed stream.
    extensions: &[],
    effect: Effect::Code,
    depth: Depth::Whole,
    probe,
    inspect,
};

pub(crate) const RULES: &[&Rule] = &[&CODE, &FUNCTION];

const CODE: Rule = Rule {
    slug: "rds-code",
    title: "R object that runs code when it is looked at",
    hazard: Hazard::CodeOnLoad,
    severity: Severity::High,
    confidence: Confidence::Likely,
    rationale: "A promise runs as soon as the object is used, in R before 4.4 even while it is loaded; a call of a \
        function that starts programs or fetches code waits for whoever uses the model.",
    remediation: "Do not load the file.",
    threats: &[ThreatId("ART-01")],
    cwe: &[502],
    cve: &["CVE-2024-27322"],
    atlas: &["AML.T0011.000", "AML.T0018.002"],
};

const FUNCTION: Rule = Rule {
    slug: "rds-function",
    title: "R object that holds functions",
    hazard: Hazard::CodeInGraph,
    severity: Severity::Medium,
    confidence: Confidence::Possible,
    rationale: "Many models of R carry functions that run when they predict. Loading does not run them.",
    remediation: "Look at the functions before the model is used.",
    threats: &[ThreatId("ART-01"), ThreatId("ART-05")],
    cwe: &[829],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

/// Deepest nesting of values.
const DEEPEST: usize = 160;

/// Longest symbol that is kept.
const LONGEST_SYMBOL: u64 = 64;

/// Functions that no model calls under another meaning.
const DANGEROUS: &[&str] = &[
    "Sys.setenv",
    "browseURL",
    "download.file",
    "dyn.load",
    "file.remove",
    "install.packages",
    "install_github",
    "library.dynam",
    "make.socket",
    "mcparallel",
    "pipe",
    "readRDS",
    "shell",
    "shell.exec",
    "socketConnection",
    "source",
    "source_url",
    "sys.source",
    "system",
    "system2",
    "unlink",
    "unserialize",
    "url",
];

fn probe(probe: &Probe<'_>) -> Likeness {
    let head = probe.head;
    let head = match head {
        [b'R', b'D', b'X', b'2' | b'3', b'\n', rest @ ..] => rest,
        _ => head,
    };
    match head {
        [b'X', b'\n', 0, 0, 0, 2 | 3, 0, 1..=9, _, _, 0, 0..=9, ..]
        | [b'B', b'\n', 2 | 3, 0, 0, 0, _, _, 1..=9, 0, ..] => Likeness::Certain,
        [b'A', b'\n', b'2' | b'3', b'\n', b'1'..=b'9', ..] => Likeness::Possible,
        _ => Likeness::No,
    }
}

fn inspect(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let mut cursor = visit.cursor(0);
    if cursor.peek(3)? == b"RDX" {
        cursor.skip(5)?;
    }
    let order = match cursor.byte()? {
        b'X' => Order::Big,
        b'B' => Order::Little,
        _ => return Err(Stop::unsupported("a serialised R object as text")),
    };
    cursor.skip(1)?;
    let mut reader = Reader {
        visit,
        cursor,
        order,
        symbols: Vec::new(),
        code: 0,
        functions: 0,
    };
    let read = reader.whole();
    let end = reader.cursor.position();
    let functions = reader.functions;
    visit.cover(0..end, State::Scanned);
    if functions > 0 {
        let message =
            format!("the object holds {functions} functions or references to the outside");
        visit.report(&FUNCTION, None, message);
    }
    read
}

/// Which byte of a number comes first.
#[derive(Debug, Clone, Copy)]
enum Order {
    Big,
    Little,
}

struct Reader<'r, 'v> {
    visit: &'r mut Visit<'v>,
    cursor: Cursor<'v>,
    order: Order,
    /// What can be referred to again: symbols by name, nothing for others.
    symbols: Vec<Option<String>>,
    /// How many pieces of code what is being read is in.
    code: usize,
    functions: u64,
}

impl Reader<'_, '_> {
    fn whole(&mut self) -> Result<(), Stop> {
        let at = self.cursor.position();
        let version = self.number()?;
        self.cursor.skip(8)?;
        if version == 3 {
            let length = self.length()?;
            self.cursor.skip(length)?;
        } else if version != 2 {
            return Err(Stop::malformed(
                at,
                format!("there is no version {version}"),
            ));
        }
        self.item(0)
    }

    fn number(&mut self) -> Result<u32, Stop> {
        match self.order {
            Order::Big => self.cursor.u32_be(),
            Order::Little => self.cursor.u32(),
        }
    }

    /// A length, in the long form too.
    fn length(&mut self) -> Result<u64, Stop> {
        let at = self.cursor.position();
        match self.number()? {
            u32::MAX => {
                let high = u64::from(self.number()?);
                let low = u64::from(self.number()?);
                Ok(high << 32 | low)
            }
            short if short > i32::MAX.unsigned_abs() => {
                Err(Stop::malformed(at, "a length is negative"))
            }
            short => Ok(u64::from(short)),
        }
    }

    fn item(&mut self, depth: usize) -> Result<(), Stop> {
        let flags = self.number()?;
        self.value(flags, depth)
    }

    /// Skips `length` elements of `width` bytes.
    fn elements(&mut self, width: u64) -> Result<(), Stop> {
        let length = self.length()?;
        self.cursor.skip(length.saturating_mul(width))
    }

    fn value(&mut self, flags: u32, depth: usize) -> Result<(), Stop> {
        let at = self.cursor.position().saturating_sub(4);
        if depth > DEEPEST {
            return Err(Stop::Exhausted {
                what: "levels of an R object",
                limit: DEEPEST as u64,
            });
        }
        self.visit.work(4)?;
        let has_attributes = flags & 0x200 != 0;
        let inner = depth + 1;
        match flags & 0xff {
            // Nothing, and environments that are always there.
            0 | 241 | 242 | 250..=254 => return Ok(()),
            1 => {
                let name = self.text(inner)?;
                self.symbol(at, name.as_deref());
                self.symbols.push(name);
                return Ok(());
            }
            2 | 3 | 5 | 6 | 17 | 239 | 240 => return self.chain(flags, at, depth),
            4 => {
                self.symbols.push(None);
                self.cursor.skip(4)?;
                for _ in 0..4 {
                    self.item(inner)?;
                }
                return Ok(());
            }
            // A function of R itself, by its name.
            7 | 8 => {
                let length = self.length()?;
                let name = self.short_text(length)?;
                self.symbol(at, name.as_deref());
                return Ok(());
            }
            9 => {
                self.string()?;
                return Ok(());
            }
            10 | 13 => self.elements(4)?,
            14 => self.elements(8)?,
            15 => self.elements(16)?,
            16 | 19 | 20 => {
                let count = self.length()?;
                if count > self.cursor.remaining() / 4 {
                    return Err(Stop::malformed(
                        at,
                        format!("{count} values are announced and fewer fit"),
                    ));
                }
                for _ in 0..count {
                    self.item(inner)?;
                }
            }
            21 => {
                self.functions += 1;
                self.code += 1;
                let shared = self.number()?;
                if u64::from(shared) > self.cursor.remaining() {
                    return Err(Stop::malformed(at, "bytecode announces too many parts"));
                }
                self.bytecode(inner)?;
                self.code -= 1;
            }
            22 => {
                self.functions += 1;
                self.symbols.push(None);
                self.item(inner)?;
                self.item(inner)?;
            }
            23 => {
                self.functions += 1;
                self.symbols.push(None);
            }
            24 => {
                let length = self.length()?;
                let start = self.cursor.position();
                self.cursor.skip(length)?;
                self.constant(start, length)?;
            }
            25 => {}
            // A compact vector: its class, its state, its attributes.
            238 => {
                for _ in 0..3 {
                    self.item(inner)?;
                }
                return Ok(());
            }
            // Names of namespaces, packages, and of what a program keeps elsewhere.
            kind @ 247..=249 => {
                self.cursor.skip(4)?;
                let count = self.length()?;
                for _ in 0..count {
                    self.item(inner)?;
                }
                self.symbols.push(None);
                self.functions += u64::from(kind == 247);
                return Ok(());
            }
            255 => {
                let index = match flags >> 8 {
                    0 => self.number()?,
                    index => index,
                };
                let index = usize::try_from(index)
                    .ok()
                    .and_then(|index| index.checked_sub(1));
                let Some(name) = index.and_then(|index| self.symbols.get(index)).cloned() else {
                    return Err(Stop::malformed(at, "a reference leads nowhere"));
                };
                self.symbol(at, name.as_deref());
                return Ok(());
            }
            other => return Err(Stop::malformed(at, format!("there is no type {other}"))),
        }
        if has_attributes {
            self.item(inner)?;
        }
        Ok(())
    }

    /// A list of pairs, a call, a function, a promise: each has attributes, a tag, a value
    /// and what comes next. Long lists are read in a loop.
    fn chain(&mut self, first: u32, at: u64, depth: usize) -> Result<(), Stop> {
        let mut flags = first;
        let mut at = at;
        let mut entered = 0;
        loop {
            let kind = flags & 0xff;
            match kind {
                3 => {
                    self.functions += 1;
                    self.code += 1;
                    entered += 1;
                }
                5 => {
                    let message = "the object holds a promise, which runs when it is looked at";
                    self.visit.report(&CODE, Some(at..at + 4), message);
                    self.code += 1;
                    entered += 1;
                }
                6 | 240 => {
                    self.code += 1;
                    entered += 1;
                }
                _ => {}
            }
            self.visit.work(8)?;
            if flags & 0x200 != 0 || matches!(kind, 239 | 240) {
                self.item(depth + 1)?;
            }
            if flags & 0x400 != 0 {
                self.item(depth + 1)?;
            }
            self.item(depth + 1)?;
            at = self.cursor.position();
            flags = self.number()?;
            if !matches!(flags & 0xff, 2 | 3 | 5 | 6 | 17 | 239 | 240) {
                self.value(flags, depth + 1)?;
                self.code -= entered;
                return Ok(());
            }
        }
    }

    /// Bytecode: the code, then its constants.
    fn bytecode(&mut self, depth: usize) -> Result<(), Stop> {
        if depth > DEEPEST {
            return Err(Stop::Exhausted {
                what: "levels of an R object",
                limit: DEEPEST as u64,
            });
        }
        self.item(depth + 1)?;
        let count = self.number()?;
        for _ in 0..count {
            match self.number()? {
                21 => self.bytecode(depth + 1)?,
                kind @ (2 | 6 | 239 | 240 | 243 | 244) => self.language(kind, depth + 1)?,
                _ => self.item(depth + 1)?,
            }
        }
        Ok(())
    }

    /// A piece of language among the constants of bytecode.
    fn language(&mut self, first: u32, depth: usize) -> Result<(), Stop> {
        if depth > DEEPEST {
            return Err(Stop::Exhausted {
                what: "levels of an R object",
                limit: DEEPEST as u64,
            });
        }
        let mut kind = first;
        loop {
            self.visit.work(8)?;
            match kind {
                243 => return self.number().map(drop),
                244 => {
                    self.cursor.skip(4)?;
                    kind = self.number()?;
                    continue;
                }
                2 | 6 | 239 | 240 => {}
                _ => return self.item(depth + 1),
            }
            if matches!(kind, 239 | 240) {
                self.item(depth + 1)?;
            }
            self.item(depth + 1)?;
            let value = self.number()?;
            self.language(value, depth + 1)?;
            kind = self.number()?;
        }
    }

    /// A symbol in code may be a function that no model calls.
    fn symbol(&mut self, at: u64, name: Option<&str>) {
        let Some(name) = name.filter(|name| self.code > 0 && DANGEROUS.contains(name)) else {
            return;
        };
        let message = format!("the object calls `{}`", excerpt(name, 64));
        self.visit
            .report_about(&CODE, Some(at..at + 4), name, message);
    }

    /// The name of a symbol, which is a text with a head of its own.
    fn text(&mut self, depth: usize) -> Result<Option<String>, Stop> {
        let flags = self.number()?;
        if flags & 0xff != 9 {
            self.value(flags, depth)?;
            return Ok(None);
        }
        let length = self.number()?;
        if length == u32::MAX {
            return Ok(None);
        }
        self.short_text(u64::from(length))
    }

    fn short_text(&mut self, length: u64) -> Result<Option<String>, Stop> {
        if length > LONGEST_SYMBOL {
            self.cursor.skip(length)?;
            return Ok(None);
        }
        let bytes = self.cursor.bytes(usize::try_from(length).unwrap_or(0))?;
        Ok(Some(String::from_utf8_lossy(bytes).into_owned()))
    }

    /// A text that is a value.
    fn string(&mut self) -> Result<(), Stop> {
        let length = self.number()?;
        if length == u32::MAX {
            return Ok(());
        }
        let start = self.cursor.position();
        self.cursor.skip(u64::from(length))?;
        self.constant(start, u64::from(length))
    }

    fn constant(&mut self, start: u64, length: u64) -> Result<(), Stop> {
        /// Most bytes that are looked into.
        const MOST: u64 = 16 << 20;

        if (24..=MOST).contains(&length) {
            let range = start..start + length;
            let bytes = self.visit.read(range.clone())?;
            examine(self.visit, &bytes, range);
        }
        Ok(())
    }
}
