//! Python modules by where they come from, for formats that name what their loader imports.

use crate::pickle::globals::is_standard;

/// Where a module comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Python itself: nothing in there is a part of a model.
    Standard,
    /// A library that is on most machines that load models, and that can run, read, write
    /// or send something for whoever picks the function.
    Library,
    /// Anything else.
    Other,
}

/// Where the module of this dotted name comes from.
pub(crate) fn origin(module: &str) -> Origin {
    let package = module.split('.').next().unwrap_or_default();
    if is_standard(package) {
        Origin::Standard
    } else if LIBRARIES.binary_search(&package).is_ok() {
        Origin::Library
    } else {
        Origin::Other
    }
}

/// True for a function that needs no import.
pub(crate) fn is_builtin(name: &str) -> bool {
    BUILTINS.binary_search(&name).is_ok()
}

/// Sorted.
const LIBRARIES: &[&str] = &[
    "IPython",
    "PIL",
    "aiohttp",
    "boto3",
    "botocore",
    "cffi",
    "click",
    "cloudpickle",
    "cv2",
    "datasets",
    "dill",
    "distutils",
    "fabric",
    "fsspec",
    "httpx",
    "huggingface_hub",
    "invoke",
    "jax",
    "jaxlib",
    "joblib",
    "jsonpickle",
    "matplotlib",
    "mlflow",
    "numba",
    "numexpr",
    "numpy",
    "onnx",
    "onnxruntime",
    "pandas",
    "paramiko",
    "pexpect",
    "pip",
    "pkg_resources",
    "plumbum",
    "pydoc",
    "pytest",
    "requests",
    "ruamel",
    "safetensors",
    "scipy",
    "setuptools",
    "sh",
    "six",
    "sklearn",
    "sympy",
    "tensorboard",
    "tensorflow",
    "test",
    "torch",
    "torchaudio",
    "torchvision",
    "transformers",
    "urllib3",
    "wheel",
    "yaml",
    "zmq",
];

/// Functions that need no import in CPython 3.11, sorted.
const BUILTINS: &[&str] = &[
    "__build_class__",
    "__debug__",
    "__doc__",
    "__import__",
    "__loader__",
    "__name__",
    "__package__",
    "__spec__",
    "abs",
    "aiter",
    "all",
    "anext",
    "any",
    "ascii",
    "bin",
    "bool",
    "breakpoint",
    "bytearray",
    "bytes",
    "callable",
    "chr",
    "classmethod",
    "compile",
    "complex",
    "copyright",
    "credits",
    "delattr",
    "dict",
    "dir",
    "divmod",
    "enumerate",
    "eval",
    "exec",
    "exit",
    "filter",
    "float",
    "format",
    "frozenset",
    "getattr",
    "globals",
    "hasattr",
    "hash",
    "help",
    "hex",
    "id",
    "input",
    "int",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "license",
    "list",
    "locals",
    "map",
    "max",
    "memoryview",
    "min",
    "next",
    "object",
    "oct",
    "open",
    "ord",
    "pow",
    "print",
    "property",
    "quit",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "setattr",
    "slice",
    "sorted",
    "staticmethod",
    "str",
    "sum",
    "super",
    "tuple",
    "type",
    "vars",
    "zip",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_known_by_their_packages() {
        for list in [LIBRARIES, BUILTINS] {
            assert!(list.is_sorted());
        }
        for (module, expected) in [
            ("os", Origin::Standard),
            ("os.path", Origin::Standard),
            ("builtins", Origin::Standard),
            ("posix", Origin::Standard),
            ("torch.hub", Origin::Library),
            ("osmosis", Origin::Other),
            ("", Origin::Other),
        ] {
            assert_eq!(origin(module), expected, "{module}");
        }
        assert!(is_builtin("exec") && !is_builtin("relu"));
    }
}
