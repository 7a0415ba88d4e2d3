//! Scenes of who a campaign is for: each exclusion leaves out whom it says, and says how many.

use super::*;
use crate::store::WhoIsInAFlow;
use expect_test::expect;

impl Scene {
    fn would_start(&mut self, audience: Audience) -> String {
        let reply = self.ask(Request::TryCampaign { flow: written(STOCK), audience });
        let Reply::WouldStart { people, left_out, excluded } = reply else {
            panic!("the flow is right: {reply:?}")
        };
        let mut words = format!("{people} people, {left_out} cannot be reached");
        for out in excluded {
            let nobody = if out.fits_nobody { " (nobody at all)" } else { "" };
            write!(words, "; {} {}{nobody}", out.people, out.why).expect("a String takes it");
        }
        words
    }

    fn knows_in(&mut self, name: &str, number: &str, group: &str, county: &str) {
        let person = ImportedPerson {
            name: name.to_owned(),
            numbers: vec![number.to_owned()],
            groups: vec![group.to_owned()],
            fields: [("county".to_owned(), county.to_owned())].into(),
            ..Default::default()
        };
        let plan = ImportPlan { people: vec![person], ..Default::default() };
        self.ask(Request::ImportContacts { plan });
    }
}

fn texts_of(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn groups_and_values_leave_out_and_each_person_counts_once() {
    let mut scene = Scene::new();
    scene.knows_in("Kou", "+231886000003", "Validated", "Bomi");
    scene.knows_in("Anna", "+231886000004", "Validated", "Lofa");
    scene.knows_in("Tom", "+231886000005", "New", "Bomi");
    let audience = Audience {
        not_groups: texts_of(&["Validated", "Valdated"]),
        not_fields: vec![("county".to_owned(), "Bomi".to_owned())],
        ..Audience::default()
    };
    expect!["2 people, 0 cannot be reached; 2 in group Validated; 0 in group Valdated (nobody at all); 1 with county Bomi"].assert_eq(&scene.would_start(audience.clone()));
    scene.starts_for(STOCK, audience);
    expect!["running: 2 listed, 0 messaged, 0 reached, 0 responded, 0 completed; 2 queued"]
        .assert_eq(&scene.campaign());
}

#[test]
fn who_is_in_a_flow_or_had_it_is_left_out() {
    let mut scene = Scene::new();
    scene.asks_mary();
    let busy = Audience { in_a_flow: WhoIsInAFlow::LeftOut, ..Audience::default() };
    let had = Audience { not_started: texts_of(&["stock"]), ..Audience::default() };
    let lately = Audience { started_within: Some(86_400), ..had.clone() };
    expect!["1 people, 0 cannot be reached; 1 in a flow now"]
        .assert_eq(&scene.would_start(busy.clone()));
    expect!["1 people, 0 cannot be reached; 1 had stock"]
        .assert_eq(&scene.would_start(had.clone()));
    expect!["1 people, 0 cannot be reached; 1 had stock within 1 day"]
        .assert_eq(&scene.would_start(lately.clone()));
    scene.waits(DAY + MINUTE);
    scene.sent(1);
    scene.waits(3 * DAY);
    expect!["2 people, 0 cannot be reached; 0 in a flow now"].assert_eq(&scene.would_start(busy));
    expect!["1 people, 0 cannot be reached; 1 had stock"].assert_eq(&scene.would_start(had));
    expect!["2 people, 0 cannot be reached; 0 had stock within 1 day (nobody at all)"]
        .assert_eq(&scene.would_start(lately));
}

#[test]
fn who_wrote_lately_is_told_from_who_is_silent() {
    let mut scene = Scene::new();
    scene.says(MARY, "hello");
    let silent = Audience { silent_for: Some(7_200), ..Audience::default() };
    let heard = Audience { heard_within: Some(7_200), ..Audience::default() };
    expect!["1 people, 0 cannot be reached; 1 wrote within 2 hours"]
        .assert_eq(&scene.would_start(silent.clone()));
    expect!["1 people, 0 cannot be reached; 1 did not write within 2 hours"]
        .assert_eq(&scene.would_start(heard.clone()));
    scene.waits(3 * HOUR);
    expect!["2 people, 0 cannot be reached; 0 wrote within 2 hours"]
        .assert_eq(&scene.would_start(silent));
    expect!["0 people, 0 cannot be reached; 2 did not write within 2 hours"]
        .assert_eq(&scene.would_start(heard));
}

#[test]
fn a_start_that_leaves_out_who_is_in_a_flow_is_still_one_start() {
    let mut scene = Scene::new();
    let audience = Audience { in_a_flow: WhoIsInAFlow::LeftOut, ..Audience::default() };
    let start = || Request::StartCampaign {
        flow: written(STOCK),
        name: None,
        audience: audience.clone(),
        start_key: "monday".to_owned(),
        by: None,
    };
    scene.ask(start());
    scene.waits(Duration::ZERO);
    let again = scene.ask(start());
    assert!(matches!(again, Reply::Started { already: true, .. }), "{again:?}");
    let other = Request::StartCampaign {
        flow: written(STOCK),
        name: None,
        audience: audience.clone(),
        start_key: "tuesday".to_owned(),
        by: None,
    };
    expect![[r#"Refused { words: "Nobody fits: look at `rollcall contacts list`. 2 left out: in a flow now." }"#]].assert_eq(&format!("{:?}", scene.ask(other)));
}

#[test]
fn trying_a_start_starts_nothing() {
    let mut scene = Scene::new();
    expect!["2 people, 0 cannot be reached"].assert_eq(&scene.would_start(Audience::default()));
    scene.says(MARY, "STOP");
    scene.sent(1);
    expect!["2 people, 1 cannot be reached"].assert_eq(&scene.would_start(Audience::default()));
    scene.says(JAMES, "stock");
    scene.waits(DAY);
    assert_eq!(scene.answers(), "", "the flow is not even published");
}
