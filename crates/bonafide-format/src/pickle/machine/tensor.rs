//! Tensors of PyTorch: their storages, which are elsewhere, and how they fit them.

use bonafide_core::excerpt;

use super::{Machine, Role, Stop, Watch, rules, title};
use crate::pickle::value::{Kind, Value};
use crate::pytorch::{Storage, Stored};

/// Most storages that one pickle names.
const MOST_STORAGES: usize = 200_000;

impl<W: Watch> Machine<'_, '_, W> {
    pub(super) fn persistent(&mut self, shown: &str, at: u64) {
        let message = format!("refers to {shown}");
        let range = at..self.tape.position();
        self.watch.defect(&rules::PERSISTENT, range, None, message);
    }

    pub(super) fn persistent_value(&mut self, id: Value, at: u64) -> Result<Value, Stop> {
        let unknown = Value::of(Kind::Persistent, u32::MAX);
        let parts = self.graph.kept(id).unwrap_or_default().to_vec();
        let tag = parts.first().and_then(|tag| self.read_text(*tag));
        match (tag.as_deref(), parts.as_slice()) {
            (Some("storage"), [_, class, key, _, elements, ..])
                if self.role_of(*class) == Role::Storage =>
            {
                let (Some(key), Some(elements)) = (self.read_text(*key), elements.known()) else {
                    self.persistent("a storage without a key or length", at);
                    return Ok(unknown);
                };
                self.storage(*class, key, elements, at)
            }
            // A class of the time before 0.4, with its source, which is only compared.
            (Some("module"), [_, class, _, _]) if class.kind() == Kind::Global => Ok(unknown),
            _ => {
                let shown = self.read_text(id);
                let shown = shown.map_or_else(
                    || title(id.kind()).to_owned(),
                    |text| format!("`{}`", excerpt(&text, 60)),
                );
                self.persistent(&shown, at);
                Ok(unknown)
            }
        }
    }

    pub(super) fn storage(
        &mut self,
        class: Value,
        key: String,
        elements: u64,
        at: u64,
    ) -> Result<Value, Stop> {
        let class = self.import_of(class).map_or("", |import| {
            import.name.get(import.last..).unwrap_or_default()
        });
        let storage = Storage {
            key: excerpt(&key, 200),
            class: class.to_owned(),
            elements,
        };
        if let Some(number) = self.storage_numbers.get(&storage.key) {
            let known = self.storages.get(*number as usize);
            if known.is_some_and(|known| *known != storage) {
                let message = format!("storage `{}` is two different ones", storage.key);
                let rule = &rules::STORAGE_MISMATCH;
                self.watch.defect(rule, at..at + 1, None, message);
            }
            return Ok(Value::of(Kind::Persistent, *number));
        }
        if self.storages.len() >= MOST_STORAGES {
            return Err(Stop::Exhausted {
                what: "storages of a pickle",
                limit: MOST_STORAGES as u64,
            });
        }
        let number = u32::try_from(self.storages.len()).unwrap_or(u32::MAX);
        self.storage_numbers.insert(storage.key.clone(), number);
        self.storages.push(storage);
        Ok(Value::of(Kind::Persistent, number))
    }

    pub(super) fn is_tensor(&self, value: Value) -> bool {
        let maker = self.graph.kept(value).and_then(<[Value]>::first);
        maker.is_some_and(|maker| {
            matches!(
                self.role_of(*maker),
                Role::Tensor | Role::Parameter | Role::Array
            )
        })
    }

    /// That a tensor is within its storage.
    pub(super) fn check_tensor(&mut self, arguments: Value, at: u64) {
        let Some([storage, offset, shape, strides, ..]) = self.graph.kept(arguments) else {
            return;
        };
        if storage.kind() != Kind::Persistent {
            return;
        }
        let storage = self.storages.get(storage.index() as usize);
        let (Some(elements), Some(offset), Some(shape), Some(strides)) = (
            storage.map(|storage| storage.elements),
            offset.known(),
            self.numbers(*shape),
            self.numbers(*strides),
        ) else {
            return;
        };
        if shape.contains(&0) {
            return;
        }
        let last = shape
            .iter()
            .zip(&strides)
            .fold(u128::from(offset), |last, (length, stride)| {
                last.saturating_add(u128::from(length - 1) * u128::from(*stride))
            });
        if shape.len() != strides.len() || last >= u128::from(elements) {
            let message = format!("a tensor reaches to number {last} of a storage of {elements}");
            let rule = &rules::STORAGE_MISMATCH;
            self.watch.defect(rule, at..at + 1, None, message);
        }
    }

    /// The numbers of a tuple.
    pub(super) fn numbers(&self, tuple: Value) -> Option<Vec<u64>> {
        let kept = self.graph.kept(tuple)?;
        kept.iter().map(|value| value.known()).collect()
    }

    pub(super) fn tensor(&mut self, key: Value, value: Value) {
        let mut value = value;
        if let Some([maker, arguments]) = self.graph.kept(value)
            && self.role_of(*maker) == Role::Parameter
            && let Some([inner, ..]) = self.graph.kept(*arguments)
        {
            value = *inner;
        }
        let Some([maker, arguments]) = self.graph.kept(value) else {
            return;
        };
        if self.role_of(*maker) != Role::Tensor {
            return;
        }
        let Some([storage, offset, shape, strides, ..]) = self.graph.kept(*arguments) else {
            return;
        };
        if storage.kind() != Kind::Persistent {
            return;
        }
        let storage = self.storages.get(storage.index() as usize);
        if let (Some(name), Some(storage), Some(shape)) =
            (self.read_text(key), storage, self.numbers(*shape))
        {
            // What is not a number that is known leads nowhere.
            let stored = Stored {
                offset: offset.known().unwrap_or(u64::MAX),
                strides: self.numbers(*strides).unwrap_or_default(),
                storage: storage.clone(),
                shape,
            };
            let dtype = stored.storage.class.clone();
            let dtype = dtype.strip_suffix("Storage").unwrap_or(&dtype);
            self.watch.tensor(&name, dtype, stored);
        }
    }
}
