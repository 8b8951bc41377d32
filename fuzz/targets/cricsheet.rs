#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| vachak_fuzz::cricsheet(bytes));
