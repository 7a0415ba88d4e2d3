//! Any octets as what a port gives: what `examples/mutate/streams.rs` demands of each.
#![no_main]

#[path = "../../examples/mutate/streams.rs"]
mod streams;

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    if let Err(broken) = streams::check(octets) {
        panic!("{broken}");
    }
});
