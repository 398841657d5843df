//! What importable names do when they are called.

/// What a call does beyond computing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Effect {
    /// Starts a program.
    Process,
    /// Runs text as a program.
    Evaluation,
    /// Talks to other machines.
    Network,
    /// Removes or moves files.
    Removal,
    /// Writes files.
    Writing,
    /// Writes where the user or the system keeps what other programs start from.
    Foreign,
    /// Loads machine code.
    Native,
    /// Loads machine code from a path of its own.
    OwnNative,
    /// Unpickles, or does what amounts to it.
    Deserialisation,
    /// Imports a module that is chosen.
    Import,
    /// Loads a file, a model or a configuration that can bring code.
    Loading,
    /// Reaches the namespaces of other modules without importing them.
    Reflection,
}

impl Effect {
    /// As part of a sentence.
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::Process => "starts a program",
            Self::Evaluation => "runs text as a program",
            Self::Network => "uses the network",
            Self::Removal => "removes or moves files",
            Self::Writing => "writes files",
            Self::Foreign => "writes below the home folder or into the system",
            Self::OwnNative => "loads machine code that is beside it",
            Self::Native => "loads machine code",
            Self::Deserialisation => "unpickles objects",
            Self::Import => "imports what is chosen at run time",
            Self::Loading => "loads something that can bring code",
            Self::Reflection => "reaches what other modules hold",
        }
    }
}

