//! What models need of Python itself.

use super::Group;

pub(super) const GROUPS: &[Group] = &[
    Group {
        reason: "type of plain data: calling it converts or copies its arguments",
        rows: &[
            (
                "builtins __builtin__",
                "set frozenset list dict tuple int float complex bool str bytes bytearray slice range object Ellipsis NotImplemented",
            ),
            ("__builtin__", "unicode long xrange"),
            ("collections", "OrderedDict Counter deque defaultdict"),
            ("decimal", "Decimal"),
            ("fractions", "Fraction"),
            ("uuid", "UUID"),
        ],
    },
    Group {
        reason: "rebuilds an object of a class that is imported by its own name, without calling anything else of it",
        rows: &[(
            "copyreg copy_reg",
            "_reconstructor __newobj__ __newobj_ex__",
        )],
    },
    Group {
        reason: "encodes text: how protocols 0 to 2 write byte strings",
        rows: &[("_codecs", "encode")],
    },
];
