//! Names that run, load, read, send or reach what does.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::Effect;

/// Whole packages, with all that is in them.
const MODULES: &[(Effect, &str)] = &[
    (
        Effect::Execution,
        "\
        Bastion Cython IPython RestrictedPython Tkinter _aix_support _android_support _apple_support \
        _asyncio _bootsubprocess _dummy_thread _interpreters _ios_support _lsprof _msi \
        _multiprocessing _osx_support _posixsubprocess _pyrepl _pytest _remote_debugging _signal \
        _sitebuiltins _testcapi _testinternalcapi _testlimitedcapi _thread _threading_local _tkinter _winapi _wmi _xxsubinterpreters airflow \
        ansible antigravity anyio appscript asteval asyncio atexit bandit bdb billiard cProfile \
        celery cffi cmd code codeop commands compileall compiler comtypes concurrent conda \
        contextlib crypt curses cython delegator distutils django.template docker doctest \
        dummy_thread dummy_threading ensurepip envoy eventlet execnet fabric fabric2 fickling flask \
        flit genericpath gevent guarddog gunicorn hatchling hotshot hypothesis idlelib ihooks \
        imputil invoke ipykernel ipython_genutils jinja2 joblib._parallel_backends joblib.executor \
        joblib.func_inspect joblib.parallel joblib.pool joblib.test jpype jupyter_client \
        jupyter_core keyboard kubernetes lib2to3 linecache loky luigi macpath mako modelaudit \
        modelaudit_picklescan modelscan mpi4py msilib multiprocessing nbconvert nbformat new nis \
        nose nox nt ntpath numba numexpr numpy._build_utils numpy._core._multiarray_tests \
        numpy._pytesttester numpy.compat numpy.core._multiarray_tests numpy.ctypeslib \
        numpy.distutils numpy.f2py numpy.testing oct2py os os2emxpath pandas._testing \
        pandas.core.computation pandas.util._print_versions pandas.util._tester pandas.util.testing \
        papermill pdb pexpect picklescan pip pipes pkg_resources plumbum poetry popen2 posix \
        posixfile posixpath profile psutil pty ptyprocess py4j py_compile pyautogui pydoc pydoc_data \
        pynput pyspark.cloudpickle pyspark.serializers pytest pythoncom pywintypes pyximport \
        readline rexec rlcompleter rpy2 runpy sage salt sched scipy._build_utils \
        scipy._lib._testutils scipy.weave setuptools sh signal simpleeval site sklearn._build_utils \
        sklearn.utils._show_versions sklearn.utils._testing streamlit subprocess sympy.core.sympify \
        sympy.parsing sympy.plotting sympy.printing.preview sympy.utilities._compilation \
        sympy.utilities.autowrap sympy.utilities.codegen sympy.utilities.lambdify symtable test this \
        thread threading timeit tkinter torch._appdirs torch._classes torch._compile torch._decomp \
        torch._dynamo torch._export torch._functorch torch._higher_order_ops torch._inductor \
        torch._lazy torch._library torch._numpy torch._ops torch._prims torch._refs \
        torch._strobelight torch._vendor torch.autograd.profiler torch.backends.xeon torch.classes \
        torch.compiler torch.contrib torch.distributed torch.fx torch.jit torch.library \
        torch.monitor torch.multiprocessing torch.onnx torch.ops torch.profiler torch.testing \
        torch.utils._config_module torch.utils._cpp_extension_versioner torch.utils._cxx_pytree \
        torch.utils._strobelight torch.utils._triton torch.utils.benchmark torch.utils.bottleneck \
        torch.utils.collect_env torch.utils.cpp_extension torch.utils.data._utils \
        torch.utils.data.datapipes torch.utils.hipify torch.utils.jit torch.utils.show_pickle \
        torch.utils.viz tornado.template tox trace trio triton turtle turtledemo tvm twine twisted \
        unittest uvicorn uwsgi venv virtualenv webbrowser werkzeug win32api win32com win32process \
        xonsh",
    ),
    (
        Effect::Loader,
        "\
        _ast _compat_pickle _ctypes _ctypes_test _dbm _frozen_importlib _frozen_importlib_external \
        _gdbm _imp _opcode _pickle _sqlite3 _types anydbm ast bentoml bsddb cPickle catalogue \
        cloudpickle ctypes dbhash dbm detectron2.config.instantiate detectron2.config.lazy \
        diffusers.pipelines.pipeline_utils diffusers.utils.dynamic_modules_utils dill dis dl dumbdbm \
        gdbm gensim.downloader gensim.utils hickle huggingface_hub hydra imp importlib \
        joblib.externals jsonpickle kajiki keras.saving keras.src.legacy.saving keras.src.saving \
        keras.src.utils.file_utils keras.utils.data_utils keras.utils.file_utils klepto marshal \
        mlflow modulefinder multiprocess nemo.core.classes.modelPT nltk.data nltk.downloader \
        nltk.internals nltk.tools numpy.lib._format_impl numpy.lib._npyio_impl numpy.lib.format \
        numpy.lib.npyio omegaconf.resolvers onnx.hub onnxruntime opcode openvino oyaml \
        pandas.compat.pickle_compat pathos peft.auto pickle pickle5 pickletools pkgutil plistlib \
        ppft ruamel shelve sklearn.externals.cloudpickle spacy.util sqlite3 srsly stanza \
        tensorflow.io tensorflow.keras.models tensorflow.python.debug tensorflow.python.eager \
        tensorflow.python.keras.saving tensorflow.python.lib tensorflow.python.ops \
        tensorflow.python.platform tensorflow.python.saved_model tensorflow.python.training \
        tensorflow.raw_ops tensorflow.saved_model tensorflow_core tensorflow_hub tensorrt \
        tf_keras.saving tf_keras.src.saving timm.models._helpers timm.models._hub \
        torch._utils_internal torch._weights_only_unpickler torch.export torch.hub torch.package \
        torch.serialization torch.utils.model_zoo torch.utils.serialization \
        transformers.dynamic_module_utils transformers.file_utils transformers.modeling_utils \
        transformers.models.auto transformers.pipelines transformers.tools transformers.utils.hub \
        transformers.utils.import_utils types whichdb yaml zipapp zipimport",
    ),
    (
        Effect::Introspection,
        "\
        _abc _functools _py_abc _sysconfig _tracemalloc _weakref abc annotationlib apipkg cytoolz \
        dataclasses decorator django.utils.module_loading faulthandler functools funcy \
        future.builtins gc inspect lazy_loader lazy_object_proxy past.builtins six.moves sys \
        sysconfig toolz torch.utils._import_utils traceback tracemalloc typing_extensions weakref \
        werkzeug.utils wrapt",
    ),
    (
        Effect::Network,
        "\
        BaseHTTPServer CGIHTTPServer Cookie DocXMLRPCServer MySQLdb SimpleHTTPServer \
        SimpleXMLRPCServer SocketServer _socket _ssl aiohttp asynchat asyncore asyncssh azure boto \
        boto3 botocore cgi cgitb cookielib discord dns fsspec ftplib gcsfs gdown google.cloud grpc \
        http httpcore httplib httpx imaplib kafka mechanize netmiko nmap nntplib paho paramiko pika \
        playwright pooch poplib psycopg2 pycurl pymongo pymysql redis requests robotparser s3fs \
        scapy select selectors selenium sentry_sdk slack_sdk smart_open smtpd smtplib socket \
        socketserver sqlalchemy ssl telegram telnetlib tensorboard.uploader torch.utils.tensorboard \
        tweepy urllib urllib2 urllib3 urlparse websocket websockets wget wsgiref xmlrpc xmlrpclib \
        zmq",
    ),
    (
        Effect::Process,
        "\
        _locale _posixshmem _warnings fcntl locale logging.config logging.handlers mmap posixshmem \
        ptrace resource setproctitle syslog termios tty warnings",
    ),
    (
        Effect::File,
        "\
        ConfigParser PIL.ImageFile _bz2 _compression _csv _elementtree _io _lzma _pyio _winreg aifc \
        aiofiles audiodev bz2 cStringIO codecs compression configparser csv dircache fastparquet \
        filecmp fileinput fnmatch getpass glob grp gzip h5py imageio imghdr io \
        joblib._memmapping_reducer joblib._store_backends joblib.backports joblib.disk joblib.memory \
        linuxaudiodev lzma macurl2path mailbox mailcap mimetypes netCDF4 netrc nturl2path \
        numpy._core.memmap numpy.core.memmap numpy.lib._datasource openpyxl ossaudiodev pandas.io \
        pwd pyarrow.csv pyarrow.dataset pyarrow.feather pyarrow.flight pyarrow.fs pyarrow.json \
        pyarrow.orc pyarrow.parquet pyexpat scipy.datasets scipy.io scipy.misc send2trash shutil \
        skimage.io sklearn.datasets sndhdr spwd stat statvfs sunau tables tarfile tempfile tomllib \
        torchaudio.backend torchaudio.datasets torchaudio.io torchaudio.utils torchvision.datasets \
        torchvision.extension torchvision.io watchdog wave winreg winsound xlrd xml zarr zipfile",
    ),
];

