//! Values of a column, nested ones too.

use std::collections::{BTreeSet, HashMap};

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, OffsetSizeTrait};
use arrow_schema::DataType;

use super::PayloadKind;
use super::link::{holds_paths, leads_outside};
use super::media::{Promise, promise};
use super::visible::around;
use super::{bytes, json, text};

/// Takes what was found: the number of the record in its batch, what it is, what to show.
pub(super) type Take<'t> = dyn FnMut(usize, PayloadKind, String) + 't;

/// Types inside each other that are followed.
const DEEPEST: usize = 64;

/// How the values of a column are looked at; made once for a schema.
#[derive(Debug)]
pub(super) enum Plan {
    Text(Leaf),
    Bytes(Leaf),
    Struct {
        /// Members by their place.
        members: Vec<(usize, Plan)>,
        /// The member that says what the file of the others is called.
        path: Option<usize>,
    },
    List(Box<Plan>),
    Map(Box<Plan>, Box<Plan>),
    Dictionary(Box<Plan>),
}

/// Where values are, and what is expected of them.
#[derive(Debug)]
pub(super) struct Leaf {
    /// Names down to it, with dots between.
    name: String,
    promise: Option<Promise>,
    is_path: bool,
    is_address: bool,
}

impl Plan {
    /// How a column is looked at; none if its type cannot hide anything. What is not
    /// looked into is noted.
    pub(super) fn of(
        name: &str,
        kind: &DataType,
        url: Option<&str>,
        unexamined: &mut BTreeSet<String>,
    ) -> Option<Self> {
        Self::below(name, kind, url, 0, unexamined)
    }

    fn below(
        name: &str,
        kind: &DataType,
        url: Option<&str>,
        depth: usize,
        unexamined: &mut BTreeSet<String>,
    ) -> Option<Self> {
        if depth > DEEPEST {
            unexamined.insert(format!("{} (nested too deep)", shown(name)));
            return None;
        }
        let mut inner = |name: &str, kind: &DataType| {
            Self::below(name, kind, url, depth + 1, unexamined).map(Box::new)
        };
        let leaf = || {
            let last = name.rsplit('.').next().unwrap_or(name);
            Leaf {
                name: shown(name),
                promise: name.rsplit('.').find_map(promise),
                is_path: holds_paths(last),
                is_address: url == Some(name),
            }
        };
        match kind {
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Some(Self::Text(leaf())),
            DataType::Binary
            | DataType::LargeBinary
            | DataType::BinaryView
            | DataType::FixedSizeBinary(_) => Some(Self::Bytes(leaf())),
            DataType::Struct(fields) => {
                let members: Vec<(usize, Self)> = fields
                    .iter()
                    .enumerate()
                    .filter_map(|(place, field)| {
                        let name = format!("{name}.{}", field.name());
                        Some((place, *inner(&name, field.data_type())?))
                    })
                    .collect();
                let path = members
                    .iter()
                    .find(|(_, plan)| matches!(plan, Self::Text(leaf) if leaf.is_path))
                    .map(|(place, _)| *place);
                (!members.is_empty()).then_some(Self::Struct { members, path })
            }
            DataType::List(item) | DataType::LargeList(item) | DataType::FixedSizeList(item, _) => {
                inner(name, item.data_type()).map(Self::List)
            }
            DataType::Map(entries, _) => match entries.data_type() {
                DataType::Struct(fields) => match &**fields {
                    [key, value] => {
                        let key = inner(&format!("{name}.key"), key.data_type());
                        let value = inner(&format!("{name}.value"), value.data_type());
                        match (key, value) {
                            (Some(key), Some(value)) => Some(Self::Map(key, value)),
                            (Some(key), None) => Some(Self::List(Box::new(Self::Struct {
                                members: vec![(0, *key)],
                                path: None,
                            }))),
                            (None, Some(value)) => Some(Self::List(Box::new(Self::Struct {
                                members: vec![(1, *value)],
                                path: None,
                            }))),
                            (None, None) => None,
                        }
                    }
                    _ => None,
                },
                _ => None,
            },
            DataType::Dictionary(_, values) => inner(name, values).map(Self::Dictionary),
            DataType::ListView(_)
            | DataType::LargeListView(_)
            | DataType::Union(_, _)
            | DataType::RunEndEncoded(_, _) => {
                unexamined.insert(format!("{} ({kind})", shown(name)));
                None
            }
            // Numbers, truth values and times.
            _ => None,
        }
    }

