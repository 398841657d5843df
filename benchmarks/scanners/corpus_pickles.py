"""Pickles, what they are wrapped in, and what PyTorch and joblib make of them."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import lzma
import pickle
import struct
import tarfile
import zipfile
import zlib
from collections import OrderedDict

from corpus import BENIGN, MALFORMED, MALICIOUS, Corpus

# Opcodes, one name each.
MARK, STOP, POP, DUP = b"(", b".", b"0", b"2"
REDUCE, BUILD, TUPLE, TUPLE1, TUPLE2, TUPLE3, EMPTY_TUPLE = b"R", b"b", b"t", b"\x85", b"\x86", b"\x87", b")"
EMPTY_DICT, EMPTY_LIST, NONE, TRUE = b"}", b"]", b"N", b"\x88"
MEMOIZE, STACK_GLOBAL, NEWOBJ, NEWOBJ_EX = b"\x94", b"\x93", b"\x81", b"\x92"


def proto(version: int) -> bytes:
    return b"\x80" + bytes([version])


def text(value: str) -> bytes:
    """BINUNICODE, or its short form."""
    data = value.encode()
    if len(data) < 256:
        return b"\x8c" + bytes([len(data)]) + data
    return b"X" + struct.pack("<I", len(data)) + data


def data(value: bytes) -> bytes:
    if len(value) < 256:
        return b"C" + bytes([len(value)]) + value
    return b"B" + struct.pack("<I", len(value)) + value


def number(value: int) -> bytes:
    return b"J" + struct.pack("<i", value)


def put(index: int) -> bytes:
    return b"q" + bytes([index])


def get(index: int) -> bytes:
    return b"h" + bytes([index])


def name(module: str, attribute: str) -> bytes:
    """GLOBAL."""
    return b"c" + module.encode() + b"\n" + attribute.encode() + b"\n"


def stack_name(module: str, attribute: str) -> bytes:
    return text(module) + text(attribute) + STACK_GLOBAL


def arguments(*values: object) -> bytes:
    body = b"".join(argument(value) for value in values)
    return MARK + body + TUPLE


def argument(value: object) -> bytes:
    if isinstance(value, str):
        return text(value)
    if isinstance(value, bytes):
        return data(value)
    if isinstance(value, int):
        return number(value)
    if value is None:
        return NONE
    if isinstance(value, (list, tuple)):
        items = MARK + b"".join(argument(item) for item in value)
        return EMPTY_LIST + items + b"e" if isinstance(value, list) else items + TUPLE
    raise TypeError(value)


def frame(body: bytes) -> bytes:
    return b"\x95" + struct.pack("<Q", len(body)) + body


def call(module: str, attribute: str, *values: object, version: int = 4) -> bytes:
    """A pickle that calls something."""
    if version < 2:
        old = b"".join(b"V" + str(value).encode() + b"\n" for value in values)
        return name(module, attribute) + MARK + old + TUPLE + REDUCE + STOP
    named = stack_name(module, attribute) if version >= 4 else name(module, attribute)
    if version == 4:
        return proto(4) + frame(named + arguments(*values) + REDUCE + STOP)
    unicode = b"".join(b"X" + struct.pack("<I", len(str(v).encode())) + str(v).encode() for v in values)
    return proto(version) + named + MARK + unicode + TUPLE + REDUCE + STOP


SYSTEM = ("os", "system", "true")
RUN = call(*SYSTEM)
RUN_2 = call(*SYSTEM, version=2)
RUN_0 = call(*SYSTEM, version=0)


class Stub:
    """Stands for whatever a pickle asks for; does nothing."""

    def __new__(cls, *args: object, **kwargs: object) -> Stub:
        return object.__new__(cls)

    def __init__(self, *args: object, **kwargs: object) -> None:
        pass

    def __call__(self, *args: object, **kwargs: object) -> Stub:
        return Stub()

    def __setstate__(self, state: object) -> None:
        pass

    def append(self, item: object) -> None:
        pass

    def extend(self, items: object) -> None:
        pass

    def __setitem__(self, key: object, value: object) -> None:
        pass


def asked(stream: bytes) -> set[tuple[str, str]]:
    """What CPython's unpickler asks for, whatever becomes of the rest."""
    found: set[tuple[str, str]] = set()

    class Reader(pickle.Unpickler):
        def find_class(self, module: str, attribute: str) -> type[Stub]:
            found.add((module, attribute))
            return Stub

        def persistent_load(self, identity: object) -> Stub:
            return Stub()

    source = io.BytesIO(stream)
    try:
        while source.tell() < len(stream):
            Reader(source).load()
    except Exception:  # Whatever is broken behind it, it has asked by then.
        pass
    return found


def reaching(stream: bytes, *names: tuple[str, str]) -> bytes:
    """The stream, which has to ask for these."""
    missing = set(names or [("os", "system")]) - asked(stream)
    if missing:
        raise SystemExit(f"CPython does not ask for {missing} in {stream!r}")
    return stream


