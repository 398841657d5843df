//! Python modules beside the weights: parsed, never run, and read for what they do when they
//! are imported, when their classes are used, and when somebody calls them.

mod effect;
mod names;
mod nesting;
mod place;
mod shell;
mod walk;

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use bonafide_core::{Severity, ThreatId, excerpt};
use ruff_python_ast::{Mod, PySourceType};
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};

use crate::coverage::State;
use crate::defect::Defect;
use crate::format::{Depth, Effect as FormatEffect, Format, Likeness};
use crate::inspection::FileInspection;
use crate::relation::Misfit;
use crate::route::Probe;
use crate::rule::{Confidence, Hazard, Rule};
use crate::stop::Stop;
use crate::visit::Visit;

use effect::Effect;
use walk::{Act, Moment, Program};

/// A Python module. It has no signature, and interpreters take it by name.
pub(crate) const PYTHON: Format = Format {
    name: "python",
    title: "Python module",
    extensions: &["py", "pyw"],
    effect: FormatEffect::Code,
    depth: Depth::Structure,
    probe,
    inspect,
};

pub(crate) const RULES: &[&Rule] = &[
    &IMPORT_EXECUTION,
    &IMPORT_EFFECT,
    &IMPORT_ACCESS,
    &HIDDEN_PROGRAM,
    &DOWNLOADED_PROGRAM,
    &USE_EXECUTION,
    &DANGEROUS_CALL,
    &ACCESS,
    &INSTALLATION,
    &UNPARSABLE,
    &ENCODING,
    &DATA_SET_SCRIPT,
    &HANDLER,
];

const THREATS: &[ThreatId] = &[ThreatId("ART-02")];

const IMPORT_EXECUTION: Rule = Rule {
    slug: "python-import-time-execution",
    title: "Module that starts a program or evaluates text when it is imported",
    hazard: Hazard::CodeInRepository,
    severity: Severity::Critical,
    confidence: Confidence::Likely,
    rationale: "Importing is all a loader has to do. A module that brings the classes of a model has no reason \
        to run anything by then.",
    remediation: "Do not load the model with `trust_remote_code`; read the module first.",
    threats: THREATS,
    cwe: &[506, 94, 78],
    cve: &[],
    atlas: &["AML.T0011.000", "AML.T0018.002"],
};

