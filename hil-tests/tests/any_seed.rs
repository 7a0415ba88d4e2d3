//! Drawn months: whatever goes wrong, what must hold holds.

use rollcall_hil_tests::month;

#[tokio::test]
async fn what_must_hold_holds_in_the_first_months() {
    for seed in 1..=5 {
        let broken = month(seed).await.expect("the program does not fail");
        let told = broken.map(|broken| (broken.violations, broken.story.join("\n")));
        assert!(told.is_none(), "seed {seed}: {told:#?}");
    }
}
