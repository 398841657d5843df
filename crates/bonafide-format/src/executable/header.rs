//! Headers of programs. A signature alone is not enough: `MZ` is in many a file of numbers.

/// Bytes at the start that are looked at.
pub(super) const LONGEST: u64 = 4096;

/// A kind of program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Elf,
    ElfLibrary,
    Pe,
    PeLibrary,
    Mach,
    MachLibrary,
    MachFat,
    WebAssembly,
    JavaClass,
}

impl Kind {
    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Elf => "a program for Linux or Unix (ELF)",
            Self::ElfLibrary => "a library for Linux or Unix (ELF)",
            Self::Pe => "a program for Windows (PE)",
            Self::PeLibrary => "a library for Windows (PE)",
            Self::Mach => "a program for macOS (Mach-O)",
            Self::MachLibrary => "a library for macOS (Mach-O)",
            Self::MachFat => "a program or library for macOS (universal Mach-O)",
            Self::WebAssembly => "a WebAssembly module",
            Self::JavaClass => "a Java class",
        }
    }
}

/// What kind of program starts here.
pub(super) fn kind(head: &[u8]) -> Option<Kind> {
    elf(head)
        .or_else(|| pe(head))
        .or_else(|| mach(head))
        .or_else(|| mach_fat(head))
        .or_else(|| java(head))
        .or_else(|| web_assembly(head))
}

/// Numbers of a header, in either order.
#[derive(Clone, Copy)]
struct Numbers<'a> {
    bytes: &'a [u8],
    order: Order,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Little,
    Big,
}

impl Numbers<'_> {
    fn u16(self, at: usize) -> Option<u16> {
        let found = self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(match self.order {
            Order::Little => u16::from_le_bytes(found),
            Order::Big => u16::from_be_bytes(found),
        })
    }

    fn u32(self, at: usize) -> Option<u32> {
        let found = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(match self.order {
            Order::Little => u32::from_le_bytes(found),
            Order::Big => u32::from_be_bytes(found),
        })
    }

    fn u64(self, at: usize) -> Option<u64> {
        let found = self.bytes.get(at..at.checked_add(8)?)?.try_into().ok()?;
        Some(match self.order {
            Order::Little => u64::from_le_bytes(found),
            Order::Big => u64::from_be_bytes(found),
        })
    }
}

/// Executable and Linkable Format: `e_ident`, `e_type`, `e_machine`, `e_version`.
fn elf(head: &[u8]) -> Option<Kind> {
    /// Type of a program segment that names the interpreter: only programs have one.
    const INTERPRETER: u32 = 3;

    let [0x7f, b'E', b'L', b'F', class, data, 1, ..] = head else {
        return None;
    };
    let order = match data {
        1 => Order::Little,
        2 => Order::Big,
        _ => return None,
    };
    let numbers = Numbers { bytes: head, order };
    let (table, size) = match class {
        1 => (u64::from(numbers.u32(28)?), numbers.u16(42)?),
        2 => (numbers.u64(32)?, numbers.u16(54)?),
        _ => return None,
    };
    let count = numbers.u16(if *class == 1 { 44 } else { 56 })?;
    let machine = numbers.u16(18)?;
    if machine == 0 || numbers.u32(20)? != 1 {
        return None;
    }
    match numbers.u16(16)? {
        1 | 2 | 4 => Some(Kind::Elf),
        3 => {
            let segment = |index: u16| {
                let at = table.checked_add(u64::from(index) * u64::from(size))?;
                numbers.u32(usize::try_from(at).ok()?)
            };
            let is_program = (0..count.min(32)).any(|index| segment(index) == Some(INTERPRETER));
            Some(if is_program {
                Kind::Elf
            } else {
                Kind::ElfLibrary
            })
        }
        _ => None,
    }
}

/// Portable Executable: the header of DOS leads to the one of Windows.
fn pe(head: &[u8]) -> Option<Kind> {
    /// Bit of the characteristics that says library.
    const LIBRARY: u16 = 0x2000;
    /// Machines that Windows runs, or ran, on.
    const MACHINES: [u16; 10] = [
        0x014c, 0x8664, 0xaa64, 0x01c0, 0x01c4, 0x0200, 0xa641, 0xa64e, 0x0ebc, 0x5064,
    ];

    if !head.starts_with(b"MZ") {
        return None;
    }
    let numbers = Numbers {
        bytes: head,
        order: Order::Little,
    };
    let at = usize::try_from(numbers.u32(0x3c)?).ok()?;
    let header = head.get(at..)?;
    if !header.starts_with(b"PE\0\0") {
        return None;
    }
    let header = Numbers {
        bytes: header,
        order: Order::Little,
    };
    if !MACHINES.contains(&header.u16(4)?) {
        return None;
    }
    let is_library = header.u16(22)? & LIBRARY != 0;
    Some(if is_library {
        Kind::PeLibrary
    } else {
        Kind::Pe
    })
}

