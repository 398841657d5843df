//! Values with values inside, and columns that store a value once for many records.

use arrow_array::cast::AsArray;
use arrow_array::types::{Int16Type, Int32Type, Int64Type, RunEndIndexType};
use arrow_array::{Array, ArrayRef, OffsetSizeTrait, RunArray};
use arrow_buffer::NullBuffer;
use arrow_schema::DataType;

use super::schema::type_name;
use super::value::{TooLong, Value, Values, encoder, is_null, ordered};
use super::{append_length, append_name, tag};

/// What appends the values of a nested column; the name of the type if there is no encoding.
pub(super) fn encoder_of_nested(column: &ArrayRef) -> Result<Values<'_>, String> {
    if let Some(dictionary) = column.as_any_dictionary_opt() {
        return Ok(Box::new(Dictionary {
            nulls: dictionary.keys().nulls().cloned(),
            // An empty dictionary has no keys that stand for anything.
            keys: match dictionary.values().is_empty() {
                true => Vec::new(),
                false => dictionary.normalized_keys(),
            },
            values: encoder(dictionary.values())?,
        }));
    }
    Ok(match column.data_type() {
        DataType::List(_) => list::<i32>(column)?,
        DataType::LargeList(_) => list::<i64>(column)?,
        DataType::ListView(_) => list_view::<i32>(column)?,
        DataType::LargeListView(_) => list_view::<i64>(column)?,
        DataType::FixedSizeList(_, _) => {
            let array = column.as_fixed_size_list();
            let length = usize::try_from(array.value_length()).unwrap_or(0);
            Box::new(List {
                nulls: array.nulls().cloned(),
                ranges: move |row: usize| (row.saturating_mul(length), length),
                items: encoder(array.values())?,
            })
        }
        DataType::Struct(fields) => {
            let array = column.as_struct();
            Box::new(Structure {
                nulls: array.nulls().cloned(),
                fields: ordered(fields, array.columns())?,
            })
        }
        DataType::Map(_, _) => {
            let array = column.as_map();
            let offsets = array.offsets();
            Box::new(Map {
                nulls: array.nulls().cloned(),
                offsets,
                keys: encoder(array.keys())?,
                values: encoder(array.values())?,
            })
        }
        DataType::RunEndEncoded(ends, _) => match ends.data_type() {
            DataType::Int16 => runs::<Int16Type>(column)?,
            DataType::Int32 => runs::<Int32Type>(column)?,
            DataType::Int64 => runs::<Int64Type>(column)?,
            _ => return Err(type_name(column.data_type())),
        },
        kind => return Err(type_name(kind)),
    })
}

/// Each value stored once; records have its number.
struct Dictionary<'a> {
    nulls: Option<NullBuffer>,
    keys: Vec<usize>,
    values: Values<'a>,
}

impl Value for Dictionary<'_> {
    fn append(&self, row: usize, out: &mut Vec<u8>, limit: usize) -> Result<(), TooLong> {
        match self.keys.get(row) {
            Some(key) if !is_null(self.nulls.as_ref(), row) => self.values.append(*key, out, limit),
            _ => {
                out.push(tag::NULL);
                Ok(())
            }
        }
    }
}

/// Each value stored once for equal ones in a row.
struct Runs<'a, R: RunEndIndexType> {
    array: &'a RunArray<R>,
    values: Values<'a>,
}

fn runs<R: RunEndIndexType>(column: &ArrayRef) -> Result<Values<'_>, String> {
    match column.as_run_opt::<R>() {
        Some(array) => Ok(Box::new(Runs {
            array,
            values: encoder(array.values())?,
        })),
        None => Err(type_name(column.data_type())),
    }
}

impl<R: RunEndIndexType> Value for Runs<'_, R> {
    fn append(&self, row: usize, out: &mut Vec<u8>, limit: usize) -> Result<(), TooLong> {
        let index = self.array.get_physical_index(row);
        self.values.append(index, out, limit)
    }
}

/// Lists, by where the items of each start and how many there are.
struct List<'a, F> {
    nulls: Option<NullBuffer>,
    ranges: F,
    items: Values<'a>,
}

fn list<O: OffsetSizeTrait>(column: &ArrayRef) -> Result<Values<'_>, String> {
    let array = column.as_list::<O>();
    let offsets = array.value_offsets();
    Ok(Box::new(List {
        nulls: array.nulls().cloned(),
        ranges: move |row: usize| {
            let start = offsets.get(row).map_or(0, |offset| offset.as_usize());
            let end = offsets
                .get(row + 1)
                .map_or(start, |offset| offset.as_usize());
            (start, end.saturating_sub(start))
        },
        items: encoder(array.values())?,
    }))
}

fn list_view<O: OffsetSizeTrait>(column: &ArrayRef) -> Result<Values<'_>, String> {
    let array = column.as_list_view::<O>();
    let (offsets, sizes) = (array.offsets(), array.sizes());
    Ok(Box::new(List {
        nulls: array.nulls().cloned(),
        ranges: move |row: usize| {
            let start = offsets.get(row).map_or(0, |offset| offset.as_usize());
            (start, sizes.get(row).map_or(0, |size| size.as_usize()))
        },
        items: encoder(array.values())?,
    }))
}

impl<F: Fn(usize) -> (usize, usize)> Value for List<'_, F> {
    fn append(&self, row: usize, out: &mut Vec<u8>, limit: usize) -> Result<(), TooLong> {
        if is_null(self.nulls.as_ref(), row) {
            out.push(tag::NULL);
            return Ok(());
        }
        let (start, length) = (self.ranges)(row);
        out.push(tag::LIST);
        append_length(out, length);
        for index in start..start.saturating_add(length) {
            // Views may show the same items many times over, at every level.
            if out.len() > limit {
                return Err(TooLong);
            }
            self.items.append(index, out, limit)?;
        }
        Ok(())
    }
}

/// Fields by name.
struct Structure<'a> {
    nulls: Option<NullBuffer>,
    fields: Vec<(&'a str, Values<'a>)>,
}

impl Value for Structure<'_> {
    fn append(&self, row: usize, out: &mut Vec<u8>, limit: usize) -> Result<(), TooLong> {
        if is_null(self.nulls.as_ref(), row) {
            out.push(tag::NULL);
            return Ok(());
        }
        out.push(tag::STRUCTURE);
        append_length(out, self.fields.len());
        for (name, values) in &self.fields {
            if out.len() > limit {
                return Err(TooLong);
            }
            append_name(out, name);
            values.append(row, out, limit)?;
        }
        Ok(())
    }
}

/// Keys and values.
struct Map<'a> {
    nulls: Option<NullBuffer>,
    offsets: &'a [i32],
    keys: Values<'a>,
    values: Values<'a>,
}

impl Value for Map<'_> {
    fn append(&self, row: usize, out: &mut Vec<u8>, limit: usize) -> Result<(), TooLong> {
        if is_null(self.nulls.as_ref(), row) {
            out.push(tag::NULL);
            return Ok(());
        }
        let at = |index: usize| {
            let offset = self.offsets.get(index).copied().unwrap_or(0);
            usize::try_from(offset).unwrap_or(0)
        };
        let (start, end) = (at(row), at(row + 1));
        out.push(tag::MAP);
        append_length(out, end.saturating_sub(start));
        for index in start..end {
            if out.len() > limit {
                return Err(TooLong);
            }
            self.keys.append(index, out, limit)?;
            self.values.append(index, out, limit)?;
        }
        Ok(())
    }
}
