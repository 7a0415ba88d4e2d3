//! The detector of keys: how long it takes for a second of sound, as it comes in a call, 20 ms at a
//! time. What is not silence costs the same whatever it is; both stand here.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use rollcall_drivers::audio::dtmf::Detector;
use rollcall_drivers::audio::frame::SAMPLES;
use rollcall_drivers::simulator::sound::{self, KeySound};

fn seconds(criterion: &mut Criterion) {
    let key = KeySound { duration: Duration::from_secs(1), ..KeySound::default() };
    let sounds = [
        ("a second of sound", sound::key('5', key).expect("a key")),
        ("a second of silence", sound::silence(Duration::from_secs(1))),
    ];
    let mut group = criterion.benchmark_group("keys");
    for (name, samples) in sounds {
        let mut detector = Detector::new();
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                for frame in samples.chunks(SAMPLES) {
                    detector.handle_samples(black_box(frame));
                }
                detector.poll_heard()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, seconds);
criterion_main!(benches);
