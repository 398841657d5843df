//! Sizes in the units that people use.

/// Bytes with a decimal prefix: `999 B`, `1.2 kB`, `3.4 GB`.
#[must_use]
pub fn bytes(count: u64) -> String {
    const PREFIXES: [&str; 6] = ["k", "M", "G", "T", "P", "E"];
    if count < 1_000 {
        return format!("{count} B");
    }
    // Tenths of the unit, rounded down, so that no size is overstated.
    let mut tenths = count / 100;
    for prefix in PREFIXES {
        if tenths < 10_000 {
            return format!("{}.{} {prefix}B", tenths / 10, tenths % 10);
        }
        tenths /= 1_000;
    }
    format!("{count} B")
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn never_overstates() {
        let table = [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.0 kB"),
            (1_999, "1.9 kB"),
            (999_999, "999.9 kB"),
            (1_000_000, "1.0 MB"),
            (u64::MAX, "18.4 EB"),
        ];
        for (count, expected) in table {
            assert_eq!(bytes(count), expected, "{count}");
        }
    }
}