GADGETS: list[tuple[str, str, tuple[object, ...]]] = [
    # Programs.
    ("os", "system", ("true",)), ("posix", "system", ("true",)), ("nt", "system", ("true",)),
    ("os", "popen", ("true",)), ("os", "execv", ("/bin/true", ["true"])), ("os", "execvp", ("true", ["true"])),
    ("os", "spawnv", (0, "/bin/true", ["true"])), ("os", "spawnlp", (0, "true", "true")),
    ("os", "posix_spawn", ("/bin/true", ["true"], None)), ("posix", "posix_spawn", ("/bin/true", ["true"], None)),
    ("posix", "execv", ("/bin/true", ["true"])), ("os", "startfile", ("x.invalid",)),
    ("subprocess", "Popen", (["true"],)), ("subprocess", "run", (["true"],)), ("subprocess", "call", (["true"],)),
    ("subprocess", "check_output", (["true"],)), ("subprocess", "check_call", (["true"],)),
    ("subprocess", "getoutput", ("true",)), ("subprocess", "getstatusoutput", ("true",)),
    ("_posixsubprocess", "fork_exec", (["true"],)), ("commands", "getoutput", ("true",)),
    ("popen2", "popen3", ("true",)), ("pty", "spawn", ("/bin/true",)), ("platform", "popen", ("true",)),
    ("asyncio", "create_subprocess_shell", ("true",)),
    ("asyncio.subprocess", "create_subprocess_exec", ("true",)),
    ("asyncio.unix_events", "_UnixSubprocessTransport._start", (["true"],)),
    ("multiprocessing.util", "spawnv_passfds", (b"/bin/true", ["true"], [])),
    ("multiprocessing.popen_spawn_posix", "Popen", ("x",)),
    ("distutils.spawn", "spawn", (["true"],)), ("distutils.file_util", "write_file", ("/tmp/x.invalid", ["x"])),
    ("setuptools._distutils.spawn", "spawn", (["true"],)), ("webbrowser", "open", ("http://x.invalid",)),
    ("webbrowser", "GenericBrowser", ("true",)), ("antigravity", "webbrowser.open", ("http://x.invalid",)),
    ("sh", "Command", ("true",)), ("pexpect", "run", ("true",)), ("paramiko", "SSHClient", ()),
    ("fabric", "Connection", ("x.invalid",)), ("plumbum", "local.__getitem__", ("true",)),
    ("psutil", "Popen", (["true"],)), ("invoke", "run", ("true",)), ("delegator", "run", ("true",)),
    ("pip", "main", (["--version"],)), ("pip._internal", "main", (["--version"],)),
    ("pip._internal.cli.main", "main", (["--version"],)),
    # Code.
    ("builtins", "eval", ("1",)), ("builtins", "exec", ("1",)), ("builtins", "compile", ("1", "x", "eval")),
    ("builtins", "__import__", ("this",)), ("builtins", "getattr", ("x", "upper")),
    ("builtins", "setattr", ("x", "y", "z")), ("builtins", "delattr", ("x", "y")), ("builtins", "globals", ()),
    ("builtins", "vars", ()), ("builtins", "breakpoint", ()), ("builtins", "input", ()),
    ("builtins", "help", ("x",)),
    ("__builtin__", "eval", ("1",)), ("__builtin__", "execfile", ("x.invalid",)), ("__builtin__", "apply", ("x",)),
    ("__builtin__", "file", ("x.invalid",)), ("__builtin__", "getattr", ("x", "y")),
    ("importlib", "import_module", ("this",)), ("importlib", "__import__", ("this",)),
    ("importlib", "reload", ("x",)), ("importlib._bootstrap", "_gcd_import", ("this",)),
    ("importlib.machinery", "SourceFileLoader", ("x", "x.invalid")),
    ("importlib.util", "spec_from_file_location", ("x", "x.invalid")), ("imp", "load_source", ("x", "x.invalid")),
    ("imp", "load_dynamic", ("x", "x.invalid")), ("_imp", "create_dynamic", ("x",)),
    ("zipimport", "zipimporter", ("x.invalid",)), ("pkgutil", "resolve_name", ("os:system",)),
    ("pydoc", "locate", ("os.system",)), ("pydoc", "pipepager", ("x", "true")), ("pydoc", "safeimport", ("this",)),
    ("runpy", "run_path", ("x.invalid",)), ("runpy", "run_module", ("this",)), ("runpy", "_run_code", ("1",)),
    ("code", "InteractiveInterpreter.runcode", ("x", "1")), ("code", "interact", ()),
    ("codeop", "compile_command", ("1",)), ("marshal", "loads", (b"N",)), ("marshal", "load", ("x",)),
    ("types", "FunctionType", ("x",)), ("types", "CodeType", (0,)), ("timeit", "timeit", ("1",)),
    ("timeit", "main", (["1"],)), ("trace", "Trace.run", ("x", "1")), ("trace", "Trace.runctx", ("x", "1")),
    ("cProfile", "run", ("1",)), ("cProfile", "runctx", ("1", "x", "x")), ("profile", "run", ("1",)),
    ("profile", "Profile.run", ("x", "1")), ("bdb", "Bdb.run", ("x", "1")), ("pdb", "run", ("1",)),
    ("pdb", "runeval", ("1",)), ("doctest", "debug_script", ("1",)), ("doctest", "testfile", ("x.invalid",)),
    ("idlelib.autocomplete", "AutoComplete.get_entity", ("x", "1")),
    ("idlelib.calltip", "Calltip.fetch_tip", ("x", "1")), ("idlelib.debugobj", "ObjectTreeItem.SetText", ("x", "1")),
    ("idlelib.pyshell", "ModifiedInterpreter.runcode", ("x", "1")), ("idlelib.run", "Executive.runcode", ("x", "1")),
    ("lib2to3.pgen2.grammar", "Grammar.loads", ("x", b"x")), ("lib2to3.pgen2.pgen", "ParserGenerator.make_label", ()),
    ("ensurepip", "_run_pip", (["--version"],)), ("venv", "create", ("/tmp/x.invalid",)),
    ("unittest.mock", "_importer", ("this",)), ("unittest.loader", "TestLoader.loadTestsFromName", ("x", "this")),
    ("logging.config", "dictConfig", ("x",)), ("logging.config", "listen", (1,)),
    ("operator", "attrgetter", ("system",)), ("operator", "methodcaller", ("system", "true")),
    ("operator", "itemgetter", (0,)), ("functools", "partial", ("x",)), ("functools", "reduce", ("x", ["y"])),
    ("itertools", "starmap", ("x", [["true"]])), ("itertools", "accumulate", (["x"], "y")),
    ("builtins", "map", ("x", ["y"])), ("builtins", "filter", ("x", ["y"])),
    ("_operator", "attrgetter", ("system",)), ("types", "DynamicClassAttribute", ("x",)),
    ("inspect", "getattr_static", ("x", "y")), ("typing", "get_type_hints", ("x",)),
    ("typing", "ForwardRef._evaluate", ("x",)), ("dataclasses", "_create_fn", ("x", [], ["pass"])),
    ("string", "Formatter.format", ("x", "y")),
    ("gc", "get_objects", ()), ("sys", "settrace", ("x",)), ("sys", "setprofile", ("x",)),
    ("sys", "addaudithook", ("x",)), ("sys", "_getframe", (0,)), ("atexit", "register", ("x",)),
    ("signal", "signal", (1, "x")), ("threading", "Thread", (None, "x")), ("_thread", "start_new_thread", ("x", ())),
    ("concurrent.futures", "ThreadPoolExecutor", (1, "x", "y")), ("sched", "scheduler", ("x",)),
    ("ctypes", "CDLL", ("x.invalid",)), ("ctypes", "cdll.LoadLibrary", ("x.invalid",)),
    ("ctypes.util", "find_library", ("c",)), ("_ctypes", "dlopen", ("x.invalid", 2)), ("cffi", "FFI", ()),
    ("test.support.script_helper", "assert_python_ok", ("-c", "1")), ("test.support", "run_in_subinterp", ("1",)),
    ("_xxsubinterpreters", "run_string", (1, "1")), ("_testcapi", "run_in_subinterp", ("1",)),
    # Files.
    ("builtins", "open", ("x.invalid", "w")), ("io", "open", ("x.invalid", "w")), ("io", "open_code", ("x.invalid",)),
    ("io", "FileIO", ("x.invalid", "w")), ("_io", "open", ("x.invalid", "w")), ("_pyio", "open", ("x.invalid", "w")),
    ("codecs", "open", ("x.invalid", "w")), ("os", "remove", ("x.invalid",)), ("os", "unlink", ("x.invalid",)),
    ("os", "rename", ("x.invalid", "y.invalid")), ("os", "chmod", ("x.invalid", 0)), ("os", "mkdir", ("x.invalid",)),
    ("os", "symlink", ("x.invalid", "y.invalid")), ("os", "putenv", ("X", "y")), ("os", "kill", (0, 0)),
    ("os", "listdir", (".",)), ("os", "environ.get", ("X",)), ("os", "open", ("x.invalid", 0)),
    ("shutil", "rmtree", ("x.invalid",)), ("shutil", "copyfile", ("x.invalid", "y.invalid")),
    ("shutil", "move", ("x.invalid", "y.invalid")), ("shutil", "unpack_archive", ("x.invalid",)),
    ("pathlib", "Path.write_text", ("x.invalid", "y")), ("pathlib", "PosixPath.unlink", ("x.invalid",)),
    ("tempfile", "NamedTemporaryFile", ()), ("fileinput", "input", ("x.invalid",)), ("linecache", "getlines", ("x",)),
    ("zipfile", "ZipFile", ("x.invalid", "w")), ("zipfile", "ZipFile.extractall", ("x",)), ("tarfile", "open", ("x",)),
    ("gzip", "open", ("x.invalid", "w")), ("bz2", "open", ("x.invalid", "w")), ("lzma", "open", ("x.invalid", "w")),
    ("mmap", "mmap", (0, 1)), ("sqlite3", "connect", ("x.invalid",)), ("shelve", "open", ("x.invalid",)),
    ("dbm", "open", ("x.invalid",)), ("dbm.dumb", "open", ("x.invalid",)), ("logging", "FileHandler", ("x.invalid",)),
    ("logging.handlers", "RotatingFileHandler", ("x.invalid",)), ("mailbox", "mbox", ("x.invalid",)),
    ("xml.etree.ElementTree", "parse", ("x.invalid",)), ("configparser", "ConfigParser.read", ("x", "y")),
    ("py_compile", "compile", ("x.invalid",)), ("compileall", "compile_dir", ("x.invalid",)),
    ("pandas", "read_pickle", ("x.invalid",)), ("numpy", "save", ("x.invalid", [1])),
    ("numpy", "load", ("x.invalid",)), ("numpy", "fromfile", ("x.invalid",)), ("numpy", "genfromtxt", ("x.invalid",)),
    ("numpy", "memmap", ("x.invalid",)), ("numpy", "loadtxt", ("x.invalid",)), ("numpy", "savetxt", ("x.invalid", [1])),
    # Network.
    ("socket", "socket", ()), ("socket", "create_connection", (("x.invalid", 80),)), ("_socket", "socket", ()),
    ("socket", "getaddrinfo", ("x.invalid", 80)), ("socket", "gethostbyname", ("x.invalid",)),
    ("urllib.request", "urlopen", ("http://x.invalid",)), ("urllib.request", "urlretrieve", ("http://x.invalid",)),
    ("http.client", "HTTPSConnection", ("x.invalid",)), ("http.server", "test", ()), ("ftplib", "FTP", ("x.invalid",)),
    ("smtplib", "SMTP", ("x.invalid",)), ("telnetlib", "Telnet", ("x.invalid",)), ("poplib", "POP3", ("x.invalid",)),
    ("imaplib", "IMAP4", ("x.invalid",)), ("nntplib", "NNTP", ("x.invalid",)),
    ("xmlrpc.client", "ServerProxy", ("http://x.invalid",)), ("socketserver", "TCPServer", ("x", "y")),
    ("requests", "get", ("http://x.invalid",)), ("requests.api", "post", ("http://x.invalid",)),
    ("httpx", "get", ("http://x.invalid",)), ("aiohttp", "ClientSession", ()), ("urllib3", "PoolManager", ()),
    ("ssl", "get_server_certificate", (("x.invalid", 443),)), ("boto3", "client", ("s3",)),
    ("multiprocessing.connection", "Client", (("x.invalid", 1),)), ("multiprocessing", "Process", (None, "x")),
    ("huggingface_hub", "hf_hub_download", ("x/y", "z")), ("huggingface_hub", "snapshot_download", ("x/y",)),
    # Loaders: a file within a file.
    ("pickle", "loads", (RUN,)), ("_pickle", "loads", (RUN,)), ("pickle", "Unpickler", ("x",)),
    ("cPickle", "loads", (RUN,)), ("dill", "loads", (RUN,)), ("cloudpickle", "loads", (RUN,)),
    ("cloudpickle.cloudpickle", "_make_function", ("x",)), ("dill._dill", "_create_function", ("x",)),
    ("dill._dill", "_eval_repr", ("1",)), ("dill", "source.getsource", ("x",)), ("joblib", "load", ("x.invalid",)),
    ("joblib.numpy_pickle", "load", ("x.invalid",)), ("torch", "load", ("x.invalid",)),
    ("torch.storage", "_load_from_bytes", (RUN,)), ("torch.hub", "load", ("x/y", "z")), ("torch.jit", "load", ("x",)),
    ("torch.package", "PackageImporter", ("x",)), ("torch.serialization", "load", ("x",)), ("torch.ops", "load_library", ("x",)),
    ("torch._dynamo.guards", "GuardBuilder.get", ("x", "1")), ("torch.utils._config_module", "ConfigModule.load_config", ("x", RUN)),
    ("torch.fx.experimental.symbolic_shapes", "ShapeEnv.evaluate_guards_expression", ("x", "1")),
    ("torch.utils.collect_env", "run", ("true",)), ("torch.utils.bottleneck.__main__", "run_cprofile", ("1", "x")),
    ("torch.utils.data.datapipes.utils.decoder", "basichandlers", ("pickle", RUN)),
    ("torch.cuda.amp", "sys.modules.get", ("os",)), ("torch.distributed.rpc", "rpc_sync", ("x",)),
    ("torch.utils.cpp_extension", "load_inline", ("x",)), ("torch.fx", "_symbolic_trace._autowrap_check", ("x",)),
    ("torch.jit.unsupported_tensor_ops", "execWrapper", ("1", "x", "y")), ("torch._inductor.codecache", "compile_file", ("x",)),
    ("numpy.testing._private.utils", "runstring", ("1", "x")), ("numpy.f2py", "compile", ("1",)),
    ("numpy.f2py.crackfortran", "getlincoef", ("1", "x")), ("numpy.f2py.crackfortran", "param_eval", ("1",)),
    ("numpy.distutils.exec_command", "exec_command", ("true",)), ("numpy.ctypeslib", "load_library", ("x", ".")),
    ("pandas", "eval", ("1",)), ("pandas.core.computation.eval", "eval", ("1",)), ("pandas.io.pickle", "read_pickle", ("x",)),
    ("scipy.io", "loadmat", ("x",)), ("sklearn.datasets", "fetch_openml", ("x",)),
    ("sklearn.utils._testing", "assert_run_python_script", ("1",)), ("tensorflow", "keras.models.load_model", ("x",)),
    ("keras.models", "load_model", ("x",)), ("tensorflow.io", "read_file", ("x",)), ("yaml", "load", ("1",)),
    ("yaml", "unsafe_load", ("1",)), ("jsonpickle", "decode", ("1",)), ("jsonpickle.unpickler", "decode", ("1",)),
    ("django.utils.module_loading", "import_string", ("os.system",)), ("six", "exec_", ("1",)),
    ("six.moves.builtins", "eval", ("1",)), ("past.builtins", "exec", ("1",)), ("IPython", "embed", ()),
    ("IPython.utils.process", "system", ("true",)), ("nltk", "data.load", ("x",)), ("sympy", "sympify", ("1",)),
    ("jinja2", "Template", ("x",)), ("mako.template", "Template", ("x",)), ("setuptools", "sandbox.run_setup", ("x",)),
    ("pytest", "main", (["--version"],)), ("uuid", "_get_command_stdout", ("true",)), ("site", "execsitecustomize", ()),
    ("ensurepip", "bootstrap", ()), ("transformers", "AutoModel.from_pretrained", ("x/y",)),
    ("transformers.dynamic_module_utils", "get_class_from_dynamic_module", ("x", "y")),
    ("unknown_package.tools", "run_command", ("true",)), ("my_model", "Payload", ("true",)), ("evil", "run", ()),
]


