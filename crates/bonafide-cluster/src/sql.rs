//! Questions in SQL.
//!
//! Names of columns, values and splits are other people's text. They come in quoted, by
//! [`identifier`] and [`literal`], and tables have names of ours. File names are never in
//! the text of a query.

use std::fmt::Write;

/// A name as an identifier: in double quotes, those in it doubled.
#[must_use]
pub fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Text as a value: in single quotes, those in it doubled. A backslash means itself.
#[must_use]
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// What records have in common, whatever file they are from: a row for each record, with
/// the columns `split`, `k0` and on (what records are compared by), `label`, and `a0` and
/// on (attributes).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows {
    /// A query.
    pub query: String,
    /// How many columns `k…` there are.
    pub keys: usize,
}

impl Rows {
    fn keys(&self) -> String {
        let keys: Vec<String> = (0..self.keys).map(|key| format!("k{key}")).collect();
        keys.join(", ")
    }

    /// The same, with bytes as hexadecimal digits where `bytes` says so.
    fn shown(&self, bytes: &[bool]) -> String {
        let mut shown = String::new();
        for key in 0..self.keys {
            let _ = match bytes.get(key) {
                Some(true) => write!(shown, "encode(k{key}, 'hex') AS k{key}, "),
                _ => write!(shown, "k{key}, "),
            };
        }
        shown
    }

    /// One row for each value that records have: `n` records of it, and whether they have
    /// more than one label (`conflict`) and split (`leak`), as 0 or 1.
    ///
    /// Smallest and largest tell that as well as a set of all would, and need no memory.
    /// Null is equal to null in `GROUP BY`, and is passed over by `min` and `max`.
    fn groups(&self) -> String {
        format!(
            "SELECT {keys}, count(*) AS n, \
             CASE WHEN min(label) <> max(label) THEN 1 ELSE 0 END AS conflict, \
             CASE WHEN min(split) <> max(split) THEN 1 ELSE 0 END AS leak \
             FROM ({rows}) AS r GROUP BY {keys}",
            keys = self.keys(),
            rows = self.query,
        )
    }

    /// One row: `records`, those that are null in all keys (`empty`), `clusters` of two or
    /// more equal ones, `clustered` records in them, and how many clusters are `conflicts`
    /// and `leaks`.
    #[must_use]
    pub fn totals(&self) -> String {
        let null: Vec<String> = (0..self.keys)
            .map(|key| format!("k{key} IS NULL"))
            .collect();
        let null = null.join(" AND ");
        let sum = |what: &str, name: &str| format!("coalesce(sum({what}), 0) AS {name}");
        format!(
            "SELECT {}, {}, {}, {}, {}, {} FROM ({}) AS g",
            sum("n", "records"),
            sum(&format!("CASE WHEN {null} THEN n ELSE 0 END"), "empty"),
            sum("CASE WHEN n > 1 THEN 1 ELSE 0 END", "clusters"),
            sum("CASE WHEN n > 1 THEN n ELSE 0 END", "clustered"),
            sum("CASE WHEN n > 1 THEN conflict ELSE 0 END", "conflicts"),
            sum("CASE WHEN n > 1 THEN leak ELSE 0 END", "leaks"),
            self.groups(),
        )
    }

    /// The `most` largest clusters for which `only` holds: their keys and `n`, largest
    /// first, then by key.
    #[must_use]
    pub fn largest(&self, only: Only, bytes: &[bool], most: usize) -> String {
        let only = match only {
            Only::All => "",
            Only::Conflicts => " AND conflict = 1",
            Only::Leaks => " AND leak = 1",
        };
        format!(
            "SELECT {}n FROM ({}) AS g WHERE n > 1{only} ORDER BY n DESC, {} LIMIT {most}",
            self.shown(bytes),
            self.groups(),
            self.keys(),
        )
    }

    /// For records of some `values`: keys, `label`, `split`, and how many have them, at
    /// most `most` rows, those with most records.
    #[must_use]
    pub fn members(&self, values: &[Vec<Option<String>>], bytes: &[bool], most: usize) -> String {
        let one = |value: &Vec<Option<String>>| {
            let equal = value.iter().enumerate().map(|(key, part)| match part {
                None => format!("k{key} IS NULL"),
                Some(part) if bytes.get(key) == Some(&true) => {
                    format!("k{key} = decode({}, 'hex')", literal(part))
                }
                Some(part) => format!("k{key} = {}", literal(part)),
            });
            format!("({})", equal.collect::<Vec<_>>().join(" AND "))
        };
        let any: Vec<String> = values.iter().map(one).collect();
        format!(
            "SELECT {shown}label, split, n FROM (SELECT {keys}, label, split, count(*) AS n \
             FROM ({rows}) AS r WHERE {any} GROUP BY {keys}, label, split) AS g \
             ORDER BY n DESC, {keys}, label, split LIMIT {most}",
            shown = self.shown(bytes),
            keys = self.keys(),
            rows = self.query,
            any = any.join(" OR "),
        )
    }

    /// How many records have a value in `column`: one row, `n`.
    #[must_use]
    pub fn present(&self, column: &str) -> String {
        let column = identifier(column);
        format!("SELECT count({column}) AS n FROM ({}) AS r", self.query)
    }

    /// How many records have each value of `column`: `value` and `n`, at most `most` rows,
    /// those with most records.
    #[must_use]
    pub fn population(&self, column: &str, most: usize) -> String {
        let column = identifier(column);
        format!(
            "SELECT {column} AS value, count(*) AS n FROM ({}) AS r \
             WHERE {column} IS NOT NULL GROUP BY {column} ORDER BY n DESC, value LIMIT {most}",
            self.query
        )
    }
}

/// Which clusters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Only {
    /// Every one.
    All,
    /// Those with more than one label.
    Conflicts,
    /// Those in more than one split.
    Leaks,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_end_nothing() {
        assert_eq!(
            identifier(r#"a"; DROP TABLE x; --"#),
            r#""a""; DROP TABLE x; --""#
        );
        assert_eq!(literal("it's \\' or ''"), "'it''s \\'' or '''''");
    }
}
