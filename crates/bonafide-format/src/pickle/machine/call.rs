//! What a pickle imports, calls and changes.

use bonafide_core::excerpt;

use super::{Arrays, Import, Machine, Role, Standing, Stop, Watch, is_unknown, rules, title};
use crate::pickle::value::{Kind, Value};

/// Most different names that one pickle imports.
const MOST_IMPORTS: usize = 200_000;

impl<W: Watch> Machine<'_, '_, W> {
    pub(super) fn global(&mut self, at: u64) -> Result<(), Stop> {
        let (module, name) = self.name_lines(at)?;
        let value = self.import(&module, &name, at)?;
        self.push(value)
    }

    /// The two lines of GLOBAL and INST.
    pub(super) fn name_lines(&mut self, at: u64) -> Result<(String, String), Stop> {
        let mut lines = [String::new(), String::new()];
        for text in &mut lines {
            let (_, line) = self.tape.line()?;
            match std::str::from_utf8(line) {
                Ok(line) if !line.is_empty() => line.clone_into(text),
                _ => return Err(Stop::malformed(at, "the name of an import is none")),
            }
        }
        let [module, name] = lines;
        Ok((module, name))
    }

    pub(super) fn stack_global(&mut self, at: u64) -> Result<(), Stop> {
        let name = self.pop(at)?;
        let module = self.pop(at)?;
        match (self.read_text(module), self.read_text(name)) {
            (Some(module), Some(name)) => {
                let value = self.import(&module, &name, at)?;
                self.push(value)
            }
            _ => {
                let message = format!(
                    "the import is of {} out of {}",
                    title(name.kind()),
                    title(module.kind())
                );
                let rule = &rules::COMPUTED_GLOBAL;
                self.watch.defect(rule, at..at + 1, None, message);
                let computed =
                    |value: Value| value.kind() == Kind::Text || is_unknown(value.kind());
                if !computed(name) || !computed(module) {
                    return Err(Stop::malformed(at, "the name of an import is no text"));
                }
                // An object that nothing is known of.
                let object = self.graph.create(Kind::Object, &[]);
                self.push(object)
            }
        }
    }

    pub(super) fn instance(&mut self, at: u64) -> Result<(), Stop> {
        let start = self.marked(at)?;
        let (module, name) = self.name_lines(at)?;
        let class = self.import(&module, &name, at)?;
        let arguments = self.stack.split_off(start.min(self.stack.len()));
        let tuple = self.tuple_of(&arguments, at);
        self.constructs(class, tuple, at);
        let object = self.call(class, tuple, at)?;
        self.push(object)
    }

    pub(super) fn import(&mut self, module: &str, name: &str, at: u64) -> Result<Value, Stop> {
        let range = at..self.tape.position();
        let mut key = Vec::with_capacity(module.len() + name.len() + 1);
        key.extend_from_slice(module.as_bytes());
        key.push(b'\n');
        key.extend_from_slice(name.as_bytes());
        if let Some(number) = self.import_numbers.get(key.as_slice()) {
            self.watch.import_again(module, name, range);
            return Ok(Value::of(Kind::Global, *number));
        }
        let standing = self.watch.import(module, name, range);
        if self.imports.len() >= MOST_IMPORTS {
            return Err(Stop::Exhausted {
                what: "imports of a pickle",
                limit: MOST_IMPORTS as u64,
            });
        }
        let role = role(module, name);
        if role == Role::ArrayWrapper && self.arrays == Arrays::Inline && !self.wrapped {
            self.wrapped = true;
            self.wrappers.start(self.graph.len());
        }
        let number = u32::try_from(self.imports.len()).unwrap_or(u32::MAX);
        self.imports.push(Import {
            name: format!("{module}.{name}").into(),
            last: module.len() + 1,
            role,
            standing,
        });
        self.import_numbers.insert(key.into(), number);
        Ok(Value::of(Kind::Global, number))
    }

    pub(super) fn import_of(&self, value: Value) -> Option<&Import> {
        if value.kind() != Kind::Global {
            return None;
        }
        self.imports.get(value.index() as usize)
    }

    pub(super) fn role_of(&self, value: Value) -> Role {
        self.import_of(value)
            .map_or(Role::Other, |import| import.role)
    }

    /// True for a class that is written in another language, and that has no way around
    /// its constructor.
    pub(super) fn is_native(&self, class: Value) -> bool {
        self.import_of(class)
            .is_some_and(|import| import.name.starts_with("tokenizers."))
    }