/// Names, and what they do. One that ends with a dot stands for all below it.
const EFFECTS: &[(Effect, &[&str])] = &[
    (
        Effect::Process,
        &[
            "os.system",
            "os.popen",
            "os.popen2",
            "os.popen3",
            "os.popen4",
            "os.execl",
            "os.execle",
            "os.execlp",
            "os.execlpe",
            "os.execv",
            "os.execve",
            "os.execvp",
            "os.execvpe",
            "os.spawnl",
            "os.spawnle",
            "os.spawnlp",
            "os.spawnlpe",
            "os.spawnv",
            "os.spawnve",
            "os.spawnvp",
            "os.spawnvpe",
            "os.posix_spawn",
            "os.posix_spawnp",
            "os.startfile",
            "os.dup2",
            "posix.system",
            "posix.popen",
            "posix.execv",
            "posix.execve",
            "posix.posix_spawn",
            "nt.system",
            "nt.startfile",
            "subprocess.run",
            "subprocess.call",
            "subprocess.Popen",
            "subprocess.check_call",
            "subprocess.check_output",
            "subprocess.getoutput",
            "subprocess.getstatusoutput",
            "_posixsubprocess.fork_exec",
            "commands.",
            "popen2.",
            "pty.spawn",
            "pty.fork",
            "asyncio.create_subprocess_shell",
            "asyncio.create_subprocess_exec",
            "asyncio.subprocess.create_subprocess_shell",
            "asyncio.subprocess.create_subprocess_exec",
            "pexpect.spawn",
            "pexpect.run",
            "sh.",
            "plumbum.",
            "pip.main",
            "pip._internal.main",
            "pip._internal.cli.main.main",
            "os.fork",
            "os.forkpty",
            "os._execvpe",
            "os._spawnvef",
            "platform.popen",
            "uuid._popen",
            "pydoc.pipepager",
            "pydoc.tempfilepager",
            "distutils.spawn.spawn",
            "setuptools._distutils.spawn.spawn",
            "numpy.distutils.exec_command.",
            "multiprocessing.util.spawnv_passfds",
            "multiprocessing.popen_fork.",
            "multiprocessing.popen_spawn_posix.",
            "multiprocessing.popen_forkserver.",
            "webbrowser.get",
            "webbrowser.GenericBrowser",
            "webbrowser.BackgroundBrowser",
            "ensurepip.",
            "venv.create",
            "venv.main",
            "venv.EnvBuilder",
        ],
    ),
    (
        Effect::Evaluation,
        &[
            "builtins.eval",
            "builtins.exec",
            "builtins.execfile",
            "runpy.run_path",
            "runpy.run_module",
            "code.InteractiveInterpreter",
            "code.InteractiveConsole",
            "code.interact",
            "types.FunctionType",
            "types.CodeType",
            "timeit.timeit",
            "pdb.run",
            "pdb.runeval",
            "bdb.Bdb",
            "cProfile.run",
            "profile.run",
            "trace.Trace",
            "timeit.Timer",
            "timeit.repeat",
            "timeit.main",
            "cProfile.Profile",
            "cProfile.runctx",
            "profile.Profile",
            "doctest.testmod",
            "doctest.testfile",
            "doctest.run_docstring_examples",
            "codeop.compile_command",
            "distutils.core.run_setup",
            "setuptools.sandbox.",
            "tkinter.Tcl",
            "numexpr.evaluate",
            "_testcapi.",
            "_xxsubinterpreters.",
            "_interpreters.",
        ],
    ),
    (
        Effect::Network,
        &[
            "urllib.request.urlopen",
            "urllib.request.urlretrieve",
            "urllib.request.build_opener",
            "urllib.request.install_opener",
            "urllib.urlopen",
            "urllib.urlretrieve",
            "urllib2.urlopen",
            "urllib3.PoolManager",
            "urllib3.request",
            "requests.get",
            "requests.post",
            "requests.put",
            "requests.patch",
            "requests.delete",
            "requests.head",
            "requests.request",
            "requests.Session",
            "requests.session",
            "httpx.get",
            "httpx.post",
            "httpx.put",
            "httpx.request",
            "httpx.stream",
            "httpx.Client",
            "httpx.AsyncClient",
            "aiohttp.ClientSession",
            "aiohttp.request",
            "http.client.HTTPConnection",
            "http.client.HTTPSConnection",
            "httplib.HTTPConnection",
            "httplib.HTTPSConnection",
            "socket.socket",
            "socket.create_connection",
            "socket.create_server",
            "socket.gethostbyname",
            "socket.getaddrinfo",
            "_socket.socket",
            "ftplib.FTP",
            "ftplib.FTP_TLS",
            "smtplib.SMTP",
            "smtplib.SMTP_SSL",
            "telnetlib.Telnet",
            "imaplib.IMAP4_SSL",
            "paramiko.SSHClient",
            "paramiko.Transport",
            "xmlrpc.client.ServerProxy",
            "websocket.create_connection",
            "websockets.connect",
            "webbrowser.open",
            "wget.download",
            "dns.resolver.resolve",
            "requests.api.",
            "requests.sessions.",
            "requests.options",
            "requests.adapters.",
            "urllib.request.URLopener",
            "urllib.request.FancyURLopener",
            "urllib.request.OpenerDirector",
            "httpx.delete",
            "httpx.patch",
            "asyncio.open_connection",
            "asyncio.start_server",
            "socket.gethostbyname_ex",
            "socket.gethostbyaddr",
            "pycurl.Curl",
            "http.server.HTTPServer",
            "socketserver.TCPServer",
            "torch.hub.load",
            "torch.hub.download_url_to_file",
        ],
    ),
    (
        Effect::Removal,
        &[
            "os.remove",
            "os.unlink",
            "os.rmdir",
            "os.removedirs",
            "os.rename",
            "os.renames",
            "os.replace",
            "os.truncate",
            "shutil.rmtree",
            "shutil.move",
        ],
    ),
    (
        Effect::Writing,
        &[
            "os.chmod",
            "os.chown",
            "os.symlink",
            "os.link",
            "os.mkfifo",
            "os.open",
            "os.write",
            "shutil.copy",
            "shutil.copy2",
            "shutil.copyfile",
            "shutil.copytree",
            "shutil.unpack_archive",
            "os.putenv",
        ],
    ),
    (
        Effect::Native,
        &[
            "ctypes.CDLL",
            "ctypes.PyDLL",
            "ctypes.WinDLL",
            "ctypes.OleDLL",
            "ctypes.cdll.",
            "ctypes.windll.",
            "ctypes.pydll.",
            "ctypes.pythonapi.",
            "cffi.FFI",
            "_ctypes.",
            "_imp.create_dynamic",
            "cupy.RawKernel",
            "cupy.RawModule",
            "torch.ops.load_library",
            "torch.classes.load_library",
            "torch.utils.cpp_extension.load",
            "torch.utils.cpp_extension.load_inline",
        ],
    ),
    (
        Effect::Deserialisation,
        &[
            "pickle.load",
            "pickle.loads",
            "pickle.Unpickler",
            "_pickle.load",
            "_pickle.loads",
            "cPickle.load",
            "cPickle.loads",
            "dill.load",
            "dill.loads",
            "cloudpickle.load",
            "cloudpickle.loads",
            "joblib.load",
            "shelve.open",
            "marshal.load",
            "marshal.loads",
            "jsonpickle.decode",
            "yaml.unsafe_load",
            "yaml.full_load",
        ],
    ),
    (
        Effect::Import,
        &[
            "builtins.__import__",
            "importlib.import_module",
            "importlib.__import__",
        ],
    ),
    (
        Effect::Loading,
        &[
            "importlib.util.spec_from_file_location",
            "importlib.machinery.",
            "importlib._bootstrap.",
            "importlib._bootstrap_external.",
            "_frozen_importlib.",
            "_frozen_importlib_external.",
            "imp.load_source",
            "imp.load_module",
            "imp.load_dynamic",
            "imp.load_compiled",
            "zipimport.zipimporter",
            "pkgutil.ImpImporter",
            "site.addsitedir",
            "torch.load",
            "torch.jit.load",
            "torch.package.PackageImporter",
            "pandas.read_pickle",
            "pandas.eval",
            "sympy.sympify",
            "sympy.parse_expr",
            "logging.config.dictConfig",
            "logging.config.fileConfig",
            "hydra.utils.instantiate",
            "transformers.dynamic_module_utils.",
            "diffusers.utils.dynamic_modules_utils.",
            "datasets.load_dataset",
            "kernels.get_kernel",
            "huggingface_hub.hf_hub_download",
            "huggingface_hub.snapshot_download",
            "torch.hub.load_state_dict_from_url",
            "sys.meta_path.",
            "sys.path_hooks.",
        ],
    ),
    (
        Effect::Reflection,
        &[
            "gc.get_objects",
            "gc.get_referrers",
            "gc.get_referents",
            "builtins.object.__subclasses__",
            "builtins.type.__subclasses__",
        ],
    ),
];