    /// Looks at all records of a column.
    pub(super) fn look(&self, column: &dyn Array, take: &mut Take<'_>) {
        if let Self::Text(leaf) = self
            && !leaf.is_path
            && !leaf.is_address
            && all_plain(column)
        {
            return;
        }
        if let Self::Dictionary(values) = self {
            look_at_dictionary(values, column, take);
            return;
        }
        for row in 0..column.len() {
            self.value(column, row, None, &mut |kind, shown| take(row, kind, shown));
        }
    }

    fn value(
        &self,
        array: &dyn Array,
        index: usize,
        named: Option<Promise>,
        take: &mut dyn FnMut(PayloadKind, String),
    ) {
        if index >= array.len() || array.is_null(index) {
            return;
        }
        match self {
            Self::Text(leaf) => {
                if let Some(text) = text_at(array, index) {
                    leaf.text(text, take);
                }
            }
            Self::Bytes(leaf) => {
                if let Some(found) = bytes_at(array, index) {
                    let mut named_take = |kind, shown: String| take(kind, leaf.say(&shown));
                    bytes::look(found, named.or(leaf.promise), &mut named_take);
                }
            }
            Self::Struct { members, path } => {
                let Some(members_of) = array.as_struct_opt() else {
                    return;
                };
                let named = path
                    .and_then(|place| text_at(members_of.columns().get(place)?, index))
                    .and_then(|path| path.rsplit('/').next()?.rsplit_once('.'))
                    .and_then(|(_, extension)| promise(extension));
                for (place, plan) in members {
                    if let Some(member) = members_of.columns().get(*place) {
                        plan.value(member, index, named, take);
                    }
                }
            }
            Self::List(plan) => {
                if let Some((items, range)) = items_at(array, index) {
                    for item in range {
                        plan.value(items, item, named, take);
                    }
                }
            }
            Self::Map(key, value) => {
                let Some(map) = array.as_map_opt() else {
                    return;
                };
                if let Some(range) = range_of(map.value_offsets(), index) {
                    for entry in range {
                        key.value(map.keys(), entry, None, take);
                        value.value(map.values(), entry, None, take);
                    }
                }
            }
            Self::Dictionary(plan) => {
                if let Some(dictionary) = array.as_any_dictionary_opt()
                    && let Some(key) = key_at(dictionary.keys(), index)
                {
                    plan.value(dictionary.values(), key, named, take);
                }
            }
        }
    }
}

impl Leaf {
    fn text(&self, value: &str, take: &mut dyn FnMut(PayloadKind, String)) {
        for (kind, place) in text::look(value).iter() {
            take(kind, self.say(&around(value, place)));
        }
        if json::may_hide(value) {
            json::strings(value, &mut |inner| {
                for (kind, place) in text::look(inner).iter() {
                    take(kind, self.say(&around(inner, place)));
                }
            });
        }
        if (self.is_path || self.is_address)
            && let Some(outside) = leads_outside(value, self.is_path)
        {
            take(PayloadKind::ExternalLink, self.say(&outside));
        }
    }

    fn say(&self, shown: &str) -> String {
        format!("{}: {shown}", self.name)
    }
}

/// Each value of a dictionary is looked at once, and said for every record that has it.
fn look_at_dictionary(plan: &Plan, column: &dyn Array, take: &mut Take<'_>) {
    let Some(dictionary) = column.as_any_dictionary_opt() else {
        return;
    };
    let mut known: HashMap<usize, Vec<(PayloadKind, String)>> = HashMap::new();
    for row in 0..column.len() {
        let Some(key) = key_at(dictionary.keys(), row) else {
            continue;
        };
        let found = known.entry(key).or_insert_with(|| {
            let mut found = Vec::new();
            plan.value(dictionary.values(), key, None, &mut |kind, shown| {
                // A value in JSON text can be found in a thousand places.
                if found.iter().all(|(known, _)| *known != kind) {
                    found.push((kind, shown));
                }
            });
            found
        });
        for (kind, shown) in found {
            take(row, *kind, shown.clone());
        }
    }
}

