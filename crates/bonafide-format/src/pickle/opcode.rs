//! The opcodes of protocols 0 to 5, by their names in CPython's `pickle.py`.

macro_rules! opcodes {
    ($($name:ident = $code:literal,)*) => {
        $(pub(crate) const $name: u8 = $code;)*

        /// Every opcode with its name.
        pub(crate) const ALL: &[(&str, u8)] = &[$((stringify!($name), $code),)*];
    };
}

opcodes! {
    MARK = b'(',
    STOP = b'.',
    POP = b'0',
    POP_MARK = b'1',
    DUP = b'2',
    FLOAT = b'F',
    INT = b'I',
    BININT = b'J',
    BININT1 = b'K',
    LONG = b'L',
    BININT2 = b'M',
    NONE = b'N',
    PERSID = b'P',
    BINPERSID = b'Q',
    REDUCE = b'R',
    STRING = b'S',
    BINSTRING = b'T',
    SHORT_BINSTRING = b'U',
    UNICODE = b'V',
    BINUNICODE = b'X',
    APPEND = b'a',
    BUILD = b'b',
    GLOBAL = b'c',
    DICT = b'd',
    EMPTY_DICT = b'}',
    APPENDS = b'e',
    GET = b'g',
    BINGET = b'h',
    INST = b'i',
    LONG_BINGET = b'j',
    LIST = b'l',
    EMPTY_LIST = b']',
    OBJ = b'o',
    PUT = b'p',
    BINPUT = b'q',
    LONG_BINPUT = b'r',
    SETITEM = b's',
    TUPLE = b't',
    EMPTY_TUPLE = b')',
    SETITEMS = b'u',
    BINFLOAT = b'G',
    PROTO = 0x80,
    NEWOBJ = 0x81,
    EXT1 = 0x82,
    EXT2 = 0x83,
    EXT4 = 0x84,
    TUPLE1 = 0x85,
    TUPLE2 = 0x86,
    TUPLE3 = 0x87,
    NEWTRUE = 0x88,
    NEWFALSE = 0x89,
    LONG1 = 0x8a,
    LONG4 = 0x8b,
    BINBYTES = b'B',
    SHORT_BINBYTES = b'C',
    SHORT_BINUNICODE = 0x8c,
    BINUNICODE8 = 0x8d,
    BINBYTES8 = 0x8e,
    EMPTY_SET = 0x8f,
    ADDITEMS = 0x90,
    FROZENSET = 0x91,
    NEWOBJ_EX = 0x92,
    STACK_GLOBAL = 0x93,
    MEMOIZE = 0x94,
    FRAME = 0x95,
    BYTEARRAY8 = 0x96,
    NEXT_BUFFER = 0x97,
    READONLY_BUFFER = 0x98,
}

/// True for bytes that are an opcode.
pub(crate) fn is_opcode(byte: u8) -> bool {
    ALL.iter().any(|(_, code)| *code == byte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use std::process::Command;

    /// The table of the Python that is installed.
    #[test]
    #[allow(clippy::print_stdout, reason = "a skipped comparison is said")]
    fn the_table_is_that_of_pickletools() {
        let program = "import pickletools\n\
            for o in pickletools.opcodes: print(o.name, ord(o.code))";
        let Ok(output) = Command::new("python3").args(["-c", program]).output() else {
            println!("skipped: no python3");
            return;
        };
        let text = String::from_utf8(output.stdout).unwrap();
        let theirs: BTreeMap<String, u8> = text
            .lines()
            .map(|line| {
                let (name, code) = line.split_once(' ').unwrap();
                (name.to_owned(), code.parse().unwrap())
            })
            .collect();
        let ours: BTreeMap<String, u8> = ALL
            .iter()
            .map(|(name, code)| ((*name).to_owned(), *code))
            .collect();
        assert_eq!(ours.len(), 68);
        assert_eq!(ours, theirs);
    }
}