def gadgets(corpus: Corpus) -> None:
    for index, (module, attribute, values) in enumerate(GADGETS):
        file = f"{index:03}-{module}-{attribute}.pkl"
        stream = reaching(call(module, attribute, *values), (module, attribute))
        corpus.add("pickle: gadgets", MALICIOUS, file, stream, "denylist-gap")


DOTTED = [
    ("random", "_os.system"), ("tempfile", "_os.system"), ("glob", "os.system"), ("shutil", "os.system"),
    ("collections", "_sys.breakpointhook"), ("collections", "_sys.settrace"), ("collections", "_sys.exit"),
    ("collections", "_sys.modules.get"), ("collections", "OrderedDict.fromkeys.__self__"), ("logging", "os.popen"),
    ("fileinput", "os.system"), ("numpy", "os.system"), ("numpy.core._multiarray_umath", "sys.modules.get"),
    ("torch", "os.system"), ("torch", "_utils.torch.os.system"), ("torch._utils", "torch.hub.os.system"),
    ("collections", "abc.sys.exit"), ("joblib", "os.system"), ("sklearn", "os.system"), ("datetime", "sys.exit"),
    ("typing", "sys.modules.get"), ("builtins", "str.__class__.__subclasses__"), ("builtins", "dict.__class__"),
    ("_codecs", "encode.__self__.lookup"), ("collections", "OrderedDict.__init__.__globals__"),
    ("numpy.core.multiarray", "_reconstruct.__self__"), ("copyreg", "_reconstructor.__globals__.get"),
]


