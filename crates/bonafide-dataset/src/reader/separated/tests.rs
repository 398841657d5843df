use super::super::tests::{error, rows, samples};

#[test]
fn quotes_and_lines_within_them_are_read() {
    assert_eq!(
        rows("a.csv", samples::CSV).unwrap(),
        [
            "text=one, two label=1",
            "text=a \"quote\"\nand a line label=2",
            "text=ä label=3"
        ]
    );
}

#[test]
fn delimiters_are_told_by_name_or_from_the_header() {
    for (name, bytes) in [
        ("a.tsv", b"x\ty\n1,0\t2\n".as_slice()),
        ("b.csv", b"x;y\n1,0;2\n"),
        ("c.csv", b"x|y\r\n1,0|2\r\n"),
        ("d.csv", b"\xef\xbb\xbfx\ty\n1,0\t2"),
        ("e.csv", b"x,y\n\"1,0\",2"),
    ] {
        assert_eq!(rows(name, bytes).unwrap(), ["x=1,0 y=2"], "{name}");
    }
}

#[test]
fn what_is_no_table_is_an_error_with_its_line() {
    for (bytes, expected) in [
        (
            b"a,b\n1,2\n3\n".as_slice(),
            "(line 3) is malformed: 1 fields, the header line has 2",
        ),
        (
            b"a,b\n1,\"2\n\"\n3,4,5\n",
            "(line 4) is malformed: 3 fields",
        ),
        (b"a,b\n1,\xff\n", "(line 2) is malformed: it is not UTF-8"),
        (
            b"a,b\n\xc3,\xa4\n",
            "(line 2) is malformed: it is not UTF-8",
        ),
        (b"a,b\n1,\"2\n3,4\n", "a quote is never closed"),
        (b"a,\"b", "a quote is never closed"),
        (b"", "there is no header line"),
        (b"\n\n", "there is no header line"),
        (b"a,a\n1,2\n", "two columns are named `a`"),
        (b"a\n\x01end\x01\nb\n", "a line of control characters"),
        (b"a\n\"\n\x01end\x01\n", "a quote is never closed"),
    ] {
        let said = error("a.csv", bytes);
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn a_header_alone_is_no_records() {
    assert!(rows("a.csv", b"a,b").unwrap().is_empty());
    assert!(rows("a.csv", b"a,b\n").unwrap().is_empty());
}

#[test]
fn a_mark_like_ours_in_a_field_is_a_value() {
    assert_eq!(rows("a.csv", b"a,b\n\x01end\x01,1\n").unwrap().len(), 1);
}