/// Single names of packages that also hold harmless ones.
const NAMES: &[(Effect, &str, &str)] = &[
    (
        Effect::Execution,
        "builtins __builtin__",
        "\
        __build_class__ __import__ apply breakpoint callable coerce compile eval exec execfile \
        filter intern map reduce reload runfile",
    ),
    (
        Effect::Introspection,
        "builtins __builtin__",
        "\
        classmethod delattr dir getattr globals hasattr locals property setattr staticmethod super \
        vars",
    ),
    (
        Effect::File,
        "builtins __builtin__",
        "file input open raw_input",
    ),
    (
        Effect::Process,
        "builtins __builtin__",
        "copyright credits exit help license quit",
    ),
    (
        Effect::Introspection,
        "operator _operator",
        "attrgetter call itemgetter methodcaller",
    ),
    (Effect::Execution, "itertools", "starmap"),
    (
        Effect::Execution,
        "_collections_abc collections.abc",
        "Callable",
    ),
    (
        Effect::Execution,
        "string _string",
        "Formatter formatter_field_name_split formatter_parser",
    ),
    (
        Effect::Introspection,
        "typing",
        "ForwardRef NamedTuple NewType TypedDict _eval_type get_type_hints",
    ),
    (Effect::Execution, "enum", "_simple_enum _test_simple_enum"),
    (
        Effect::Execution,
        "platform",
        "_Processor _syscmd_file _syscmd_ver architecture libc_ver popen",
    ),
    (
        Effect::Execution,
        "uuid",
        "\
        _arp_getter _find_mac _get_command_stdout _ifconfig_getter _ip_getter _lanscan_getter \
        _netstat_getter _popen getnode",
    ),
    (Effect::File, "logging", "FileHandler basicConfig"),
    (
        Effect::Introspection,
        "logging",
        "Handler Logger Manager setLoggerClass",
    ),
    (
        Effect::Introspection,
        "copyreg copy_reg",
        "\
        _extension_registry _inverted_registry add_extension clear_extension_cache constructor \
        dispatch_table pickle remove_extension",
    ),
    (
        Effect::Introspection,
        "copy",
        "_reconstruct copy deepcopy replace",
    ),
    (
        Effect::Loader,
        "torch",
        "\
        classes compile hub import_ir_module import_ir_module_from_buffer jit load ops package save",
    ),
    (
        Effect::Loader,
        "torch.storage",
        "_from_file _load_from_bytes",
    ),
    (Effect::File, "torch.storage", "_new_shared_filename"),
    (Effect::File, "torch", "from_file"),
    (
        Effect::Loader,
        "torch._C",
        "\
        CompilationUnit PyTorchFileReader PyTorchFileWriter ScriptModule _get_operation_overload \
        _import_ir_module_from_package _jit_script_compile _load_for_lite_interpreter \
        _load_jit_module_from_file _load_mobile_module_from_file import_ir_module \
        import_ir_module_from_buffer parse_ir",
    ),
    (
        Effect::Execution,
        "torch._C",
        "_get_module_info_from_flatbuffer _jit_get_all_schemas _jit_get_operation",
    ),
    (Effect::Loader, "torch.cuda", "_compile_kernel"),
    (
        Effect::Execution,
        "torch.nn.modules.module",
        "register_module_forward_hook register_module_forward_pre_hook",
    ),
    (Effect::Loader, "numpy", "load loads"),
    (
        Effect::File,
        "numpy",
        "\
        DataSource fromfile fromregex genfromtxt loadtxt mafromtxt memmap ndfromtxt recfromcsv \
        recfromtxt save savetxt savez savez_compressed tofile",
    ),
    (
        Effect::Execution,
        "numpy",
        "\
        apply_along_axis apply_over_axes fromfunction frompyfunc lookfor piecewise safe_eval source \
        test vectorize",
    ),
    (
        Effect::Execution,
        "numpy.lib.utils numpy.lib._utils_impl numpy.lib",
        "info lookfor safe_eval source",
    ),
    (
        Effect::File,
        "numpy.core.multiarray numpy._core.multiarray numpy.core.records numpy._core.records numpy.rec",
        "fromfile memmap",
    ),
    (
        Effect::Introspection,
        "numpy.core numpy._core numpy.core._multiarray_umath numpy._core._multiarray_umath",
        "_ufunc_reconstruct",
    ),
    (
        Effect::Execution,
        "numpy.ma numpy.ma.core numpy.ma.extras",
        "apply_along_axis apply_over_axes",
    ),
    (
        Effect::File,
        "numpy.ma numpy.ma.mrecords",
        "fromtextfile load loads openfile",
    ),
    (
        Effect::Loader,
        "joblib joblib.numpy_pickle sklearn.externals.joblib sklearn.externals.joblib.numpy_pickle",
        "NumpyUnpickler _unpickle load load_temporary_memmap",
    ),
    (
        Effect::Loader,
        "joblib.numpy_pickle_compat sklearn.externals.joblib.numpy_pickle_compat",
        "ZipNumpyUnpickler load_compatibility read_zfile",
    ),
    (
        Effect::File,
        "joblib joblib.numpy_pickle",
        "Memory dump wrap_non_picklable_objects",
    ),
    (Effect::Execution, "joblib", "Parallel delayed"),
    (
        Effect::OtherFile,
        "joblib.numpy_pickle joblib.numpy_pickle_compat sklearn.externals.joblib.numpy_pickle \
         sklearn.externals.joblib.numpy_pickle_compat",
        "NDArrayWrapper ZNDArrayWrapper",
    ),
    (Effect::Execution, "six", "exec_"),
    (Effect::Execution, "click click.termui", "edit launch"),
    (
        Effect::Loader,
        "datasets datasets.load",
        "load_dataset load_dataset_builder load_from_disk",
    ),
    (
        Effect::Execution,
        "jax jax.experimental",
        "io_callback pure_callback",
    ),
    (
        Effect::Loader,
        "jaxlib.xla_client",
        "load_pjrt_plugin_dynamically",
    ),
    (
        Effect::File,
        "matplotlib.image matplotlib.pyplot",
        "imread imsave savefig",
    ),
    (Effect::File, "wheel.cli", "main"),
    (
        Effect::Execution,
        "sympy sympy.core sympy.core.evalf sympy.simplify sympy.simplify.simplify",
        "\
        N S lambdify nsimplify parse_expr plot preview simplify solve sympify",
    ),
    (
        Effect::Loader,
        "pandas",
        "HDFStore read_hdf read_pickle to_pickle",
    ),
    (Effect::Execution, "pandas", "eval"),
    (
        Effect::File,
        "pandas",
        "\
        ExcelFile ExcelWriter read_clipboard read_csv read_excel read_feather read_fwf read_gbq \
        read_html read_json read_orc read_parquet read_sas read_spss read_sql read_sql_query \
        read_sql_table read_stata read_table read_xml",
    ),
    (Effect::Execution, "scipy", "test"),
    (
        Effect::Execution,
        "sklearn.utils sklearn.utils.parallel",
        "Parallel _FuncWrapper delayed",
    ),
    (Effect::Loader, "sklearn.utils.fixes", "parse_version"),
    (Effect::Network, "sklearn.utils.fixes", "_urlopen"),
    (
        Effect::Loader,
        "transformers",
        "\
        AutoConfig AutoFeatureExtractor AutoModel AutoModelForCausalLM AutoProcessor AutoTokenizer \
        PreTrainedModel Tool load_tool pipeline",
    ),
    (
        Effect::Loader,
        "safetensors safetensors.torch safetensors.numpy",
        "load_file safe_open save_file",
    ),
    (
        Effect::Loader,
        "keras keras.models tf_keras tf_keras.models keras.src.models",
        "clone_model load_model model_from_config model_from_json model_from_yaml",
    ),
    (
        Effect::Loader,
        "xgboost xgboost.compat lightgbm lightgbm.compat",
        "load_model",
    ),
    (Effect::Loader, "cv2", "FileStorage"),
    (Effect::File, "cv2", "VideoCapture imread imwrite"),
    (Effect::File, "PIL.Image", "open"),
    (
        Effect::Execution,
        "PIL.ImageMath PIL.ImageShow",
        "eval lambda_eval register show unsafe_eval",
    ),
    (
        Effect::Loader,
        "fairseq.checkpoint_utils fairseq.file_utils",
        "cached_path load_archive_file load_checkpoint_to_cpu load_model_ensemble",
    ),
    (
        Effect::File,
        "pyarrow pyarrow.lib",
        "OSFile create_memory_map memory_map open_file",
    ),
    (Effect::Execution, "cgitb faulthandler", "enable register"),
];

