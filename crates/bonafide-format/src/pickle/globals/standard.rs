//! The modules of Python's standard library.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Top-level modules of CPython 2.7 and 3.6 to 3.14 on all systems, those written in C
/// included. Left out are some that were removed long ago and whose names people give to
/// modules of their own: `parser`, `formatter`, `symbol`, `user`.
const MODULES: &str = "\
    BaseHTTPServer Bastion CGIHTTPServer ConfigParser Cookie DocXMLRPCServer HTMLParser MacOS \
    MimeWriter Queue SimpleHTTPServer SimpleXMLRPCServer SocketServer StringIO Tkinter UserDict \
    UserList UserString _LWPCookieJar _MozillaCookieJar __builtin__ __future__ __hello__ _abc \
    _abcoll _aix_support _android_support _apple_support _ast _asyncio _bisect _blake2 _bootlocale \
    _bootsubprocess _bz2 _codecs _codecs_cn _codecs_hk _codecs_iso2022 _codecs_jp _codecs_kr \
    _codecs_tw _collections _collections_abc _colorize _compat_pickle _compression _contextvars \
    _crypt _csv _ctypes _ctypes_test _curses _curses_panel _datetime _dbm _decimal _dummy_thread \
    _elementtree _frozen_importlib _frozen_importlib_external _functools _gdbm _hashlib _heapq \
    _hmac _hotshot _imp _interpchannels _interpqueues _interpreters _io _ios_support _json _locale \
    _lsprof _lzma _markupbase _md5 _msi _multibytecodec _multiprocessing _opcode _opcode_metadata \
    _operator _osx_support _overlapped _peg_parser _pickle _posixshmem _posixsubprocess _py_abc \
    _pydatetime _pydecimal _pyio _pylong _pyrepl _queue _random _remote_debugging _scproxy _sha \
    _sha1 _sha2 _sha256 _sha3 _sha512 _signal _sitebuiltins _socket _sqlite3 _sre _ssl _stat \
    _statistics _string _strptime _struct _suggestions _symtable _sysconfig _testbuffer \
    _testcapi _testclinic _testexternalinspection _testimportmultiple _testinternalcapi \
    _testlimitedcapi _testmultiphase _testsinglephase _thread \
    _threading_local _tkinter _tokenize _tracemalloc _types _typing _uuid _warnings _weakref \
    _weakrefset _winapi _winreg _wmi _xxinterpchannels _xxsubinterpreters _xxtestfuzz _zoneinfo \
    _zstd abc aepack aetools aifc annotationlib antigravity anydbm argparse array ast asynchat \
    asyncio asyncore atexit audiodev audioop base64 bdb binascii binhex bisect bsddb builtins bz2 \
    cPickle cProfile cStringIO calendar cgi cgitb chunk cmath cmd code codecs codeop collections \
    colorsys commands compileall compiler compression concurrent configparser contextlib \
    contextvars cookielib copy copy_reg copyreg crypt csv ctypes curses dataclasses datetime dbhash \
    dbm decimal difflib dircache dis distutils dl doctest dumbdbm dummy_thread dummy_threading \
    email encodings ensurepip enum errno exceptions faulthandler fcntl filecmp fileinput fnmatch \
    fpformat fractions ftplib functools future_builtins gc gdbm genericpath getopt getpass gettext \
    glob graphlib grp gzip hashlib heapq hmac hotshot html htmlentitydefs htmllib http httplib \
    idlelib ihooks imaplib imghdr imp importlib imputil inspect io ipaddress itertools json keyword \
    lib2to3 linecache linuxaudiodev locale logging lzma macpath macurl2path mailbox mailcap \
    markupbase marshal math md5 mhlib mimetools mimetypes mimify mmap modulefinder msilib msvcrt \
    multifile multiprocessing mutex netrc new nis nntplib nt ntpath nturl2path numbers opcode \
    operator optparse os os2emxpath ossaudiodev pathlib pdb pickle pickletools pipes pkgutil \
    platform plistlib popen2 poplib posix posixfile posixpath pprint profile pstats pty pwd \
    py_compile pyclbr pydoc pydoc_data pyexpat queue quopri random re readline repr reprlib \
    resource rexec rfc822 rlcompleter robotparser runpy sched secrets select selectors sets sgmllib \
    sha shelve shlex shutil signal site smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre \
    sre_compile sre_constants sre_parse ssl stat statistics statvfs string stringold stringprep \
    strop struct subprocess sunau sunaudio symtable sys sysconfig syslog tabnanny tarfile telnetlib \
    tempfile termios test textwrap this thread threading time timeit tkFileDialog tkMessageBox \
    tkinter toaiff token tokenize tomllib trace traceback tracemalloc tty turtle turtledemo types \
    typing unicodedata unittest urllib urllib2 urlparse uu uuid venv warnings wave weakref \
    webbrowser whichdb winreg winsound wsgiref xdrlib xml xmllib xmlrpc xmlrpclib xxsubtype zipapp \
    zipfile zipimport zlib zoneinfo";

/// Functions and types of CPython 3.11 that need no import.
const BUILTINS: &str = "\
    __build_class__ __debug__ __doc__ __import__ __loader__ __name__ __package__ __spec__ abs \
    aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod \
    compile complex copyright credits delattr dict dir divmod enumerate eval exec exit filter \
    float format frozenset getattr globals hasattr hash help hex id input int isinstance \
    issubclass iter len license list locals map max memoryview min next object oct open ord \
    pow print property quit range repr reversed round set setattr slice sorted staticmethod \
    str sum super tuple type vars zip";

static BUILTIN_INDEX: LazyLock<HashSet<&str>> =
    LazyLock::new(|| BUILTINS.split_ascii_whitespace().collect());

/// True for a function that needs no import.
pub(crate) fn is_builtin(name: &str) -> bool {
    BUILTIN_INDEX.contains(name)
}

static INDEX: LazyLock<HashSet<&str>> =
    LazyLock::new(|| MODULES.split_ascii_whitespace().collect());

/// True if a module, or the package that it is in, comes with Python.
pub(crate) fn contains(module: &str) -> bool {
    let top = module.split('.').next().unwrap_or(module);
    INDEX.contains(top)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_known_with_their_submodules() {
        for module in ["os", "nt", "_posixsubprocess", "os.path", "__builtin__"] {
            assert!(contains(module), "{module}");
        }
        for module in ["numpy", "torch.os", "__main__", ""] {
            assert!(!contains(module), "{module}");
        }
    }

    #[test]
    fn modules_are_sorted() {
        for list in [MODULES, BUILTINS] {
            let names: Vec<&str> = list.split_ascii_whitespace().collect();
            assert!(names.is_sorted());
        }
        assert!(is_builtin("exec") && !is_builtin("relu"));
    }
}