const IMPORT_EFFECT: Rule = Rule {
    slug: "python-import-time-effect",
    title: "Module that uses the network, removes files, writes below the home folder or loads its own machine code \
        when it is imported",
    hazard: Hazard::CodeInRepository,
    severity: Severity::High,
    confidence: Confidence::Likely,
    rationale: "Importing is all a loader has to do. What is fetched, sent, removed, written or loaded by then is \
        nobody's choice.",
    remediation: "Do not load the model with `trust_remote_code`; read the module first.",
    threats: THREATS,
    cwe: &[506, 829],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

const IMPORT_ACCESS: Rule = Rule {
    slug: "python-import-time-access",
    title: "Module that writes files, loads machine code or unpickles when it is imported",
    hazard: Hazard::CodeInRepository,
    severity: Severity::Medium,
    confidence: Confidence::Possible,
    rationale: "What it does depends on what it writes or loads, which is not in the module.",
    remediation: "Read the module.",
    threats: THREATS,
    cwe: &[829],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

const HIDDEN_PROGRAM: Rule = Rule {
    slug: "python-hidden-program",
    title: "Module that runs a program which is decoded or fetched first",
    hazard: Hazard::CodeInRepository,
    severity: Severity::Critical,
    confidence: Confidence::Likely,
    rationale: "Text that has to be decoded or fetched before it is run is hidden from whoever reads the module.",
    remediation: "Do not use the module.",
    threats: THREATS,
    cwe: &[506, 95],
    cve: &[],
    atlas: &["AML.T0011.000", "AML.T0018.002"],
};

const DOWNLOADED_PROGRAM: Rule = Rule {
    slug: "notebook-downloaded-program",
    title: "Notebook that downloads a program and runs it",
    hazard: Hazard::CodeInRepository,
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    rationale: "What is downloaded is not in the notebook, and can be another program each time.",
    remediation: "Read what is downloaded before the cell is run.",
    threats: THREATS,
    cwe: &[494],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

const USE_EXECUTION: Rule = Rule {
    slug: "python-load-time-execution",
    title: "Class of a model or handler that starts a program when it is built or called",
    hazard: Hazard::CodeInRepository,
    severity: Severity::High,
    confidence: Confidence::Likely,
    rationale: "A loader builds the class, and every use of the model calls it. To start programs is no part of \
        computing a model.",
    remediation: "Read the method before anything of the model is loaded.",
    threats: THREATS,
    cwe: &[506, 78],
    cve: &[],
    atlas: &["AML.T0011.000", "AML.T0018.002"],
};

const DANGEROUS_CALL: Rule = Rule {
    slug: "python-dangerous-call",
    title: "Function that starts a program, evaluates text, unpickles or loads machine code",
    hazard: Hazard::CodeInRepository,
    severity: Severity::Medium,
    confidence: Confidence::Possible,
    rationale: "It does so when somebody calls it, with what it is given then.",
    remediation: "Read the function.",
    threats: THREATS,
    cwe: &[94, 78, 502],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

const ACCESS: Rule = Rule {
    slug: "python-access",
    title: "Function that uses the network or changes files",
    hazard: Hazard::CodeInRepository,
    severity: Severity::Low,
    confidence: Confidence::Possible,
    rationale: "It does so when somebody calls it. Programs beside models often fetch or save something.",
    remediation: "Read the function if the program is going to be used.",
    threats: THREATS,
    cwe: &[829],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

const INSTALLATION: Rule = Rule {
    slug: "python-installation",
    title: "Installation script that starts programs, evaluates text or uses the network",
    hazard: Hazard::CodeInRepository,
    severity: Severity::Medium,
    confidence: Confidence::Possible,
    rationale: "`pip install` runs it. Honest scripts ask git for a version and read it from a file; others \
        do more.",
    remediation: "Read the script, or install from a wheel.",
    threats: &[ThreatId("ART-02"), ThreatId("DEP-01")],
    cwe: &[829],
    cve: &[],
    atlas: &["AML.T0011.001"],
};

const UNPARSABLE: Rule = Rule {
    slug: "python-unparsable",
    title: "Module that cannot be parsed",
    hazard: Hazard::CodeInRepository,
    severity: Severity::Medium,
    confidence: Confidence::Possible,
    rationale: "Nothing can be said of what it does. An interpreter of another version may take it.",
    remediation: "Find out what the file is; remove it if it is of no use.",
    threats: THREATS,
    cwe: &[20],
    cve: &[],
    atlas: &["AML.T0076"],
};

const ENCODING: Rule = Rule {
    slug: "python-source-encoding",
    title: "Module in an encoding that hides what it says",
    hazard: Hazard::CodeInRepository,
    severity: Severity::High,
    confidence: Confidence::Likely,
    rationale: "The interpreter decodes the file before it reads it (PEP 263): what looks like a comment can be \
        a program.",
    remediation: "Do not use the module.",
    threats: THREATS,
    cwe: &[506, 838],
    cve: &[],
    atlas: &["AML.T0018.002"],
};

const DATA_SET_SCRIPT: Rule = Rule {
    slug: "dataset-script",
    title: "Program that builds a data set",
    hazard: Hazard::CodeInRepository,
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    rationale: "Loading the data set runs it: older releases of `datasets` without asking, newer ones not at all.",
    remediation: "Use the data as files, or read the program first.",
    threats: THREATS,
    cwe: &[829],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

const HANDLER: Rule = Rule {
    slug: "serving-handler",
    title: "Program that serves the model",
    hazard: Hazard::CodeInRepository,
    severity: Severity::Low,
    confidence: Confidence::Certain,
    rationale: "Inference servers that find a file of this name run it instead of their own.",
    remediation: "Read it before the model is deployed.",
    threats: THREATS,
    cwe: &[829],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

/// Longest module that is parsed. The longest of transformers have some 300 kB.
const LONGEST: u64 = 2 << 20;

/// Stack of the thread that parses. The nesting is bounded; this is ample for it.
const STACK: usize = 64 << 20;

/// What a module does when its classes are used, for the configurations that name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PythonAct {
    pub(crate) name: String,
    /// The function that does it.
    pub(crate) function: String,
    pub(crate) message: String,
    pub(crate) range: Range<u64>,
}

/// A function of another module that importing a module calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SiblingCall {
    pub(crate) module: String,
    pub(crate) function: String,
}

/// Finds functions that start programs and that importing another module calls.
pub(crate) fn relate(files: &[FileInspection]) -> Vec<Misfit> {
    let mut misfits = Vec::new();
    let mut acting: HashMap<String, &FileInspection> = HashMap::new();
    for file in files
        .iter()
        .filter(|file| !file.links.python_acts.is_empty())
    {
        if let Some(stem) = file.name.to_string().strip_suffix(".py") {
            acting.insert(stem.to_owned(), file);
        }
    }
    if acting.is_empty() {
        return misfits;
    }
    for caller in files {
        let path = caller.name.to_string();
        let folder = path.rsplit_once('/').map(|(folder, _)| folder);
        for call in &caller.links.sibling_calls {
            let module = call.module.replace('.', "/");
            let stem = match folder {
                Some(folder) => format!("{folder}/{module}"),
                None => module,
            };
            let Some(file) = acting.get(&stem) else {
                continue;
            };
            let built = format!("{}.__init__", call.function);
            for act in &file.links.python_acts {
                if act.function != call.function && act.function != built {
                    continue;
                }
                let message = format!(
                    "{}, which importing {} calls",
                    act.message,
                    excerpt(&path, 120)
                );
                misfits.push(Misfit {
                    file: file.name.clone(),
                    defect: Defect {
                        rule: &IMPORT_EXECUTION,
                        body: String::new(),
                        range: Some(act.range.clone()),
                        about: Some(act.name.clone()),
                        message,
                    },
                });
            }
        }
    }
    misfits
}

fn probe(probe: &Probe<'_>) -> Likeness {
    let name = probe.name.to_ascii_lowercase();
    // What has NULs no interpreter takes; it may be a pickle with another name.
    let named = name.ends_with(".py") || name.ends_with(".pyw");
    if (named || crate::executable::is_python(probe.head)) && !probe.head.contains(&0) {
        Likeness::Possible
    } else {
        Likeness::No
    }
}

fn inspect(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let size = visit.size();
    let bytes = crate::document::whole(visit, "bytes of a Python module", LONGEST)?;
    let embedded = visit.path().contains('!');
    if let Some(encoding) = strange_encoding(&bytes) {
        let message = format!("the encoding is `{}`", excerpt(&encoding, 40));
        visit.report_about(&ENCODING, None, &encoding, message);
    }
    // Where a byte of ASCII can be the second half of a character, a backslash or a quote
    // need not be one, and nothing in here tells which.
    if !bytes.is_ascii()
        && declared_encodings(&bytes)
            .iter()
            .any(|name| is_shifted(name))
    {
        return Err(Stop::unsupported(
            "a Python program in an encoding of two bytes",
        ));
    }
    // An old encoding of one byte for a character: only comments and texts have any.
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    };
    let offset = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let source = text.get(offset..).unwrap_or_default();
    match parsed(source, Mode::Module)? {
        Outcome::Program(program) => {
            judge(visit, &program, offset as u64);
            visit.cover_all();
        }
        Outcome::Unparsable { at, message } if !embedded => {
            let at = at + offset as u64;
            let message = format!("not a Python 3 module: {}", excerpt(&message, 150));
            visit.report(&UNPARSABLE, Some(at..at), message);
            visit.cover(0..size, State::Skipped("it could not be parsed".to_owned()));
        }
        // What TorchScript writes is nearly Python; whoever reads the archive says what it is.
        Outcome::Unparsable { .. } => visit.cover(0..size, State::Identified),
    }
    Ok(())
}

/// What came of parsing.
enum Outcome {
    Program(Program),
    Unparsable { at: u64, message: String },
}

/// Parses and examines a program, on a stack of its own.
fn parsed(source: &str, mode: Mode) -> Result<Outcome, Stop> {
    parsed_all(&[source], mode)?.pop().unwrap_or_else(failed)
}

/// The same for many programs, for which one stack is enough.
fn parsed_all(sources: &[&str], mode: Mode) -> Result<Vec<Result<Outcome, Stop>>, Stop> {
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().stack_size(STACK);
        let all = || sources.iter().map(|source| shallow(source, mode)).collect();
        let thread = builder.spawn_scoped(scope, all);
        // Without a thread, or if the parser failed, nothing was read.
        let thread = thread.map_err(|_| Stop::unsupported("this Python program"))?;
        thread.join().or_else(|_| failed())
    })
}

fn failed<T>() -> Result<T, Stop> {
    Err(Stop::unsupported("this Python program"))
}

fn shallow(source: &str, mode: Mode) -> Result<Outcome, Stop> {
    if nesting::is_shallow(source, mode) {
        return Ok(examined(source, mode));
    }
    Err(Stop::Exhausted {
        what: "levels of nesting",
        limit: nesting::DEEPEST as u64,
    })
}

fn examined(source: &str, mode: Mode) -> Outcome {
    let options = match mode {
        Mode::Ipython => ParseOptions::from(PySourceType::Ipynb),
        _ => ParseOptions::from(PySourceType::Python),
    };
    let parsed = parse_unchecked(source, options);
    if let Some(error) = parsed.errors().first() {
        return Outcome::Unparsable {
            at: u64::from(error.location.start().to_u32()),
            message: error.error.to_string(),
        };
    }
    match parsed.into_syntax() {
        Mod::Module(module) => Outcome::Program(walk::examine(&module.body)),
        Mod::Expression(_) => Outcome::Program(Program::default()),
    }
}

/// Reports what a program does.
fn judge(visit: &mut Visit<'_>, program: &Program, offset: u64) {
    visit
        .facts()
        .add_metadata("definitions", &program.definitions.to_string());
    let name = visit.name().to_ascii_lowercase();
    for (constant, range) in &program.constants {
        let range = offset + range.start..offset + range.end;
        crate::payload::examine(visit, constant, range);
    }
    let serves = matches!(name.as_str(), "handler.py" | "inference.py");
    for (module, function) in &program.sibling_calls {
        visit.links().add_sibling_call(SiblingCall {
            module: module.clone(),
            function: function.clone(),
        });
    }
    if serves {
        let message = "servers run it in place of their own program";
        visit.report(&HANDLER, None, message);
    }
    for (class, range) in &program.data_sets {
        let message = format!("the class `{}` builds a data set", excerpt(class, 80));
        visit.report(&DATA_SET_SCRIPT, Some(range.clone()), message);
    }
    let installs = name == "setup.py";
    let mut said = BTreeSet::new();
    for act in &program.acts {
        // A server calls whatever it finds in it.
        let served = serves && act.moment == Moment::Call && act.function != "__main__";
        let rule = match act.effect {
            Effect::Process if served && !act.hidden && !act.mention => &USE_EXECUTION,
            _ => rule_of(act, installs),
        };
        // The same call in the same function is said once.
        if !said.insert((rule.slug, &act.name, &act.function)) {
            continue;
        }
        let range = offset + act.range.start..offset + act.range.end;
        let message = sentence(act);
        let process = (act.effect == Effect::Process && !act.mention) || act.hidden;
        if process && act.moment != Moment::Import && rule.severity == Severity::Medium {
            visit.links().add_python_act(PythonAct {
                name: act.name.clone(),
                function: act.function.clone(),
                message: message.clone(),
                range: range.clone(),
            });
        }
        visit.report_about(rule, Some(range), &act.name, message);
    }
}

fn sentence(act: &Act) -> String {
    let what = excerpt(&act.name, 80);
    let place = match (act.moment, act.function.as_str()) {
        (Moment::Import, "") => "when the module is imported".to_owned(),
        (Moment::Import, function) => {
            format!(
                "in `{}`, which importing the module calls",
                excerpt(function, 80)
            )
        }
        (Moment::Use, function) => {
            format!(
                "in `{}`, which using the model calls",
                excerpt(function, 80)
            )
        }
        (Moment::Call, function) => format!("in `{}`", excerpt(function, 80)),
    };
    let how = if act.hidden {
        ", of what is decoded or fetched"
    } else {
        ""
    };
    format!("`{what}` {}{how}, {place}", act.effect.text())
}

fn rule_of(act: &Act, installs: bool) -> &'static Rule {
    use Effect::{
        Deserialisation, Evaluation, Foreign, Import, Loading, Native, Network, OwnNative, Process,
        Reflection, Removal, Writing,
    };
    if act.hidden {
        return &HIDDEN_PROGRAM;
    }
    if act.mention {
        return match (act.moment, act.effect) {
            (_, Process | Evaluation) => &DANGEROUS_CALL,
            (Moment::Import | Moment::Use, Reflection | Loading) | (Moment::Import, Writing) => {
                &DANGEROUS_CALL
            }
            _ => &ACCESS,
        };
    }
    match (act.moment, act.effect) {
        (Moment::Import, Import) => &ACCESS,
        (Moment::Import, Process | Evaluation | Network) if installs => &INSTALLATION,
        (Moment::Import, _) if installs => &ACCESS,
        (Moment::Import, Process | Evaluation) => &IMPORT_EXECUTION,
        (Moment::Import, Network | Removal | Foreign | OwnNative) => &IMPORT_EFFECT,
        (Moment::Import, Writing | Native | Deserialisation | Loading | Reflection) => {
            &IMPORT_ACCESS
        }
        (Moment::Use, Process) => &USE_EXECUTION,
        (_, Process | Evaluation | Native | OwnNative | Deserialisation)
        | (Moment::Use, Foreign | Network | Reflection) => &DANGEROUS_CALL,
        (_, Network | Removal | Writing | Foreign | Import | Loading | Reflection) => &ACCESS,
    }
}

/// What the code of a notebook's cells does, in words. What is hidden is reported.
pub(crate) fn examine_cells(
    visit: &mut Visit<'_>,
    cells: &[(String, Range<u64>)],
) -> BTreeSet<&'static str> {
    let mut effects = BTreeSet::new();
    let mut read = Vec::new();
    for (source, range) in cells {
        // Cells of other languages start with two percent signs; some are for a shell.
        let shells = ["%%bash", "%%sh", "%%script", "%%cmd", "%%system", "%%!"];
        let start = source.trim_start();
        let is_shell = shells.iter().any(|shell| start.starts_with(shell));
        let lines: String = start
            .lines()
            .filter(|line| is_shell || line.trim_start().starts_with(['!', '%']))
            .flat_map(|line| [line.trim_start().trim_start_matches(['!', '%']), "\n"])
            .collect();
        if let Some(fetched) = shell::fetched(&lines) {
            effects.insert("fetch programs and run them");
            let rule = match fetched {
                shell::Fetched::Hidden => &HIDDEN_PROGRAM,
                shell::Fetched::Downloaded => &DOWNLOADED_PROGRAM,
            };
            let message = "a cell has a shell run what it fetches or decodes";
            visit.report(rule, Some(range.clone()), message);
        }
        if is_shell {
            effects.insert(Effect::Process.text());
        } else if source.len() as u64 <= LONGEST && !start.starts_with("%%") {
            read.push((source.as_str(), range));
        }
    }
    let sources: Vec<&str> = read.iter().map(|(source, _)| *source).collect();
    let Ok(outcomes) = parsed_all(&sources, Mode::Ipython) else {
        return effects;
    };
    for (outcome, (_, range)) in outcomes.iter().zip(&read) {
        let Ok(Outcome::Program(program)) = outcome else {
            continue;
        };
        for act in &program.acts {
            effects.insert(act.effect.text());
            if act.hidden {
                let range = Some((*range).clone());
                visit.report_about(&HIDDEN_PROGRAM, range, &act.name, sentence(act));
            }
        }
    }
    effects
}

