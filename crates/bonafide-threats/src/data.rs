//! Reading the data, each file when it is first asked for.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::category::Category;
use crate::crosswalk::{Mapping, Relation, Verification};
use crate::framework::Framework;
use crate::threat::Threat;

const THREATS: &str = include_str!("../data/threats.toml");
const FRAMEWORKS: &str = include_str!("../data/frameworks.toml");
const CATEGORIES: &str = include_str!("../data/categories.toml");
const CROSSWALK: &str = include_str!("../data/crosswalk.csv");

/// Columns of the crosswalk, in their order.
const COLUMNS: [&str; 8] = [
    "threat",
    "framework",
    "version",
    "reference",
    "title",
    "relation",
    "source",
    "verification",
];

/// Threats, frameworks and categories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalogue {
    /// In the order in which they are listed.
    pub threats: Vec<Threat>,
    /// One for each version.
    pub frameworks: Vec<Framework>,
    /// Of ISO/IEC 27090, as far as they are public.
    pub categories: Vec<Category>,
}

/// Why data cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// Not the TOML that is expected.
    #[error("{file}: {source}")]
    Toml {
        /// Which file.
        file: &'static str,
        /// Where and why.
        source: toml::de::Error,
    },
    /// Not the CSV that is expected.
    #[error("crosswalk.csv: {source}")]
    Csv {
        /// Where and why.
        #[from]
        source: csv::Error,
    },
    /// Other columns.
    #[error("crosswalk.csv: the columns are {found}, not {}", COLUMNS.join(","))]
    Columns {
        /// Those that are there.
        found: String,
    },
}

/// The embedded catalogue.
#[must_use]
#[expect(
    clippy::expect_used,
    reason = "the data is part of the program, and a test reads it"
)]
pub fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| {
        Catalogue::parse(THREATS, FRAMEWORKS, CATEGORIES).expect("embedded data can be read")
    })
}

/// The embedded crosswalk, by threat.
#[must_use]
#[expect(
    clippy::expect_used,
    reason = "the data is part of the program, and a test reads it"
)]
pub fn crosswalk() -> &'static [Mapping] {
    static MAPPINGS: OnceLock<Vec<Mapping>> = OnceLock::new();
    MAPPINGS.get_or_init(|| mappings(CROSSWALK).expect("embedded data can be read"))
}

impl Catalogue {
    /// Reads the three files.
    pub fn parse(threats: &str, frameworks: &str, categories: &str) -> Result<Self, DataError> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Threats {
            threat: Vec<Threat>,
        }
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Frameworks {
            framework: Vec<Framework>,
        }
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Categories {
            category: Vec<Category>,
        }
        Ok(Self {
            threats: read::<Threats>("threats.toml", threats)?.threat,
            frameworks: read::<Frameworks>("frameworks.toml", frameworks)?.framework,
            categories: read::<Categories>("categories.toml", categories)?.category,
        })
    }

    /// The threat with this id, in upper or lower case.
    #[must_use]
    pub fn threat(&self, id: &str) -> Option<&Threat> {
        let same = |threat: &&Threat| threat.id.eq_ignore_ascii_case(id);
        self.threats.iter().find(same)
    }

    /// A framework in a version.
    #[must_use]
    pub fn framework(&self, id: &str, version: &str) -> Option<&Framework> {
        let mut all = self.frameworks.iter();
        all.find(|framework| framework.id == id && framework.version == version)
    }

    /// The groups of threats, in order.
    #[must_use]
    pub fn groups(&self) -> Vec<&str> {
        let mut groups: Vec<&str> = Vec::new();
        for threat in &self.threats {
            if !groups.contains(&threat.group.as_str()) {
                groups.push(&threat.group);
            }
        }
        groups
    }
}

fn read<'a, T: Deserialize<'a>>(file: &'static str, text: &'a str) -> Result<T, DataError> {
    toml::from_str(text).map_err(|source| DataError::Toml { file, source })
}

/// Reads a crosswalk.
pub(crate) fn mappings(text: &str) -> Result<Vec<Mapping>, DataError> {
    #[derive(Deserialize)]
    struct Row {
        threat: String,
        framework: String,
        version: String,
        reference: String,
        title: String,
        relation: Relation,
        source: String,
        verification: Verification,
    }
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers = reader.headers()?;
    if headers.iter().ne(COLUMNS) {
        return Err(DataError::Columns {
            found: headers.iter().collect::<Vec<_>>().join(","),
        });
    }
    let headers = headers.clone();
    let mut mappings = Vec::new();
    for record in reader.records() {
        let record = record?;
        let row: Row = record.deserialize(Some(&headers))?;
        mappings.push(Mapping {
            threat: row.threat,
            framework: row.framework,
            version: row.version,
            reference: row.reference,
            title: row.title,
            relation: row.relation,
            source: row.source,
            verification: row.verification,
            line: record.position().map_or(0, csv::Position::line),
        });
    }
    Ok(mappings)
}