/// True if all texts of a column together show nothing to look at.
fn all_plain(column: &dyn Array) -> bool {
    let plain =
        |bytes: &[u8]| !text::may_hide(bytes) && memchr::memmem::find(bytes, b"\\u").is_none();
    if let Some(texts) = column.as_string_opt::<i32>() {
        return used(texts.value_offsets(), texts.value_data()).is_some_and(plain);
    }
    if let Some(texts) = column.as_string_opt::<i64>() {
        return used(texts.value_offsets(), texts.value_data()).is_some_and(plain);
    }
    false
}

/// The bytes that the values of an array take, which may be a slice of a longer one.
fn used<'a, O: OffsetSizeTrait>(offsets: &[O], bytes: &'a [u8]) -> Option<&'a [u8]> {
    bytes.get(offsets.first()?.as_usize()..offsets.last()?.as_usize())
}

fn range_of<O: OffsetSizeTrait>(offsets: &[O], index: usize) -> Option<std::ops::Range<usize>> {
    Some(offsets.get(index)?.as_usize()..offsets.get(index + 1)?.as_usize())
}

fn items_at(array: &dyn Array, index: usize) -> Option<(&dyn Array, std::ops::Range<usize>)> {
    if let Some(list) = array.as_list_opt::<i32>() {
        return Some((list.values(), range_of(list.value_offsets(), index)?));
    }
    if let Some(list) = array.as_list_opt::<i64>() {
        return Some((list.values(), range_of(list.value_offsets(), index)?));
    }
    if let Some(map) = array.as_map_opt() {
        return Some((map.entries(), range_of(map.value_offsets(), index)?));
    }
    let list = array.as_fixed_size_list_opt()?;
    let length = usize::try_from(list.value_length()).ok()?;
    let start = list.value_offset_at(index);
    Some((list.values(), start..start.checked_add(length)?))
}

/// The text at an index that is not null.
fn text_at(array: &dyn Array, index: usize) -> Option<&str> {
    if index >= array.len() || array.is_null(index) {
        return None;
    }
    if let Some(texts) = array.as_string_opt::<i32>() {
        return Some(texts.value(index));
    }
    if let Some(texts) = array.as_string_opt::<i64>() {
        return Some(texts.value(index));
    }
    Some(array.as_string_view_opt()?.value(index))
}

/// The bytes at an index that is not null.
pub(crate) fn bytes_at(array: &dyn Array, index: usize) -> Option<&[u8]> {
    if index >= array.len() || array.is_null(index) {
        return None;
    }
    if let Some(bytes) = array.as_binary_opt::<i32>() {
        return Some(bytes.value(index));
    }
    if let Some(bytes) = array.as_binary_opt::<i64>() {
        return Some(bytes.value(index));
    }
    if let Some(bytes) = array.as_fixed_size_binary_opt() {
        return Some(bytes.value(index));
    }
    Some(array.as_binary_view_opt()?.value(index))
}

/// The place in a dictionary that a record has.
fn key_at(keys: &dyn Array, index: usize) -> Option<usize> {
    macro_rules! key {
        ($kind:ty) => {
            usize::try_from(keys.as_primitive_opt::<$kind>()?.value(index)).ok()
        };
    }
    if index >= keys.len() || keys.is_null(index) {
        return None;
    }
    match keys.data_type() {
        DataType::Int8 => key!(Int8Type),
        DataType::Int16 => key!(Int16Type),
        DataType::Int32 => key!(Int32Type),
        DataType::Int64 => key!(Int64Type),
        DataType::UInt8 => key!(UInt8Type),
        DataType::UInt16 => key!(UInt16Type),
        DataType::UInt32 => key!(UInt32Type),
        DataType::UInt64 => key!(UInt64Type),
        _ => None,
    }
}

/// The name of a column as it is shown.
fn shown(name: &str) -> String {
    bonafide_core::excerpt(name, 100)
}