def dotted(corpus: Corpus) -> None:
    for module, attribute in DOTTED:
        file = f"{module}-{attribute}.pkl"
        stream = reaching(call(module, attribute, "true"), (module, attribute))
        corpus.add("pickle: dotted names", MALICIOUS, file, stream, "dotted-name")


def stack(corpus: Corpus) -> None:
    """The stack and the memo are not what the opcode before says."""
    family = "pickle: stack and memo"

    def bad(file: str, body: bytes, bypass: str = "memo-confusion") -> None:
        corpus.add(family, MALICIOUS, file, reaching(proto(4) + body), bypass)

    end = arguments("true") + REDUCE + STOP
    bad("decoy-popped.pkl", text("os") + text("collections") + POP + text("system") + STACK_GLOBAL + end)
    bad("decoy-after.pkl", text("os") + text("system") + text("OrderedDict") + POP + STACK_GLOBAL + end)
    bad("none-popped.pkl", text("os") + NONE + POP + MEMOIZE + POP + get(0) + text("system") + STACK_GLOBAL + end)
    bad("tuple-popped.pkl", text("os") + EMPTY_TUPLE + POP + MEMOIZE + POP + get(0) + text("system") + STACK_GLOBAL + end)
    bad("number-popped.pkl", text("os") + number(1) + POP + put(0) + POP + get(0) + text("system") + STACK_GLOBAL + end)
    bad("put-twice.pkl", text("collections") + put(0) + POP + text("os") + put(0) + POP + text("system") + put(1) + POP
        + get(0) + get(1) + STACK_GLOBAL + end)
    bad("put-order.pkl", text("system") + put(1) + POP + text("os") + put(0) + get(1) + STACK_GLOBAL + end)
    bad("duplicate.pkl", text("os") + DUP + POP + text("system") + DUP + POP + STACK_GLOBAL + end)
    bad("marked.pkl", text("os") + MARK + text("x") + text("y") + b"1" + text("system") + STACK_GLOBAL + end)
    bad("mark-popped.pkl", text("os") + MARK + POP + text("system") + STACK_GLOBAL + end)
    bad("long-memo.pkl", text("os") + b"r" + struct.pack("<I", 70_000) + POP + b"j" + struct.pack("<I", 70_000)
        + text("system") + STACK_GLOBAL + end)
    bad("text-memo.pkl", text("os") + b"p77\n" + POP + b"g77\n" + text("system") + STACK_GLOBAL + end)
    bad("function-kept.pkl", stack_name("os", "system") + MEMOIZE + POP + text("x") + POP + get(0) + end)
    bad("function-in-a-list.pkl", EMPTY_LIST + put(9) + stack_name("os", "system") + put(1) + b"a" + POP + get(1) + end)
    bad("binget-of-memoize.pkl", text("a") + MEMOIZE + POP + text("os") + MEMOIZE + POP + text("system") + MEMOIZE + POP
        + get(1) + get(2) + STACK_GLOBAL + end)
    bad("old-unicode.pkl", b"Vos\nVsystem\n" + STACK_GLOBAL + end)
    bad("escaped-unicode.pkl", b"V\\u006f\\u0073\nVs\\u0079stem\n" + STACK_GLOBAL + end)
    bad("binunicode8.pkl", b"\x8d" + struct.pack("<Q", 2) + b"os" + b"\x8d" + struct.pack("<Q", 6) + b"system"
        + STACK_GLOBAL + end)
    bad("string-opcodes.pkl", b"U\x02osT" + struct.pack("<I", 6) + b"system" + STACK_GLOBAL + end)
    bad("quoted-string.pkl", b"S'os'\nS\"system\"\n" + STACK_GLOBAL + end)
    bad("hex-string.pkl", b"S'\\x6f\\x73'\nS'system'\n" + STACK_GLOBAL + end)
    shared = proto(4) + text("os") + put(0) + POP + text("collections") + put(1) + STOP
    corpus.add(family, MALICIOUS, "memo-of-another-pickle.pkl", reaching(
        shared + proto(4) + text("os") + put(1) + POP + text("system") + put(2) + POP + get(1) + get(2) + STACK_GLOBAL + end),
        "shared-memo")
    # What a call may look like.
    bad("inst.pkl", MARK + b"Vtrue\nios\nsystem\n" + STOP, "")
    bad("obj.pkl", MARK + name("os", "system") + text("true") + b"o" + STOP, "")
    bad("newobj.pkl", name("os", "system") + EMPTY_TUPLE + NEWOBJ + STOP, "")
    bad("newobj-ex.pkl", name("os", "system") + EMPTY_TUPLE + EMPTY_DICT + NEWOBJ_EX + STOP, "")
    bad("only-imported.pkl", name("os", "system") + STOP, "")
    bad("as-state.pkl", name("collections", "OrderedDict") + EMPTY_TUPLE + REDUCE + EMPTY_DICT + text("x")
        + name("os", "system") + b"s" + BUILD + STOP, "")
    bad("as-argument.pkl", name("collections", "defaultdict") + name("os", "system") + TUPLE1 + REDUCE + STOP, "")
    for version in range(6):
        stream = call(*SYSTEM, version=min(version, 4)) if version != 5 else proto(5) + RUN[2:]
        corpus.add(family, MALICIOUS, f"protocol-{version}.pkl", reaching(stream), "")
    corpus.add(family, MALICIOUS, "python-2-builtins.pkl", reaching(call("__builtin__", "eval", "1", version=0), ("__builtin__", "eval")))
    corpus.add(family, MALICIOUS, "python-2-commands.pkl", reaching(call("commands", "getoutput", "true", version=2), ("commands", "getoutput")))
    for byte, opcode in ((1, b"\x82"), (2, b"\x83"), (4, b"\x84")):
        code = opcode + (200).to_bytes(byte, "little")
        corpus.add(family, MALICIOUS, f"extension-{byte}.pkl", proto(2) + code + EMPTY_TUPLE + REDUCE + STOP, "extension-registry")
    scanner = stack_name("picklescan.scanner", "_unsafe_globals.clear") + EMPTY_TUPLE + REDUCE + POP
    bad("clears-the-list-of-a-scanner.pkl", scanner + stack_name("os", "system") + end, "scanner-target")
    for kind, op in (("float", b"F1.5\n"), ("bytearray8", b"\x96" + struct.pack("<Q", 1) + b"x"), ("long4", b"\x8b\x01\0\0\0\x01"),
                     ("bool", b"I01\n"), ("frozenset", MARK + b"\x91"), ("setadd", b"\x8f" + MARK + number(1) + b"\x90")):
        bad(f"behind-{kind}.pkl", op + POP + stack_name("os", "system") + end, "missing-opcode")