/// Names of the standard library that are no weapon by themselves, that some models do
/// have, and that call what they are given or make classes: a person has to look.
const LOOK: &[(&str, &str)] = &[
    (
        "builtins __builtin__",
        "abs all any buffer divmod enumerate hash id isinstance issubclass iter len max memoryview \
         min next pow reversed round sorted sum type zip",
    ),
    ("collections", "ChainMap UserString namedtuple"),
    (
        "operator _operator",
        "add and_ eq ge gt le lt mul ne neg or_ sub truediv xor",
    ),
    ("math", "ceil exp floor isnan log log10 log2 pow sqrt"),
    ("enum", "Enum Flag IntEnum IntFlag StrEnum"),
    ("threading _thread", "RLock _RLock allocate_lock"),
    ("itertools", "chain count cycle repeat"),
];

/// Last words of names that say what they do, in packages that are on no list.
const SUSPICIOUS: &str = "\
    Popen Process attrgetter bash call_subprocess check_call check_output cmd cmdline download \
    download_file download_model download_url dynamic_import eval eval_expr evaluate_expression \
    exec exec_code exec_command exec_file exec_from_file exec_module execfile execute fetch \
    fetch_url fork_exec from_checkpoint from_file from_pickle from_pretrained \
    get_class_from_dynamic_module get_entity get_file getattr hf_hub_download import_from_string \
    import_module import_name import_object import_string literal_eval load load_all \
    load_checkpoint load_class load_data load_dataset load_dynamic load_extension load_file \
    load_from_checkpoint load_from_file load_library load_model load_module \
    load_module_from_path load_obj load_object load_path load_pickle load_source \
    load_state_dict_from_url load_url loads loadtxt locate makedirs methodcaller open_file \
    openfile os_system pickle_load pickle_loads popen read_csv read_file read_pickle read_text \
    remove_file resolve resolve_name rgetattr rmdir rmtree run_cmd run_code run_command \
    run_in_shell run_script runcall runcode runcommand runctx runscript runsource safe_eval \
    save_file setattr sh shell snapshot_download spawn start_process subprocess system \
    system_call unlink unpickle unsafe_eval unsafe_load urlopen urlretrieve write_file \
    write_text";