/// Modules that do harm by name: whoever is handed one of them has it all.
pub(crate) const MODULES: &[&str] = &[
    "os",
    "posix",
    "nt",
    "subprocess",
    "_posixsubprocess",
    "pty",
    "builtins",
    "runpy",
    "ctypes",
    "_ctypes",
];

/// Methods that only what starts programs or imports files has: enough to ask for a look
/// where nothing is known of their owner.
pub(crate) fn effect_of_method(name: &str) -> Option<Effect> {
    Some(match name {
        "system"
        | "popen"
        | "Popen"
        | "check_output"
        | "check_call"
        | "getoutput"
        | "getstatusoutput"
        | "execv"
        | "execve"
        | "execvp"
        | "execvpe"
        | "execl"
        | "execlp"
        | "execle"
        | "spawnl"
        | "spawnlp"
        | "spawnv"
        | "spawnvp"
        | "spawnve"
        | "posix_spawn"
        | "posix_spawnp"
        | "fork_exec"
        | "create_subprocess_shell"
        | "create_subprocess_exec"
        | "startfile" => Effect::Process,
        "run_path" | "run_module" | "runsource" | "runcode" | "__import__" => Effect::Evaluation,
        "load_module" | "exec_module" | "load_extension" | "enable_load_extension" => {
            Effect::Loading
        }
        "write_text" | "write_bytes" => Effect::Writing,
        "__subclasses__" => Effect::Reflection,
        _ => return None,
    })
}

/// What calling a name does; none for what only computes, and for what is not known.
pub(crate) fn effect_of(name: &str) -> Option<Effect> {
    let is = |known: &&str| *known == name || (known.ends_with('.') && name.starts_with(known));
    EFFECTS
        .iter()
        .find(|(_, names)| names.iter().any(is))
        .map(|(effect, _)| *effect)
}

/// Names that turn something unreadable into text or a program.
const DECODERS: &[&str] = &[
    "base64.b64decode",
    "base64.b32decode",
    "base64.b16decode",
    "base64.b85decode",
    "base64.a85decode",
    "base64.urlsafe_b64decode",
    "base64.standard_b64decode",
    "base64.decodebytes",
    "binascii.unhexlify",
    "binascii.a2b_hex",
    "binascii.a2b_base64",
    "zlib.decompress",
    "gzip.decompress",
    "bz2.decompress",
    "lzma.decompress",
    "codecs.decode",
    "marshal.loads",
    "builtins.bytes.fromhex",
    "builtins.bytearray.fromhex",
];

/// True for what turns something unreadable into text or a program.
pub(crate) fn is_decoder(name: &str) -> bool {
    DECODERS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_names_and_packages_are_told_apart() {
        assert_eq!(effect_of("os.system"), Some(Effect::Process));
        assert_eq!(effect_of("os.systemd"), None);
        assert_eq!(effect_of("sh.ls"), Some(Effect::Process));
        assert_eq!(effect_of("ctypes.cdll.LoadLibrary"), Some(Effect::Native));
        assert_eq!(effect_of("torch.load"), Some(Effect::Loading));
        // Only a type of functions.
        assert_eq!(effect_of("ctypes.CFUNCTYPE"), None);
    }
}
