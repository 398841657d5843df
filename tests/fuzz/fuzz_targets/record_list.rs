#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| bonafide_fuzz::record_list(input));
