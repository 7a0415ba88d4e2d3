//! Any octets as a PDU: what `examples/mutate/pdus.rs` demands of each.
#![no_main]

#[path = "../../examples/mutate/pdus.rs"]
mod pdus;

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    if let Err(broken) = pdus::check(octets) {
        panic!("{broken}");
    }
});