def framed(corpus: Corpus) -> None:
    family = "pickle: frames"
    run = stack_name("os", "system") + arguments("true") + REDUCE + STOP
    # The text reaches beyond its frame: CPython leaves the frame and reads on in the file.
    filler = b"\x8c\x05hello0"
    corpus.add(family, MALICIOUS, "many-frames.pkl", reaching(proto(4) + frame(filler) + frame(run)), "")
    corpus.add(family, MALICIOUS, "no-frame.pkl", reaching(proto(4) + run), "")
    corpus.add(family, MALICIOUS, "frame-in-protocol-2.pkl", reaching(proto(2) + frame(run)), "frame-divergence")
    hidden = b"B" + struct.pack("<I", len(run))
    corpus.add(family, MALICIOUS, "frame-ends-in-an-argument.pkl", proto(4) + b"\x95" + struct.pack("<Q", 2) + hidden
               + run + b"0" + run, "frame-divergence")
    corpus.add(family, MALICIOUS, "frame-reaches-beyond-the-end.pkl", proto(4) + b"\x95" + struct.pack("<Q", 1 << 40) + run,
               "frame-divergence")
    # An empty frame is legal, and its opcodes are read from the file.
    corpus.add(family, MALICIOUS, "empty-frame.pkl", reaching(proto(4) + frame(b"") + run), "frame-divergence")


def broken(corpus: Corpus) -> None:
    family = "pickle: broken behind the payload"
    head = proto(4) + stack_name("os", "system") + arguments("true") + REDUCE
    for file, tail in {
        "no-stop": b"", "unknown-opcode": b"\xff\xfe", "cut-text": b"\x8c\x50abc", "bad-utf-8": b"\x8c\x02\xff\xfe.",
        "bad-number": b"Ix\n.", "bad-float": b"Fx\n.", "empty-stack": b"000000.", "bad-memo": b"h\x55.",
        "no-mark": b"t.", "huge-text": b"\x8d" + b"\xff" * 8 + b".", "huge-bytes": b"\x8e" + b"\x7f" * 8 + b".",
        "huge-long": b"\x8b\xff\xff\xff\x7f.", "no-newline": b"cos", "bad-protocol": b"\x80\x63.", "append-to-number": b"K\x01a.",
        "text-instead": b"this is no pickle any more", "zeros": b"\0" * 64,
    }.items():
        corpus.add(family, MALICIOUS, f"{file}.pkl", reaching(head + tail), "broken-after-payload")


def streams(corpus: Corpus) -> None:
    family = "pickle: second stream"
    good = pickle.dumps({"weights": [1.0, 2.0]}, protocol=4)
    for file, between in {
        "stacked": b"", "zeros": b"\0" * 4096, "zero": b"\0", "text": b"this is the end of the model\n", "spaces": b" " * 100,
        "random": bytes(range(256)), "newlines": b"\n" * 10, "stops": b"...", "deep": b"\0" * 70_000,
    }.items():
        corpus.add(family, MALICIOUS, f"{file}.pkl", good + between + RUN, "second-pickle")
        corpus.add(family, MALICIOUS, f"{file}-protocol-2.pkl", good + between + RUN_2, "second-pickle")
    corpus.add(family, MALICIOUS, "stacked-protocol-0.pkl", reaching(good + RUN_0), "second-pickle")
    corpus.add(family, MALICIOUS, "ten-streams.pkl", reaching(good * 9 + RUN), "second-pickle")
    corpus.add(family, MALICIOUS, "zip-behind.pkl", good + zipped({"data.pkl": RUN}), "second-pickle")
    long = proto(2) + EMPTY_LIST + b"NaN".replace(b"a", b"0") * 0 + (NONE + POP) * 600_000
    corpus.add(family, MALICIOUS, "behind-a-million-opcodes.pkl", reaching(long + name("os", "system") + arguments("true") + REDUCE + STOP),
               "budget-exhaustion")


def named(corpus: Corpus) -> None:
    """Names that do not say what the file is."""
    family = "pickle: other names"
    for extension in ("bin", "pt", "pth", "ckpt", "p", "sav", "model", "dat", "data", "txt", "json", "safetensors", "gguf", "npy", "npz",
                      "onnx", "h5", "png", "md", "tar", "zip", "whl", "pickle", "joblib", "dill", "weights", "pb"):
        corpus.add(family, MALICIOUS, f"model.{extension}", RUN, "wrong-extension")
        corpus.add(family, MALICIOUS, f"old.{extension}", RUN_0, "wrong-extension")
    corpus.add(family, MALICIOUS, "model", RUN, "wrong-extension")
    corpus.add(family, MALICIOUS, ".hidden", RUN, "wrong-extension")
    corpus.add(family, MALICIOUS, "folder", {"a/b/c/data.p": RUN, "readme.txt": "x"}, "wrong-extension")


def nested(corpus: Corpus) -> None:
    family = "pickle: nested"

    def bad(file: str, value: object) -> None:
        corpus.add(family, MALICIOUS, file, pickle.dumps({"weights": [1.5] * 20, "extra": value}, protocol=4), "nested-payload")

    big = proto(4) + stack_name("subprocess", "check_output") + arguments(["true"] * 20) + REDUCE + STOP
    for label, payload in (("run", RUN), ("run-2", RUN_2), ("long", big)):
        bad(f"{label}-bytes.pkl", payload)
        bad(f"{label}-base64.pkl", base64.b64encode(payload).decode())
        bad(f"{label}-base64-bytes.pkl", base64.b64encode(payload))
        bad(f"{label}-hex.pkl", payload.hex())
        bad(f"{label}-zlib.pkl", zlib.compress(payload))
        bad(f"{label}-gzip.pkl", gzip.compress(payload, mtime=0))
        bad(f"{label}-zip.pkl", zipped({"data.pkl": payload}))
        bad(f"{label}-base64-zlib.pkl", base64.b64encode(zlib.compress(payload)).decode())
        bad(f"{label}-twice.pkl", pickle.dumps({"inner": payload}, protocol=4))
    for loader in (("pickle", "loads"), ("torch.storage", "_load_from_bytes"), ("_codecs", "encode")):
        stream = proto(4) + stack_name(*loader) + arguments(RUN, "latin1") + REDUCE + STOP
        corpus.add(family, MALICIOUS, f"loader-{loader[0]}.pkl", reaching(stream, loader), "nested-payload")
    program = "import os\nos.system('true')\n"
    corpus.add(family, MALICIOUS, "exec-base64.pkl", reaching(call("builtins", "exec", base64.b64encode(program.encode()).decode()),
               ("builtins", "exec")), "nested-payload")


def exhausting(corpus: Corpus) -> None:
    family = "pickle: denial of service"
    laughs = proto(4) + EMPTY_LIST + MEMOIZE + POP
    body = text("lol") + put(0)
    for level in range(1, 30):
        body += EMPTY_LIST + put(level) + MARK + get(level - 1) * 10 + b"e"
    corpus.add(family, MALICIOUS, "laughs.pkl", laughs + body + STOP, "")
    nested_tuple = NONE + b"".join(b"2\x86" for _ in range(60)) + STOP
    corpus.add(family, MALICIOUS, "tuples.pkl", proto(4) + nested_tuple, "")
    corpus.add(family, MALFORMED, "long-length.pkl", proto(4) + b"\x8e" + struct.pack("<Q", 1 << 60) + b"x", "")
    corpus.add(family, MALFORMED, "memo-index.pkl", proto(4) + NONE + b"r\xff\xff\xff\xff" + b"h\x01.", "")