    /// Looks at a call of a class, in contrast to an instance that is made without.
    pub(super) fn constructs(&mut self, class: Value, arguments: Value, at: u64) {
        /// Most zeros that a pickle may ask for.
        const MOST_ZEROS: u64 = 1 << 30;

        let Some(import) = self.import_of(class) else {
            return;
        };
        let given = self.graph.kept(arguments);
        let none = given.is_some_and(<[Value]>::is_empty);
        if import.standing == Standing::Instances && !none {
            let name = import.name.clone();
            let message = format!("constructs `{}` with arguments", excerpt(&name, 120));
            let rule = &rules::CONSTRUCTED;
            self.watch.defect(rule, at..at + 1, Some(&name), message);
        } else if import.role == Role::Zeros
            && let Some([count]) = given
            && count.kind() == Kind::Number
            && count.known().is_none_or(|count| count > MOST_ZEROS)
        {
            let message = format!("`{}` is told to be that long", import.name);
            let rule = &rules::EXPANSION;
            self.watch.defect(rule, at..at + 1, None, message);
        }
    }

    /// What a call gives.
    pub(super) fn call(&mut self, callee: Value, arguments: Value, at: u64) -> Result<Value, Stop> {
        let range = at..at + 1;
        let object = self.graph.create(Kind::Object, &[arguments]);
        self.calls += 1;
        match callee.kind() {
            Kind::Global => {
                let role = self.role_of(callee);
                if let Some(import) = self.imports.get(callee.index() as usize)
                    && import.standing == Standing::Dangerous
                {
                    let message = format!("calls `{}`", excerpt(&import.name, 120));
                    let rule = &rules::DANGEROUS_CALL;
                    self.watch.defect(rule, range, Some(&import.name), message);
                }
                if role != Role::Other {
                    self.graph.keep(object, &[callee, arguments]);
                }
                if role == Role::Tensor {
                    self.check_tensor(arguments, at);
                }
                if self.wrapped {
                    self.wrapper_in_call(object, role, arguments, at)?;
                }
            }
            kind if is_unknown(kind) => {
                let message = format!("calls {}", title(kind));
                let rule = &rules::COMPUTED_CALL;
                self.watch.defect(rule, range, None, message);
            }
            kind => {
                let message = format!("{} is called", title(kind));
                return Err(Stop::malformed(at, message));
            }
        }
        Ok(object)
    }

    pub(super) fn build(&mut self, at: u64) -> Result<(), Stop> {
        let state = self.pop(at)?;
        let object = self.top(at)?;
        if object.kind() == Kind::Global {
            self.changes(object, at);
        }
        if let Some([maker, _]) = self.graph.kept(object)
            && self.role_of(*maker) == Role::Shared
        {
            self.changes(*maker, at);
        }
        self.graph.extend(object, &[state]);
        if self.wrapped {
            self.fill(object, state, at)?;
        }
        Ok(())
    }

    pub(super) fn changes(&mut self, target: Value, at: u64) {
        let import = self.imports.get(target.index() as usize);
        if let Some(import) = import {
            let message = format!("changes `{}`", excerpt(&import.name, 120));
            let rule = &rules::CHANGED_IMPORT;
            self.watch
                .defect(rule, at..at + 1, Some(&import.name), message);
        }
    }

    pub(super) fn extension(&mut self, number: u32, at: u64) -> Result<(), Stop> {
        let message = format!("imports what has the number {number} in the registry");
        let range = at..self.tape.position();
        self.watch.defect(&rules::EXTENSION, range, None, message);
        self.push(Value::EXTENSION)
    }
}

fn role(module: &str, name: &str) -> Role {
    let torch = module == "torch" || module.starts_with("torch.");
    match name {
        "dtype" if module == "numpy" => Role::Dtype,
        "bytes" | "bytearray" if matches!(module, "builtins" | "__builtin__") => Role::Zeros,
        "getLogger" if module == "logging" => Role::Shared,
        "_get_thnn_function_backend" if torch => Role::Shared,
        "_reconstructor" if matches!(module, "copyreg" | "copy_reg") => Role::Reconstructor,
        "NumpyArrayWrapper" if module.ends_with("joblib.numpy_pickle") => Role::ArrayWrapper,
        "_rebuild_tensor" | "_rebuild_tensor_v2" if torch => Role::Tensor,
        "_rebuild_parameter" if torch => Role::Parameter,
        _ if torch && name.starts_with("_rebuild") => Role::Array,
        "_reconstruct" | "_frombuffer" | "scalar" if module.starts_with("numpy") => Role::Array,
        _ if torch && name.ends_with("Storage") => Role::Storage,
        _ => Role::Other,
    }
}
