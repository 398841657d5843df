//! Python modules by where they come from, for formats that name what their loader imports.
//! What is known of them is in the lists that pickles are judged by, and only there.

use crate::pickle::globals::{has_package, is_standard};

pub(crate) use crate::pickle::globals::is_builtin;

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
    } else if has_package(package) {
        Origin::Library
    } else {
        Origin::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_known_by_their_packages() {
        for (module, expected) in [
            ("os", Origin::Standard),
            ("os.path", Origin::Standard),
            ("builtins", Origin::Standard),
            ("posix", Origin::Standard),
            ("osmosis", Origin::Other),
            ("", Origin::Other),
        ] {
            assert_eq!(origin(module), expected, "{module}");
        }
        let libraries = "\
            IPython PIL aiohttp boto3 botocore cffi click cloudpickle cv2 datasets dill fabric \
            fsspec httpx huggingface_hub invoke jax jaxlib joblib jsonpickle matplotlib mlflow \
            numba numexpr numpy onnx onnxruntime pandas paramiko pexpect pip pkg_resources \
            plumbum pytest requests ruamel safetensors scipy setuptools sh six sklearn sympy \
            tensorboard tensorflow torch torchaudio torchvision transformers urllib3 wheel yaml \
            zmq";
        for library in libraries.split_ascii_whitespace() {
            assert_eq!(origin(library), Origin::Library, "{library}");
        }
    }
}