def wrapped(corpus: Corpus) -> None:
    family = "wrappers"
    for label, payload in (("run", RUN), ("old", RUN_0)):
        forms = {
            "gz": gzip.compress(payload, mtime=0), "bz2": bz2.compress(payload), "xz": lzma.compress(payload),
            "lzma": lzma.compress(payload, format=lzma.FORMAT_ALONE), "zlib": zlib.compress(payload),
            "lz4": lz4(payload), "tar": tarred({"data.pkl": payload}), "tgz": gzip.compress(tarred({"data.pkl": payload}), mtime=0),
            "zip": zipped({"data.pkl": payload}), "zip-without-name": zipped({"data": payload}),
            "zip-in-zip": zipped({"inner.zip": zipped({"data.pkl": payload})}), "gz-in-gz": gzip.compress(gzip.compress(payload, mtime=0), mtime=0),
            "tar-without-name": tarred({"model": payload}), "gz-second-member": gzip.compress(b"hello", mtime=0) + gzip.compress(payload, mtime=0),
            "zlib-tail": zlib.compress(b"hello") + payload, "gz-tail": gzip.compress(b"hello", mtime=0) + payload, "xz-zip": lzma.compress(zipped({"x": payload})),
            "bz2-second": bz2.compress(b"hello") + bz2.compress(payload), "xz-second": lzma.compress(b"hello") + lzma.compress(payload),
            "zip-hidden-folder": zipped({"__MACOSX/.x": payload, "model.txt": b"hello"}), "zip-tail": zipped({"a.txt": b"x"}) + payload,
            "zip-head": payload + zipped({"a.txt": b"x"}), "tar-tail": tarred({"a.txt": b"x"}) + payload,
        }
        if (packed := seven_zip({"data.pkl": payload})) is not None:
            forms["7z"] = packed
            forms["7z-without-name"] = seven_zip({"model": payload}) or b""
        for form, content in forms.items():
            corpus.add(family, MALICIOUS, f"{label}-{form}.{form.split('-')[0]}", content, "other-wrapper")
            corpus.add(family, MALICIOUS, f"{label}-{form}.joblib", content, "other-wrapper")
    escape = io.BytesIO()
    with zipfile.ZipFile(escape, "w") as archive:
        archive.writestr(entry("../../../../tmp/x.invalid"), b"x")
    corpus.add(family, MALICIOUS, "path-escape.zip", escape.getvalue(), "")
    corpus.add(family, MALICIOUS, "path-escape.tar", tarred({"../../x.invalid": b"x"}), "")
    corpus.add(family, MALICIOUS, "path-absolute.tar", tarred({"/etc/x.invalid": b"x"}), "")
    corpus.add(family, MALICIOUS, "link-escape.tar", tar_link("model", "../../etc/passwd", tarfile.SYMTYPE), "")
    corpus.add(family, MALICIOUS, "hard-link-escape.tar", tar_link("model", "/etc/passwd", tarfile.LNKTYPE), "")
    corpus.add(family, MALICIOUS, "bomb.gz", gzip.compress(b"\0" * 200_000_000, mtime=0), "")
    corpus.add(family, MALICIOUS, "bomb.zip", zipped({"x": b"\0" * 200_000_000}), "")
    numbers = pickle.dumps({"a": list(range(100))}, protocol=4)
    for form, content in {
        "gz": gzip.compress(numbers, mtime=0), "bz2": bz2.compress(numbers), "xz": lzma.compress(numbers), "zlib": zlib.compress(numbers),
        "lz4": lz4(numbers), "tar": tarred({"a.pkl": numbers, "b.txt": b"hello\n"}), "zip": zipped({"a.pkl": numbers, "b.txt": b"hello\n"}),
        "tar.gz": gzip.compress(tarred({"a.pkl": numbers}), mtime=0), "lzma": lzma.compress(numbers, format=lzma.FORMAT_ALONE),
    }.items():
        corpus.add(family, BENIGN, f"numbers.{form}", content)
    if (packed := seven_zip({"data.pkl": numbers})) is not None:
        corpus.add(family, BENIGN, "numbers.7z", packed)


def lz4(payload: bytes) -> bytes:
    """An LZ4 frame with one block that is not compressed, and no checksums but the header's."""
    descriptor = b"\x60\x40"
    check = xxh32(descriptor) >> 8 & 0xFF
    block = struct.pack("<I", len(payload) | 1 << 31) + payload
    return struct.pack("<I", 0x184D2204) + descriptor + bytes([check]) + block + struct.pack("<I", 0)


def xxh32(message: bytes) -> int:
    """XXH32 with seed 0 of less than 16 bytes."""
    mask, (p1, p2, p3, p4, p5) = 0xFFFFFFFF, (2654435761, 2246822519, 3266489917, 668265263, 374761393)
    value = (p5 + len(message)) & mask
    at = 0
    while at + 4 <= len(message):
        value = (value + int.from_bytes(message[at:at + 4], "little") * p3) & mask
        value = ((value << 17 | value >> 15) & mask) * p4 & mask
        at += 4
    for byte in message[at:]:
        value = (value + byte * p5) & mask
        value = ((value << 11 | value >> 21) & mask) * p1 & mask
    value = ((value ^ value >> 15) * p2) & mask
    value = ((value ^ value >> 13) * p3) & mask
    return value ^ value >> 16


def seven_zip(members: dict[str, bytes]) -> bytes | None:
    try:
        import py7zr
    except ImportError:
        return None
    target = io.BytesIO()
    with py7zr.SevenZipFile(target, "w") as archive:
        for path, content in members.items():
            archive.writef(io.BytesIO(content), path)
    return target.getvalue()


def entry(path: str) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))


def zipped(members: dict[str, bytes], method: int | None = None) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for path, content in members.items():
            default = zipfile.ZIP_DEFLATED if len(content) > 1_000_000 else zipfile.ZIP_STORED
            archive.writestr(entry(path), content, default if method is None else method)
    return target.getvalue()


