//! One week on the sticks of each maker. More of them, and other seeds: `cargo world
//! --personality all --seeds 100`.

use rollcall_drivers::simulator::Personality;
use rollcall_hil_tests::weeks;

#[tokio::test]
async fn a_week_on_each_personality_with_every_fault_delivers_all_that_the_network_accepted() {
    for personality in Personality::ALL {
        let broken = weeks::week(personality, 1).await.expect("the program does not fail");
        let name = personality.name();
        assert!(broken.is_none(), "{name}: {:?}", broken.map(|broken| broken.violations));
    }
}
