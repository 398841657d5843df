use std::collections::{BTreeMap, BTreeSet};

use super::judgement::{Effect, Judgement, classify};
use super::{allowed, dangerous};
use crate::rule::Weight;

/// What a policy makes of a name.
fn weight(module: &str, name: &str) -> Option<Weight> {
    match classify(module, name) {
        Judgement::Allowed { .. } => None,
        Judgement::Unknown => Some(Weight::Review),
        Judgement::Dangerous { effect } => Some(effect.rule().weight()),
    }
}

fn split(full: &str) -> (&str, &str) {
    full.split_once(' ').expect("module and name")
}

#[test]
fn allowed_names_are_there_once_and_have_a_reason() {
    let mut seen = BTreeMap::new();
    for (module, name, reason) in allowed::all() {
        assert!(reason.len() > 10, "{module} {name}");
        let before = seen.insert((module, name), reason);
        assert_eq!(before, None, "{module} {name} is there twice");
        assert_eq!(classify(module, name), Judgement::Allowed { reason });
    }
    assert!(seen.len() > 2000, "{}", seen.len());
}

#[test]
fn no_name_is_on_two_lists() {
    let exact: BTreeSet<_> = dangerous::names().collect();
    for (module, name, _) in allowed::all() {
        assert!(!exact.contains(&(module, name)), "{module} {name}");
        assert!(!dangerous::needs_a_look(module, name), "{module} {name}");
    }
    for (module, name) in exact {
        assert!(!dangerous::needs_a_look(module, name), "{module} {name}");
    }
    let mut modules = BTreeSet::new();
    for module in dangerous::modules() {
        assert!(modules.insert(module), "{module} is there twice");
    }
}

/// No listed path is deeper than what is looked up.
#[test]
fn every_listed_module_is_found() {
    for module in dangerous::modules() {
        let found = classify(&format!("{module}.deeper"), "whatever");
        assert!(matches!(found, Judgement::Dangerous { .. }), "{module}");
    }
    for (module, name) in dangerous::names() {
        let expected = match classify(module, name) {
            Judgement::Dangerous {
                effect: Effect::OtherFile,
            } => Weight::Review,
            _ => Weight::Deny,
        };
        assert_eq!(weight(module, name), Some(expected), "{module} {name}");
    }
}

/// Names that exploits against scanners have used.
#[test]
fn known_exploits_are_denied() {
    for full in [
        "idlelib.pyshell ModifiedInterpreter.runcode",
        "idlelib.debugobj ObjectTreeItem.SetText",
        "ctypes CDLL",
        "pydoc locate",
        "operator methodcaller",
        "_operator attrgetter",
        "_operator methodcaller",
        "cProfile run",
        "cProfile runctx",
        "profile run",
        "profile Profile.run",
        "profile Profile.runctx",
        "asyncio.unix_events _UnixSubprocessTransport._start",
        "torch.utils.bottleneck.__main__ run_cprofile",
        "torch.utils.bottleneck.__main__ run_autograd_prof",
        "trace Trace.run",
        "trace Trace.runctx",
        "idlelib.autocomplete AutoComplete.get_entity",
        "idlelib.autocomplete AutoComplete.fetch_completions",
        "torch._dynamo.guards GuardBuilder.get",
        "idlelib.calltip Calltip.fetch_tip",
        "idlelib.calltip get_entity",
        "code InteractiveInterpreter.runcode",
        "torch.fx.experimental.symbolic_shapes ShapeEnv.evaluate_guards_expression",
        "lib2to3.pgen2.grammar Grammar.loads",
        "torch.utils.collect_env run",
        "doctest debug_script",
        "_aix_support _read_cmd_output",
        "imaplib IMAP4_stream",
        "_osx_support _read_output",
        "_pyrepl.pager pipe_pager",
        "test.support.script_helper assert_python_ok",
        "uuid _get_command_stdout",
        "torch.utils.data.datapipes.utils.decoder basichandlers",
        "idlelib.pyshell ModifiedInterpreter.runcommand",
        "distutils.file_util write_file",
        "idlelib.run Executive.runcode",
        "lib2to3.pgen2.pgen ParserGenerator.make_label",
        "numpy.f2py.crackfortran getlincoef",
        "pty spawn",
        "torch.jit.unsupported_tensor_ops execWrapper",
        "torch.utils._config_module ConfigModule.load_config",
        "pkgutil resolve_name",
        "ensurepip _run_pip",
        "cloudpickle.cloudpickle _function_setstate",
        "cloudpickle.cloudpickle _builtin_type",
        "cloudpickle.cloudpickle _make_function",
        "cloudpickle.cloudpickle _make_cell",
        "cloudpickle.cloudpickle _make_empty_cell",
        "cloudpickle.cloudpickle subimport",
        "_io FileIO",
        "urllib.request urlopen",
        "os system",
        "logging FileHandler",
        "builtins eval",
        "types CodeType",
        "types FunctionType",
        "importlib import_module",
        "builtins __import__",
        "marshal loads",
        "_posixsubprocess fork_exec",
        "multiprocessing.util spawnv_passfds",
        "torch load",
        "torch.storage _load_from_bytes",
        "torch.serialization load",
        "torch._inductor.codecache compile_file",
        "torch.hub load",
        "_testcapi run_in_subinterp",
        "six exec_",
        "sympy sympify",
        "joblib load",
        "joblib.numpy_pickle load",
        "cloudpickle loads",
        "dill._dill _create_function",
        "io open",
        "__builtin__ apply",
        "__builtin__ execfile",
        "__builtin__ file",
        "numpy loadtxt",
        "numpy fromfile",
        "numpy memmap",
        "numpy load",
        "numpy.testing._private.utils runstring",
        "numpy.core _ufunc_reconstruct",
        "sklearn.datasets load_svmlight_file",
        "requests.api get",
        "functools partial",
        "operator itemgetter",
        "nt system",
        "posix system",
        "commands getoutput",
        "webbrowser open",
        "picklescan.scanner _unsafe_globals",
        "builtins breakpoint",
        "copyreg add_extension",
        "weakref finalize",
        "dataclasses make_dataclass",
        "platform popen",
        "six.moves.builtins exec",
        "future.builtins exec",
        "pip._internal main",
        "pandas read_pickle",
        "pandas.core.computation.eval eval",
        "string Formatter",
    ] {
        let (module, name) = split(full);
        assert_eq!(weight(module, name), Some(Weight::Deny), "{full}");
    }
}