/// Packages that others bring along inside of them.
const VENDORED: &str = "\
    __builtin__ builtins cPickle cloudpickle ctypes dill importlib loky marshal os pickle posix \
    requests runpy six socket subprocess sys urllib3";

type Index = HashMap<&'static str, Effect>;

static MODULE_INDEX: LazyLock<Index> = LazyLock::new(|| {
    let rows = MODULES.iter();
    rows.flat_map(|(effect, names)| names.split_ascii_whitespace().map(|name| (name, *effect)))
        .collect()
});

static NAME_INDEX: LazyLock<HashMap<(&'static str, &'static str), Effect>> = LazyLock::new(|| {
    let mut index = HashMap::new();
    for (effect, modules, names) in NAMES {
        for module in modules.split_ascii_whitespace() {
            for name in names.split_ascii_whitespace() {
                index.insert((module, name), *effect);
            }
        }
    }
    index
});

static SUSPICIOUS_INDEX: LazyLock<HashSet<&str>> =
    LazyLock::new(|| SUSPICIOUS.split_ascii_whitespace().collect());

/// True if a name is neither harmless nor a weapon.
pub(super) fn needs_a_look(module: &str, name: &str) -> bool {
    let has = |words: &str, word: &str| words.split_ascii_whitespace().any(|known| known == word);
    LOOK.iter()
        .any(|(modules, names)| has(modules, module) && has(names, name))
}