def tarred(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path, content in members.items():
            information = tarfile.TarInfo(path)
            information.size = len(content)
            archive.addfile(information, io.BytesIO(content))
    return target.getvalue()


def tar_link(path: str, end: str, kind: bytes) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        information = tarfile.TarInfo(path)
        information.type, information.linkname = kind, end
        archive.addfile(information)
    return target.getvalue()


def tensor(key: str = "0", count: int = 4, shape: tuple[int, ...] = (4,)) -> bytes:
    """`torch.FloatTensor` as PyTorch writes it."""
    storage = (MARK + b"X\x07\0\0\0storage" + name("torch", "FloatStorage") + text_2(key) + text_2("cpu") + number(count) + TUPLE + b"Q")
    sizes = MARK + b"".join(number(part) for part in shape) + TUPLE
    return (name("torch._utils", "_rebuild_tensor_v2") + MARK + storage + number(0) + sizes + MARK + number(1) * len(shape) + TUPLE
            + b"\x89" + name("collections", "OrderedDict") + EMPTY_TUPLE + REDUCE + TUPLE + REDUCE)


def text_2(value: str) -> bytes:
    raw = value.encode()
    return b"X" + struct.pack("<I", len(raw)) + raw


def checkpoint(body: bytes = b"") -> bytes:
    """`data.pkl` of a model with one tensor."""
    return proto(2) + EMPTY_DICT + MARK + text_2("weight") + tensor() + body + b"u" + STOP


def pytorch(pickled: bytes, storages: dict[str, bytes] | None = None, extra: dict[str, bytes] | None = None) -> dict[str, bytes]:
    members = {"archive/data.pkl": pickled, "archive/byteorder": b"little"}
    for key, content in (storages or {"0": struct.pack("<4f", 1, 2, 3, 4)}).items():
        members[f"archive/data/{key}"] = content
    members["archive/version"] = b"3\n"
    return {**members, **(extra or {})}


def pytorch_zip(corpus: Corpus) -> None:
    family = "PyTorch zip"
    run = text_2("x") + name("os", "system") + MARK + text_2("true") + TUPLE + REDUCE
    corpus.add(family, MALICIOUS, "plain.pt", zipped(pytorch(reaching(checkpoint(run)))))
    corpus.add(family, MALICIOUS, "plain.bin", zipped(pytorch(checkpoint(run))))
    corpus.add(family, MALICIOUS, "deflated.pt", zipped(pytorch(checkpoint(run)), zipfile.ZIP_DEFLATED))
    corpus.add(family, MALICIOUS, "bzip2.pt", zipped(pytorch(checkpoint(run)), zipfile.ZIP_BZIP2))
    corpus.add(family, MALICIOUS, "lzma.pt", zipped(pytorch(checkpoint(run)), zipfile.ZIP_LZMA))
    corpus.add(family, MALICIOUS, "in-a-storage.pt", zipped(pytorch(checkpoint(), {"0": RUN_0.ljust(16, b"\0")})), "tensor-payload")
    corpus.add(family, MALICIOUS, "in-another-member.pt", zipped(pytorch(checkpoint(), extra={"archive/extra/notes": RUN})))
    corpus.add(family, MALICIOUS, "in-another-member.txt.pt", zipped(pytorch(checkpoint(), extra={"archive/notes.txt": RUN_0})))
    corpus.add(family, MALICIOUS, "in-constants.pt", zipped(pytorch(checkpoint(), extra={"archive/constants.pkl": RUN})))
    corpus.add(family, MALICIOUS, "renamed.pt", zipped({path.replace("archive/data.pkl", "model/data.pkl"): part
               for path, part in pytorch(checkpoint(run)).items()}))
    corpus.add(family, MALICIOUS, "setitem-on-tensor.pt", zipped(pytorch(
        proto(2) + tensor() + MARK + text_2("a") + number(1) + b"u" + STOP)), "storage-mismatch")
    corpus.add(family, MALICIOUS, "storage-too-short.pt", zipped(pytorch(proto(2) + tensor(count=400, shape=(400,)) + STOP)), "storage-mismatch")
    corpus.add(family, MALICIOUS, "view-beyond-storage.pt", zipped(pytorch(proto(2) + tensor(count=4, shape=(4000,)) + STOP)), "storage-mismatch")
    # TorchScript has no such statement: no loader takes it.
    corpus.add(family, MALFORMED, "torchscript-code.pt", zipped(pytorch(checkpoint(), extra={
        "archive/constants.pkl": proto(2) + EMPTY_TUPLE + STOP,
        "archive/code/__torch__/m.py": b"class M(Module):\n  def forward(self, x):\n    import os\n    os.system('true')\n    return x\n"})))
    for file, change in ZIP_TRICKS.items():
        label = MALFORMED if file == "wrong-signature.pt" else MALICIOUS
        corpus.add("zip structure", label, file, change(zipped(pytorch(checkpoint(run)))), "zip-mismatch")
    good = zipped(pytorch(checkpoint()))
    corpus.add("zip structure", MALICIOUS, "hidden-local-entry.pt", hidden_entry(good), "zip-mismatch")
    corpus.add("zip structure", MALICIOUS, "two-directories.pt", zipped(pytorch(checkpoint(run))) + good, "zip-mismatch")
    twice = io.BytesIO()
    with zipfile.ZipFile(twice, "w") as archive:
        for content in (checkpoint(run), checkpoint()):
            import warnings
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                archive.writestr(entry("archive/data.pkl"), content)
        for path, content in list(pytorch(b"").items())[1:]:
            archive.writestr(entry(path), content)
    corpus.add("zip structure", MALICIOUS, "same-name-twice.pt", twice.getvalue(), "zip-mismatch")
    corpus.add("zip structure", MALICIOUS, "comment-with-pickle.pt", commented(good, RUN), "zip-mismatch")
    corpus.add(family, BENIGN, "one-tensor.pt", good)
    corpus.add(family, BENIGN, "one-tensor.bin", good)
    corpus.add(family, BENIGN, "one-tensor.ckpt", good)
    state = name("collections", "OrderedDict") + EMPTY_TUPLE + REDUCE + MARK + text_2("weight") + tensor() + b"u"
    corpus.add(family, BENIGN, "state.pth", zipped(pytorch(proto(2) + EMPTY_DICT + MARK + text_2("state_dict") + state
               + text_2("epoch") + number(3) + text_2("loss") + b"G" + struct.pack(">d", .5) + b"u" + STOP)))
    corpus.add(family, BENIGN, "parameter.pth", zipped(pytorch(proto(2) + name("torch._utils", "_rebuild_parameter") + MARK + tensor() + TRUE
               + name("collections", "OrderedDict") + EMPTY_TUPLE + REDUCE + TUPLE + REDUCE + STOP)))
    corpus.add(family, BENIGN, "device-and-dtype.pth", zipped(pytorch(proto(2) + EMPTY_DICT + MARK + text_2("device") + name("torch", "device")
               + MARK + text_2("cpu") + TUPLE + REDUCE + text_2("dtype") + name("torch", "float16") + text_2("w") + tensor() + b"u" + STOP)))


def local_header(archive: bytes, member: bytes = b"archive/data.pkl") -> int:
    return archive.index(member) - 30


def central_header(archive: bytes, member: bytes = b"archive/data.pkl") -> int:
    return archive.rindex(member) - 46


def patched(archive: bytes, at: int, value: bytes) -> bytes:
    return archive[:at] + value + archive[at + len(value):]


ZIP_TRICKS = {
    "central-name.pt": lambda a: patched(a, central_header(a) + 46, b"archive/data.txt"),
    "local-name.pt": lambda a: patched(a, local_header(a) + 30, b"archive/data.txt"),
    "encrypted-flag-central.pt": lambda a: patched(a, central_header(a) + 8, b"\x01\0"),
    "encrypted-flag-local.pt": lambda a: patched(a, local_header(a) + 6, b"\x01\0"),
    "flag-32.pt": lambda a: patched(a, central_header(a) + 8, b"\x20\0"),
    "flag-64-local.pt": lambda a: patched(a, local_header(a) + 6, b"\x40\0"),
    "crc-local.pt": lambda a: patched(a, local_header(a) + 14, b"\1\2\3\4"),
    "crc-both.pt": lambda a: patched(patched(a, local_header(a) + 14, b"\1\2\3\4"), central_header(a) + 16, b"\1\2\3\4"),
    "crc-central.pt": lambda a: patched(a, central_header(a) + 16, b"\1\2\3\4"),
    "method-99-central.pt": lambda a: patched(a, central_header(a) + 10, b"\x63\0"),
    "method-99-local.pt": lambda a: patched(a, local_header(a) + 8, b"\x63\0"),
    "short-central-size.pt": lambda a: patched(a, central_header(a) + 20, b"\x05\0\0\0\x05\0\0\0"),
    "short-local-size.pt": lambda a: patched(a, local_header(a) + 18, b"\x05\0\0\0\x05\0\0\0"),
    "bytes-before.pt": lambda a: b"MZ this is no zip" + a,
    "entries-0.pt": lambda a: patched(a, a.rindex(b"PK\5\6") + 8, b"\0\0\0\0"),
    "no-end.pt": lambda a: a[: a.rindex(b"PK\5\6")],
    "no-directory.pt": lambda a: a[: a.index(b"PK\1\2")],
    "wrong-signature.pt": lambda a: patched(a, local_header(a), b"PK\3\5"),
}


def hidden_entry(archive: bytes) -> bytes:
    """A member that only its local header knows of, before the directory."""
    other = zipped({"archive/hidden.pkl": RUN})
    local = other[: other.index(b"PK\1\2")]
    directory, end = archive.index(b"PK\1\2"), archive.rindex(b"PK\5\6")
    moved = struct.pack("<I", directory + len(local))
    return archive[:directory] + local + archive[directory:end] + patched(archive[end:], 16, moved)


def commented(archive: bytes, comment: bytes) -> bytes:
    end = archive.rindex(b"PK\5\6")
    return archive[: end + 20] + struct.pack("<H", len(comment)) + comment


MAGIC = 0x1950A86A20F9469CFC6C


def legacy(parts: list[bytes], storages: bytes = b"") -> bytes:
    return b"".join(parts) + storages


def pytorch_legacy(corpus: Corpus) -> None:
    family = "PyTorch legacy and tar"
    magic, version = pickle.dumps(MAGIC, 2), pickle.dumps(1001, 2)
    system = pickle.dumps({"protocol_version": 1001, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 4}}, 2)

    def storage(key: str = "1") -> bytes:
        return (MARK + text_2("storage") + name("torch", "FloatStorage") + text_2(key) + text_2("cpu") + number(4) + NONE + TUPLE + b"Q")

    one = (name("torch._utils", "_rebuild_tensor_v2") + MARK + storage() + number(0) + MARK + number(4) + TUPLE + MARK + number(1) + TUPLE
           + b"\x89" + name("collections", "OrderedDict") + EMPTY_TUPLE + REDUCE + TUPLE + REDUCE)
    model = proto(2) + EMPTY_DICT + MARK + text_2("weight") + one + b"u" + STOP
    run = proto(2) + EMPTY_DICT + MARK + text_2("weight") + one + text_2("x") + name("os", "system") + MARK + text_2("true") + TUPLE + REDUCE + b"u" + STOP
    keys, numbers = pickle.dumps(["1"], 2), struct.pack("<Q4f", 4, 1, 2, 3, 4)
    corpus.add(family, BENIGN, "plain.pt", legacy([magic, version, system, model, keys], numbers))
    corpus.add(family, BENIGN, "plain.bin", legacy([magic, version, system, model, keys], numbers))
    evil_magic = proto(2) + name("builtins", "eval") + MARK + text_2(str(MAGIC)) + TUPLE + REDUCE + STOP
    for file, parts, tail in (
        ("fourth", [magic, version, system, run, keys], numbers), ("second", [magic, RUN_2, system, model, keys], numbers),
        ("third", [magic, version, RUN_2, model, keys], numbers), ("fifth", [magic, version, system, model, RUN_2], numbers),
        ("sixth", [magic, version, system, model, keys, RUN_2], numbers), ("eval-magic", [evil_magic, version, system, model, keys], numbers),
        ("behind-the-storages", [magic, version, system, model, keys], numbers + RUN_2),
        ("instead-of-the-storages", [magic, version, system, model, keys], RUN),
    ):
        for extension in ("pt", "bin"):
            corpus.add(family, MALICIOUS, f"{file}.{extension}", legacy(parts, tail), "legacy-pytorch")
    members = {"sys_info": pickle.dumps({"protocol_version": 1000, "little_endian": True}, 2), "pickle": RUN_2, "storages": pickle.dumps(0, 2),
               "tensors": pickle.dumps(0, 2)}
    corpus.add(family, MALICIOUS, "tar.pt", tarred(members), "pytorch-tar")
    corpus.add(family, MALICIOUS, "tar-storages.pt", tarred({**members, "pickle": pickle.dumps({}, 2), "storages": pickle.dumps(1, 2) + RUN_2}), "pytorch-tar")
    corpus.add(family, MALICIOUS, "tar-tensors.pt", tarred({**members, "pickle": pickle.dumps({}, 2), "tensors": RUN_2}), "pytorch-tar")