/// Every module that imports another one is a way to it.
#[test]
fn dotted_paths_are_denied() {
    for full in [
        "random _os.system",
        "tempfile _os.system",
        "glob os.system",
        "collections _sys.breakpointhook",
        "collections _sys.settrace",
        "collections _sys.exit",
        "collections _sys.modules.get",
        "collections OrderedDict.__init__.__globals__",
        "collections OrderedDict.fromkeys",
        "numpy testing._private.utils.runstring",
        "numpy.core.multiarray os.system",
        "torch hub.load",
        "torch os.system",
        "torch._utils sys.modules",
        "torch serialization.os.system",
        "sklearn.pipeline joblib.load",
        "builtins object.__subclasses__",
        "datetime datetime.__reduce__",
        "datetime sys.modules",
        "unknown_package _subprocess.Popen",
        "unknown_package.vendor.cloudpickle loads",
        "unknown_package builtins.exec",
    ] {
        let (module, name) = split(full);
        assert_eq!(weight(module, name), Some(Weight::Deny), "{full}");
    }
}

/// What was found in published models.
#[test]
fn what_models_need_is_allowed() {
    for full in [
        "collections OrderedDict",
        "torch FloatStorage",
        "torch LongStorage",
        "torch._utils _rebuild_tensor",
        "torch._utils _rebuild_tensor_v2",
        "torch.nn.modules.conv Conv2d",
        "torch device",
        "torch bfloat16",
        "numpy dtype",
        "numpy float64",
        "numpy ndarray",
        "numpy.core.multiarray _reconstruct",
        "numpy._core.multiarray scalar",
        "numpy._core.numeric _frombuffer",
        "numpy.random._pickle __randomstate_ctor",
        "joblib.numpy_pickle NumpyArrayWrapper",
        "sklearn.calibration CalibratedClassifierCV",
        "sklearn.calibration _CalibratedClassifier",
        "sklearn.feature_extraction.text TfidfTransformer",
        "sklearn.feature_extraction.text TfidfVectorizer",
        "sklearn.svm._classes LinearSVC",
        "sklearn.linear_model.logistic LogisticRegression",
        "sklearn.tree._tree Tree",
        "scipy.sparse._csr csr_matrix",
        "scipy.sparse.csr csr_matrix",
        "pandas.core.frame DataFrame",
        "_codecs encode",
        "copy_reg _reconstructor",
        "copyreg __newobj__",
        "__builtin__ set",
        "datetime datetime",
        "argparse Namespace",
        "omegaconf.dictconfig DictConfig",
        "transformers.training_args TrainingArguments",
        "__torch__.torch.nn.modules.conv.___torch_mangle_0 Conv2d",
        "__torch__ Net",
        "torch.jit._pickle build_intlist",
        "torch.distributed.checkpoint.metadata Metadata",
        "pathlib PosixPath",
        "xgboost.core Booster",
        "types SimpleNamespace",
    ] {
        let (module, name) = split(full);
        assert_eq!(weight(module, name), None, "{full}");
    }
}

/// Classes of programs that nobody knows are for a person to look at, not an alarm.
#[test]
fn what_is_not_known_is_for_review() {
    for full in [
        "__main__ Net",
        "models.yolo DetectionModel",
        "ultralytics.nn.tasks DetectionModel",
        "my_package.types Config",
        "my_package.io.reader Reader",
        "my_package.model Outer.Inner",
        "numpy nothing_of_the_kind",
        "__torch__ os.system.x-y",
        "builtins type",
        "collections namedtuple",
    ] {
        let (module, name) = split(full);
        let expected = if full.contains("os.system") {
            Weight::Deny
        } else {
            Weight::Review
        };
        assert_eq!(weight(module, name), Some(expected), "{full}");
    }
}

#[test]
fn the_standard_library_is_denied_unless_it_is_listed() {
    for full in [
        "binascii unhexlify",
        "zlib decompress",
        "tkinter Tk",
        "json loads",
    ] {
        let (module, name) = split(full);
        assert_eq!(weight(module, name), Some(Weight::Deny), "{full}");
    }
    let unreviewed = Judgement::Dangerous {
        effect: Effect::Unreviewed,
    };
    assert_eq!(classify("binascii", "unhexlify"), unreviewed);
}

/// A name is allowed as it is, not as something like it.
#[test]
fn allowed_names_are_exact() {
    for (module, name, _) in allowed::all() {
        for (module, name) in [
            (module.to_owned(), format!("{name}.x")),
            (module.to_owned(), format!(" {name}")),
            (format!("{module} "), name.to_owned()),
            (format!("{module}.x"), name.to_owned()),
        ] {
            let judged = classify(&module, &name);
            assert!(
                !matches!(judged, Judgement::Allowed { .. }),
                "{module} {name}"
            );
        }
    }
}
