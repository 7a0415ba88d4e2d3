//! Another SIM in a stick: a person is asked before anything leaves by it.

use super::*;

impl Scene {
    fn has_sim(&mut self, stick: usize, card: &str) {
        let identity = Identity {
            imei: format!("35693803564380{stick}"),
            iccid: Some(card.to_owned()),
            ..Default::default()
        };
        self.happens(vec![Event::Modem(modem_no(stick), modem::Event::Ready(identity))]);
    }

    fn confirms(&mut self, channel: &str) -> String {
        match self.ask(Request::ConfirmSim { channel: channel.to_owned() }) {
            Reply::Done { words } | Reply::NotFound { words } => words,
            other => format!("{other:?}"),
        }
    }
}

const OLD: &str = "89231010000000000011";
const NEW: &str = "89231020000000777777";

#[test]
fn by_another_sim_nothing_leaves_until_a_person_has_confirmed_it() {
    let mut scene = Scene::new();
    scene.has_sim(1, OLD);
    scene.has_sim(1, NEW);
    // It is registered, and rebooted: that changes nothing.
    let status = modem::Status { registration: modem::Registration::Home, ..Default::default() };
    scene.modem_says(1, modem::Event::Status(status));
    scene.starts(STOCK);
    let story = scene.story();
    assert!(story.contains("another SIM (its card ends in 777777)"), "{story}");
    assert!(!story.contains("stick 1 sends"), "{story}");
    assert_eq!(scene.confirms("stick-1"), "stick-1: the SIM that ends in 777777 is its own now.");
    scene.waits(Duration::from_secs(1));
    assert!(scene.story().contains("stick 1 sends"));
    assert_eq!(scene.confirms("stick-1"), "stick-1: there is nothing to confirm.");
    assert_eq!(scene.confirms("x"), "There is no channel `x`.");
}

#[test]
fn the_old_sim_put_back_needs_no_word_and_an_answer_is_taken_meanwhile() {
    let mut scene = Scene::new();
    scene.has_sim(1, OLD);
    scene.asks_mary();
    scene.has_sim(1, NEW);
    scene.waits(Duration::from_secs(60));
    scene.says(MARY, "yes");
    let story = scene.story();
    assert!(!story.contains("How many packs"), "{story}");
    scene.has_sim(1, OLD);
    scene.waits(Duration::from_secs(1));
    assert!(scene.story().contains("How many packs"));
}

#[test]
fn two_sims_that_were_swapped_are_named() {
    let mut scene = Scene::with(2, |_| {});
    scene.has_sim(1, OLD);
    scene.has_sim(2, NEW);
    scene.has_sim(1, NEW);
    let story = scene.story();
    assert!(story.contains("stick-1: the SIM of stick-2 is in its stick"), "{story}");
}

#[test]
fn a_sim_may_be_confirmed_before_it_is_put_in() {
    let mut scene = Scene::new();
    scene.has_sim(1, OLD);
    scene.happens(vec![Event::Gone(modem_no(1))]);
    let words = "stick-1: the SIM that is found in its stick next is taken as its own.";
    assert_eq!(scene.confirms("stick-1"), words);
    scene.plug(1);
    scene.has_sim(1, NEW);
    scene.starts(STOCK);
    assert!(scene.story().contains("stick 1 sends"));
}