/// Processors that Mach-O files are for; the bits above say 64.
fn is_mach_processor(number: u32) -> bool {
    matches!(number & 0x00ff_ffff, 6 | 7 | 12 | 18) && matches!(number >> 24, 0..=2)
}

fn mach(head: &[u8]) -> Option<Kind> {
    let order = match head {
        [0xfe, 0xed, 0xfa, 0xce | 0xcf, ..] => Order::Big,
        [0xce | 0xcf, 0xfa, 0xed, 0xfe, ..] => Order::Little,
        _ => return None,
    };
    let numbers = Numbers { bytes: head, order };
    if !is_mach_processor(numbers.u32(4)?) {
        return None;
    }
    match numbers.u32(12)? {
        6 | 8 | 9 => Some(Kind::MachLibrary),
        1..=14 => Some(Kind::Mach),
        _ => None,
    }
}

/// Several Mach-O files in one. Java classes have the same signature.
fn mach_fat(head: &[u8]) -> Option<Kind> {
    /// More processors than anybody builds for, fewer than the first version of Java.
    const MOST: u32 = 30;

    let (0xca, 0xfe, 0xba, 0xbe | 0xbf) =
        (*head.first()?, *head.get(1)?, *head.get(2)?, *head.get(3)?)
    else {
        return None;
    };
    let numbers = Numbers {
        bytes: head,
        order: Order::Big,
    };
    let fits = (1..=MOST).contains(&numbers.u32(4)?) && is_mach_processor(numbers.u32(8)?);
    fits.then_some(Kind::MachFat)
}

fn java(head: &[u8]) -> Option<Kind> {
    if !head.starts_with(&[0xca, 0xfe, 0xba, 0xbe]) {
        return None;
    }
    let numbers = Numbers {
        bytes: head,
        order: Order::Big,
    };
    let (minor, major) = (numbers.u16(4)?, numbers.u16(6)?);
    // The count of constants, and the kind of the first of them.
    let constants = numbers.u16(8)? > 1 && matches!(head.get(10)?, 1 | 3..=12 | 15..=20);
    let is_version = (45..=99).contains(&major) && (minor <= 3 || minor == u16::MAX);
    (is_version && constants).then_some(Kind::JavaClass)
}

fn web_assembly(head: &[u8]) -> Option<Kind> {
    /// Sections have numbers up to this one.
    const LAST_SECTION: u8 = 13;

    let [0, b'a', b's', b'm', version, 0, layer, 0, rest @ ..] = head else {
        return None;
    };
    let section = rest.first().is_none_or(|number| *number <= LAST_SECTION);
    ((1..=0x20).contains(version) && *layer <= 1 && section).then_some(Kind::WebAssembly)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_alone_is_no_program() {
        for head in [
            &b"MZ"[..],
            b"\x7fELF",
            b"\xca\xfe\xba\xbe",
            b"\xcf\xfa\xed\xfe",
            b"\0asm",
        ] {
            let mut long = head.to_vec();
            assert_eq!(kind(&long), None, "{head:?}");
            long.resize(4096, 0);
            assert_eq!(kind(&long), None, "{head:?}");
            long.truncate(head.len());
            long.resize(4096, 0xff);
            assert_eq!(kind(&long), None, "{head:?}");
        }
    }

    #[test]
    fn the_same_signature_is_a_class_or_a_program() {
        let class = b"\xca\xfe\xba\xbe\0\0\0\x34\0\x10\x0a\0\x03\0\x0d";
        assert_eq!(kind(class), Some(Kind::JavaClass));
        let fat = b"\xca\xfe\xba\xbe\0\0\0\x02\x01\0\0\x07\0\0\0\x03";
        assert_eq!(kind(fat), Some(Kind::MachFat));
    }

    #[test]
    fn programs_of_this_machine_are_told() {
        let mut program = vec![0; 64];
        program[..8].copy_from_slice(b"\x7fELF\x02\x01\x01\0");
        program[16] = 2;
        program[18] = 0x3e;
        program[20] = 1;
        assert_eq!(kind(&program), Some(Kind::Elf));
        program[16] = 3;
        assert_eq!(kind(&program), Some(Kind::ElfLibrary));
        program[18] = 0;
        assert_eq!(kind(&program), None);
    }
}