def joblib(corpus: Corpus) -> None:
    family = "joblib"
    run = text("tail") + name("os", "system") + arguments("true") + REDUCE

    def wrapper(order: bytes = b"\x8c\x01C") -> bytes:
        dtype = (name("numpy", "dtype") + arguments("f8", 0, 1) + REDUCE + MARK + number(3) + text("<") + NONE * 3 + number(-1) * 2 + number(0) + TUPLE + BUILD)
        state = (EMPTY_DICT + MARK + text("subclass") + name("numpy", "ndarray") + text("shape") + arguments(3) + text("order") + order
                 + text("dtype") + dtype + text("allow_mmap") + b"\x89" + text("numpy_array_alignment_bytes") + NONE + b"u")
        return name("joblib.numpy_pickle", "NumpyArrayWrapper") + EMPTY_TUPLE + NEWOBJ + state + BUILD

    array = struct.pack("<3d", 1, 2, 3)
    head = proto(4) + EMPTY_DICT + MARK + text("weights") + wrapper() + array
    corpus.add(family, BENIGN, "array.joblib", head + b"u" + STOP)
    corpus.add(family, BENIGN, "array.pkl", head + b"u" + STOP)
    corpus.add(family, BENIGN, "array.joblib.gz", gzip.compress(head + b"u" + STOP, mtime=0))
    corpus.add(family, BENIGN, "two.joblib", head + text("bias") + wrapper() + array + b"u" + STOP)
    corpus.add(family, MALICIOUS, "behind-an-array.joblib", head + run + b"u" + STOP, "joblib-array")
    corpus.add(family, MALICIOUS, "behind-two-arrays.joblib", head + text("b") + wrapper() + array + run + b"u" + STOP, "joblib-array")
    for form, pack in (("gz", lambda c: gzip.compress(c, mtime=0)), ("xz", lzma.compress), ("zlib", zlib.compress), ("bz2", bz2.compress), ("lz4", lz4)):
        corpus.add(family, MALICIOUS, f"behind-an-array.{form}", pack(head + run + b"u" + STOP), "joblib-array")
    hidden = RUN_2.ljust(24 * -(-len(RUN_2) // 24), b".")
    corpus.add(family, MALICIOUS, "before-an-array.joblib", proto(4) + EMPTY_DICT + MARK + run + text("weights") + wrapper() + array + b"u" + STOP, "joblib-array")
    corpus.add(family, MALICIOUS, "other-pickle-behind.joblib", head + b"u" + STOP + hidden, "joblib-array")


def plain(corpus: Corpus) -> None:
    """What people keep in pickles, by every protocol."""
    import array
    import collections
    import datetime
    import decimal
    import fractions
    import uuid

    values = {
        "numbers": list(range(300)), "nested": {"a": {"b": [1, 2.5, None, True, (1, 2)]}}, "text": ["hello", "wörld", "x" * 300],
        "bytes": b"\0\1\2" * 100, "bytearray": bytearray(b"abc"), "set": {1, 2, 3}, "frozenset": frozenset({"a"}),
        "ordered": OrderedDict(a=1, b=2), "defaultdict": collections.defaultdict(list, {"a": [1]}), "counter": collections.Counter("hello"),
        "deque": collections.deque([1, 2]), "date": datetime.datetime(2026, 1, 2, tzinfo=datetime.timezone.utc), "complex": 1 + 2j,
        "delta": datetime.timedelta(1), "decimal": decimal.Decimal("1.5"), "fraction": fractions.Fraction(1, 3), "range": range(5), "slice": slice(1, 2),
        "long": 1 << 2000, "floats": [1.5, float("inf")], "words": ["os.system", "import subprocess", "eval(x)", "rm -rf /", "__import__"],
        "uuid": uuid.UUID(int=7), "vocabulary": {f"word{n}": n for n in range(500)}, "array": array.array("d", [1, 2]),
        "base64": base64.b64encode(bytes(range(200))).decode(), "address": "https://huggingface.co/models", "recursive": None, "empty": {},
    }
    values["recursive"] = [values["empty"], values["empty"]]
    for label, value in values.items():
        for version in range(6):
            corpus.add("pickle: plain values", BENIGN, f"{label}-{version}.pkl", pickle.dumps(value, version))
    many = b"".join(pickle.dumps({"step": n}, 4) for n in range(5))
    corpus.add("pickle: plain values", BENIGN, "five-streams.pkl", many)


FAMILIES = [gadgets, dotted, stack, framed, broken, streams, named, nested, exhausting, wrapped, pytorch_zip, pytorch_legacy, joblib, plain]