/// The encoding that the first two lines declare (PEP 263), if it is one in which a program
/// can look like something else.
fn strange_encoding(bytes: &[u8]) -> Option<String> {
    const ORDINARY: &[&str] = &[
        "utf-8",
        "utf8",
        "utf-8-sig",
        "ascii",
        "us-ascii",
        "latin-1",
        "latin1",
        "iso-8859-1",
        "iso-8859-15",
        "cp1252",
        "windows-1252",
        "gbk",
        "gb2312",
        "euc-jp",
        "koi8-r",
        "cp1251",
        "big5",
        "euc-kr",
        "cp949",
        "shift_jis",
        "shift-jis",
        "utf-8-unix",
        "utf_8",
        "iso8859-1",
        "iso_8859_1",
        "cp936",
    ];
    let mut declared = declared_encodings(bytes).into_iter();
    declared.find(|name| !ORDINARY.contains(&name.as_str()))
}

/// Encodings in which the second byte of a character can be one of ASCII.
fn is_shifted(name: &str) -> bool {
    matches!(
        name,
        "gbk" | "big5" | "cp949" | "shift_jis" | "shift-jis" | "cp936"
    )
}

/// Every encoding that the first two lines can be taken to declare, in lower case. The
/// first of them counts for interpreters, and what a line is differs among them.
fn declared_encodings(bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for line in bytes.split(|byte| matches!(byte, b'\n' | b'\r')).take(4) {
        let line = line.get(..line.len().min(64 << 10)).unwrap_or_default();
        let line = String::from_utf8_lossy(line);
        let line = line.trim_start_matches('\u{feff}').trim_start();
        if !line.starts_with('#') {
            continue;
        }
        for rest in line.split("coding").skip(1) {
            let Some(rest) = rest.strip_prefix([':', '=']) else {
                continue;
            };
            let name: String = rest
                .trim_start_matches([' ', '\t'])
                .chars()
                .take_while(|letter| {
                    letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.')
                })
                .collect();
            if !name.is_empty() && found.len() < 16 {
                found.push(name.to_ascii_lowercase());
            }
        }
    }
    found
}

#[cfg(test)]
mod tests;
