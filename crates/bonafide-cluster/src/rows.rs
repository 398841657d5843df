//! Files as tables, and their columns as what the questions are about.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, SchemaRef};
use datafusion::common::TableReference;
use datafusion::datasource::TableProvider;
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::{
    ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl,
};
use datafusion::prelude::SessionContext;
use url::Url;

use crate::scan::Columns;
use crate::sql::{Rows, identifier, literal};
use crate::{ClusterError, Shards};

/// What values of a column are compared as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Bytes,
    Whole,
    Truth,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Bytes => "bytes",
            Self::Whole => "whole numbers",
            Self::Truth => "truth values",
        }
    }

    fn of(kind: &DataType) -> Option<Self> {
        match kind {
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Some(Self::Text),
            DataType::Binary
            | DataType::LargeBinary
            | DataType::BinaryView
            | DataType::FixedSizeBinary(_) => Some(Self::Bytes),
            DataType::Boolean => Some(Self::Truth),
            DataType::Dictionary(_, values) => Self::of(values),
            kind if kind.is_integer() => Some(Self::Whole),
            _ => None,
        }
    }
}

/// The tables of a dataset, one for each split.
struct Table {
    name: String,
    split: Option<String>,
    schema: SchemaRef,
}

/// What the questions are asked of.
#[derive(Debug, Clone)]
pub(crate) struct Prepared {
    pub(crate) rows: Rows,
    /// Columns that records are compared by.
    pub(crate) compared: Vec<String>,
    /// Which of these are there as hashes.
    pub(crate) hashed: Vec<bool>,
    /// Attributes, in the order of `a0` and on.
    pub(crate) attributes: Vec<String>,
}

/// Makes tables of `shards`, and one query over all of them.
pub(crate) async fn prepare(
    context: &SessionContext,
    shards: &Shards,
    columns: &Columns,
) -> Result<Prepared, ClusterError> {
    columns.once()?;
    let mut splits: BTreeMap<Option<&str>, Vec<ListingTableUrl>> = BTreeMap::new();
    for shard in &shards.shards {
        let wrong = |reason: String| ClusterError::File {
            file: shard.path.clone(),
            reason,
        };
        if shard.path.to_str().is_none() {
            return Err(wrong("its name is not UTF-8".to_owned()));
        }
        // A URL of one file: nothing in it is a pattern, whatever the name.
        let url = Url::from_file_path(&shard.path)
            .map_err(|()| wrong("its path is not absolute".to_owned()))?;
        let url = ListingTableUrl::try_new(url, None).map_err(|error| wrong(error.to_string()))?;
        splits.entry(shard.split.as_deref()).or_default().push(url);
    }
    let mut tables = Vec::new();
    for (number, (split, urls)) in splits.into_iter().enumerate() {
        let name = format!("part{number}");
        let schema = register(context, &name, urls).await?;
        tables.push(Table {
            name,
            split: split.map(str::to_owned),
            schema,
        });
    }
    query(&tables, columns)
}

async fn register(
    context: &SessionContext,
    name: &str,
    urls: Vec<ListingTableUrl>,
) -> Result<SchemaRef, ClusterError> {
    let options = ListingOptions::new(Arc::new(ParquetFormat::new()))
        // Files were told by their content; any name will do.
        .with_file_extension("");
    let table = ListingTableConfig::new_with_multi_paths(urls)
        .with_listing_options(options)
        .infer_schema(&context.state())
        .await
        .and_then(ListingTable::try_new)
        .map_err(ClusterError::engine("cannot read the columns of the files"))?;
    let schema = table.schema();
    context
        .register_table(TableReference::bare(name), Arc::new(table))
        .map_err(ClusterError::engine("cannot make a table of the files"))?;
    Ok(schema)
}