/// The packages that some listed module or name is in.
static PACKAGES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let modules = MODULES.iter().map(|(_, modules)| modules);
    let modules = modules.chain(NAMES.iter().map(|(_, modules, _)| modules));
    modules
        .flat_map(|modules| modules.split_ascii_whitespace())
        .filter_map(|module| module.split('.').next())
        .collect()
});

/// True for a package that can run, read, write or send something for whoever picks the
/// function.
pub(crate) fn has_package(package: &str) -> bool {
    PACKAGES.contains(package)
}

/// What a name does, if it or the module that it is in is listed.
pub(super) fn effect(module: &str, name: &str) -> Option<Effect> {
    let exact = NAME_INDEX.get(&(module, name)).copied();
    exact.or_else(|| enclosing_effect(module))
}

/// What a module does, or the package that it is in.
fn enclosing_effect(module: &str) -> Option<Effect> {
    /// Most parts of a listed module.
    const DEEPEST: usize = 6;

    let ends = module.match_indices('.').map(|(at, _)| at);
    ends.chain([module.len()])
        .take(DEEPEST)
        .find_map(|end| MODULE_INDEX.get(module.get(..end)?).copied())
}

/// What an attribute leads to that is named like a listed module: `_os`, `sys`.
pub(super) fn module_effect(attribute: &str) -> Option<Effect> {
    MODULE_INDEX.get(attribute.trim_start_matches('_')).copied()
}

/// What a module does that is a copy of a listed one inside of another package.
pub(super) fn vendored_effect(module: &str, name: &str) -> Option<Effect> {
    let (_, last) = module.rsplit_once('.')?;
    if !VENDORED.split_ascii_whitespace().any(|known| known == last) {
        return None;
    }
    effect(last, name)
}

/// True if a name says that it runs, loads or fetches.
pub(super) fn is_suspicious(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    SUSPICIOUS_INDEX.contains(last)
}

#[cfg(test)]
pub(super) fn modules() -> impl Iterator<Item = &'static str> {
    MODULES
        .iter()
        .flat_map(|(_, names)| names.split_ascii_whitespace())
}

#[cfg(test)]
pub(super) fn names() -> impl Iterator<Item = (&'static str, &'static str)> {
    NAME_INDEX.keys().copied()
}
