//! What models need of Python itself.

use super::Group;

pub(super) const GROUPS: &[Group] = &[
    Group {
        reason: "type of plain data: calling it converts or copies its arguments",
        rows: &[
            (
                "builtins __builtin__",
                "\
                Ellipsis NotImplemented bool bytearray bytes complex dict float frozenset int list object range \
                set slice str tuple",
            ),
            ("__builtin__", "long unicode xrange"),
            ("collections", "Counter OrderedDict defaultdict deque"),
            ("collections UserDict", "UserDict"),
            ("collections UserList", "UserList"),
            ("datetime", "date datetime time timedelta timezone tzinfo"),
            ("decimal _decimal _pydecimal", "Decimal"),
            ("fractions", "Fraction"),
            ("uuid", "SafeUUID UUID"),
            ("array", "_array_reconstructor array"),
            ("types", "SimpleNamespace"),
            ("argparse", "Namespace"),
            ("sets", "ImmutableSet Set"),
            (
                "ipaddress",
                "IPv4Address IPv4Network IPv6Address IPv6Network",
            ),
            ("zoneinfo", "ZoneInfo"),
            ("random _random", "Random"),
            ("string", "Template"),
            ("time", "struct_time"),
        ],
    },
    Group {
        reason: "path as text: nothing is opened or looked up",
        rows: &[(
            "pathlib pathlib._local",
            "Path PosixPath PurePath PurePosixPath PureWindowsPath WindowsPath",
        )],
    },
    Group {
        reason: "exception as a value: building one does not raise it",
        rows: &[(
            "builtins exceptions",
            "\
                ArithmeticError AssertionError AttributeError BaseException BlockingIOError BrokenPipeError \
                BufferError BytesWarning ChildProcessError ConnectionAbortedError ConnectionError \
                ConnectionRefusedError ConnectionResetError DeprecationWarning EOFError EnvironmentError \
                Exception FileExistsError FileNotFoundError FloatingPointError FutureWarning IOError \
                ImportError ImportWarning IndentationError IndexError InterruptedError IsADirectoryError \
                KeyError LookupError MemoryError ModuleNotFoundError NameError NotADirectoryError \
                NotImplementedError OSError OverflowError PendingDeprecationWarning PermissionError \
                ProcessLookupError RecursionError ReferenceError ResourceWarning RuntimeError RuntimeWarning \
                StopIteration SyntaxError SyntaxWarning TimeoutError TypeError UnboundLocalError \
                UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeWarning UserWarning ValueError \
                Warning ZeroDivisionError",
        )],
    },
    Group {
        reason: "rebuilds an object of a class that is imported by its own name, and calls nothing else",
        rows: &[(
            "copyreg copy_reg",
            "__newobj__ __newobj_ex__ _reconstructor",
        )],
    },
    Group {
        reason: "encodes text: how protocols 0 to 2 write byte strings",
        rows: &[("_codecs", "encode")],
    },
    Group {
        reason: "compiles a regular expression",
        rows: &[("re", "RegexFlag"), ("re sre", "_compile")],
    },
    Group {
        reason: "makes a logger by its name, without handlers",
        rows: &[("logging", "getLogger")],
    },
    Group {
        reason: "word of the typing language, without effect",
        rows: &[(
            "typing",
            "Any Dict List Mapping Optional Sequence Set Tuple Union",
        )],
    },
];