fn query(tables: &[Table], columns: &Columns) -> Result<Prepared, ClusterError> {
    let mut known: Vec<&str> = Vec::new();
    for field in tables.iter().flat_map(|table| table.schema.fields()) {
        if !known.contains(&field.name().as_str()) {
            known.push(field.name());
        }
    }
    if let Some(name) = columns.named().find(|name| !known.contains(name)) {
        return Err(ClusterError::NoSuchColumn {
            name: name.to_owned(),
            columns: known.iter().take(100).map(ToString::to_string).collect(),
        });
    }
    let unused = |name: &&str| {
        let said = [&columns.label, &columns.key];
        !said.into_iter().flatten().any(|said| said == name)
    };
    let compared: Vec<String> = match columns.text.is_empty() {
        false => columns.text.clone(),
        true => known
            .iter()
            .copied()
            .filter(unused)
            .map(str::to_owned)
            .collect(),
    };
    if compared.is_empty() {
        return Err(ClusterError::NothingToCompare);
    }
    let hint = match columns.text.is_empty() {
        true => "name the columns to compare by with --text, or compare with the embedded scan",
        false => "",
    };
    let mut hashed = Vec::new();
    for name in &compared {
        let kind = one_kind(tables, name, hint)?;
        hashed.push(matches!(kind, Kind::Text | Kind::Bytes));
    }
    let shown = columns.label.iter().chain(&columns.attributes);
    for name in shown {
        if one_kind(tables, name, "")? == Kind::Bytes {
            return Err(ClusterError::Kind {
                name: name.clone(),
                kind: "bytes".to_owned(),
                hint: "a label or attribute cannot be bytes",
            });
        }
    }
    let selects: Vec<String> = tables
        .iter()
        .map(|table| table.select(columns, &compared, &hashed))
        .collect();
    Ok(Prepared {
        rows: Rows {
            query: selects.join(" UNION ALL "),
            keys: compared.len(),
        },
        compared,
        hashed,
        attributes: columns.attributes.clone(),
    })
}

/// What a column holds in all tables that have it.
fn one_kind(tables: &[Table], name: &str, hint: &'static str) -> Result<Kind, ClusterError> {
    let mut found: Option<Kind> = None;
    for table in tables {
        let Some(field) = table.field(name) else {
            continue;
        };
        let kind = Kind::of(field).ok_or_else(|| ClusterError::Kind {
            name: name.to_owned(),
            kind: field.to_string(),
            hint,
        })?;
        match found {
            Some(before) if before != kind => {
                return Err(ClusterError::Mixed {
                    name: name.to_owned(),
                    one: before.name(),
                    other: kind.name(),
                });
            }
            _ => found = Some(kind),
        }
    }
    found.ok_or_else(|| ClusterError::NoSuchColumn {
        name: name.to_owned(),
        columns: Vec::new(),
    })
}

impl Table {
    fn field(&self, name: &str) -> Option<&DataType> {
        let field = self.schema.field_with_name(name).ok()?;
        Some(field.data_type())
    }

    /// Its rows, with our names for the columns.
    fn select(&self, columns: &Columns, compared: &[String], hashed: &[bool]) -> String {
        let mut select = vec![match &self.split {
            Some(split) => format!("CAST({} AS VARCHAR) AS split", literal(split)),
            None => "CAST(NULL AS VARCHAR) AS split".to_owned(),
        }];
        for (number, name) in compared.iter().enumerate() {
            let value = match hashed.get(number) {
                Some(true) => self.hash(name),
                _ => self.text(name),
            };
            select.push(format!("{value} AS k{number}"));
        }
        let label = columns.label.as_deref().map(|name| self.text(name));
        let label = label.unwrap_or_else(|| "CAST(NULL AS VARCHAR)".to_owned());
        select.push(format!("{label} AS label"));
        for (number, name) in columns.attributes.iter().enumerate() {
            select.push(format!("{} AS a{number}", self.text(name)));
        }
        format!("SELECT {} FROM {}", select.join(", "), self.name)
    }

    /// A value as text; null where the table does not have the column.
    fn text(&self, name: &str) -> String {
        match self.field(name) {
            Some(_) => format!("CAST({} AS VARCHAR)", identifier(name)),
            None => "CAST(NULL AS VARCHAR)".to_owned(),
        }
    }

    /// SHA-256 of a value: as good as the value where nobody finds two of one hash, and as
    /// short for a novel as for a word when it goes from machine to machine.
    fn hash(&self, name: &str) -> String {
        let value = match self.field(name) {
            None => "CAST(NULL AS VARCHAR)".to_owned(),
            Some(DataType::Dictionary(_, values)) => match Kind::of(values) {
                Some(Kind::Bytes) => format!("CAST({} AS BYTEA)", identifier(name)),
                _ => format!("CAST({} AS VARCHAR)", identifier(name)),
            },
            Some(DataType::FixedSizeBinary(_)) => format!("CAST({} AS BYTEA)", identifier(name)),
            Some(_) => identifier(name),
        };
        format!("sha256({value})")
    }
}
