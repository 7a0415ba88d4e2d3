//! Scenes of flows that start by themselves: once for each day, however long the light was out.

use super::*;
use expect_test::expect;

const WEEKLY: &str = "every: week, on: monday, at: \"10:00\", for: everybody";
const BY_CONTRACT: &str =
    "by: contact.contract_ends, offset: 14 days before, at: \"09:00\", for: everybody";

/// The flow with a schedule; one question, so that a run is soon over.
fn scheduled(schedule: &str) -> String {
    format!(
        "flow: stock\nlanguages: [en]\nschedule: {{{schedule}}}\nrules:\n  no_answer: \
         {{remind_after: never}}\n  expires_after: 2 days\nquestions:\n- id: open\n  ask: \"Is your \
         clinic open?\"\n  type: yes_no\n"
    )
}

impl Scene {
    fn publishes(&mut self, source: &str) -> String {
        match self.ask(Request::PublishFlow { flow: written(source) }) {
            Reply::Published { by_itself, .. } => by_itself.join("\n"),
            other => panic!("the flow is right: {other:?}"),
        }
    }

    /// What was started, the oldest first.
    fn campaigns(&self) -> String {
        let campaigns = wait(self.reader.campaigns()).expect("the disk works");
        let line = |line: &crate::store::CampaignLine| {
            format!("{}: {} people, {}\n", line.name, line.funnel.listed, line.status)
        };
        campaigns.iter().rev().map(line).collect()
    }

    fn schedules(&self) -> String {
        let lines = wait(self.reader.schedules()).expect("the disk works");
        let line = |line: &crate::store::ScheduleLine| {
            let next = line.next_at.as_deref().unwrap_or("never");
            format!("{} next {next}: {}\n", line.flow, line.schedule)
        };
        lines.iter().map(line).collect()
    }

    fn has_contract(&mut self, name: &str, number: &str, ends: &str) {
        let person = ImportedPerson {
            name: name.to_owned(),
            numbers: vec![number.to_owned()],
            fields: [("contract_ends".to_owned(), ends.to_owned())].into(),
            ..Default::default()
        };
        let plan = ImportPlan { people: vec![person], ..Default::default() };
        self.ask(Request::ImportContacts { plan });
    }

    /// The computer is off for so long.
    fn is_off_for(&mut self, long: Duration) {
        self.switchboard = None;
        self.now += SignedDuration::try_from(long).expect("a short time");
        self.cut();
    }
}

#[test]
fn a_weekly_schedule_starts_once_each_week() {
    let mut scene = Scene::new();
    expect![[r#"
        It starts by itself next on Mon 2026-03-02 at 10:00 (every week on monday at 10:00, for everybody)."#]]
    .assert_eq(&scene.publishes(&scheduled(WEEKLY)));
    scene.waits(15 * DAY);
    expect![[r#"
        Mon 10:00:00  stock 2026-03-02: started by its schedule for 2 people
        Mon 10:00:00  stick 1 sends +231•••0001 "Is your clinic open?"
        Mon 10:00:00  stock 2026-03-09: started by its schedule for 2 people
        Mon 10:00:00  stock 2026-03-16: started by its schedule for 2 people
    "#]]
    .assert_eq(&scene.story());
    expect![[r#"
        stock 2026-03-02: 2 people, running
        stock 2026-03-09: 2 people, running
        stock 2026-03-16: 2 people, running
    "#]]
    .assert_eq(&scene.campaigns());
    expect![[r#"
        stock next 2026-03-23T10:00:00Z: every week on monday at 10:00, for everybody
    "#]]
    .assert_eq(&scene.schedules());
}

#[test]
fn publishing_again_in_between_starts_nothing_twice_and_forgets_nothing() {
    let mut scene = Scene::new();
    scene.publishes(&scheduled(WEEKLY));
    scene.waits(HOUR);
    scene.publishes(&scheduled(WEEKLY).replace("open?", "open today?"));
    // Later on the same day: for this week it is done.
    scene.publishes(&scheduled(WEEKLY).replace("10:00", "15:00"));
    scene.waits(DAY);
    expect![[r#"
        stock 2026-03-02: 2 people, running
    "#]]
    .assert_eq(&scene.campaigns());
    expect![[r#"
        stock next 2026-03-09T15:00:00Z: every week on monday at 15:00, for everybody
    "#]]
    .assert_eq(&scene.schedules());
}

#[test]
fn a_version_without_a_schedule_starts_nothing() {
    let mut scene = Scene::new();
    scene.publishes(&scheduled(WEEKLY));
    scene.publishes(STOCK);
    scene.waits(15 * DAY);
    assert_eq!((scene.campaigns(), scene.schedules()), (String::new(), String::new()));
}

#[test]
fn a_campaign_by_hand_puts_the_schedule_in_force_too() {
    let mut scene = Scene::new();
    scene.starts(&scheduled(WEEKLY));
    expect![[r#"
        stock next 2026-03-02T10:00:00Z: every week on monday at 10:00, for everybody
    "#]]
    .assert_eq(&scene.schedules());
}

#[test]
fn three_weeks_off_are_one_start() {
    let mut scene = Scene::new();
    scene.publishes(&scheduled(WEEKLY));
    scene.is_off_for(21 * DAY + 3 * HOUR);
    scene.waits(5 * DAY);
    expect![[r#"
        Mon 12:00:00  — the light went out —
        Mon 12:00:00  stick-1: ready (IMEI 356938035643801)
        Mon 12:00:00  stock 2026-03-23: started by its schedule for 2 people
        Mon 12:00:00  stick 1 sends +231•••0001 "Is your clinic open?"
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn what_was_missed_for_too_long_is_skipped_and_said() {
    let mut scene = Scene::new();
    scene.publishes(&scheduled(WEEKLY));
    scene.is_off_for(24 * DAY);
    scene.waits(2 * DAY);
    expect![[r#"
        Thu 09:00:00  — the light went out —
        Thu 09:00:00  stick-1: ready (IMEI 356938035643801)
        Thu 09:00:00  stock 2026-03-23: its time was missed, and it is too late to start it now
    "#]]
    .assert_eq(&scene.story());
    assert_eq!(scene.campaigns(), "");
}

#[test]
fn if_missed_skip_starts_on_time_or_not_at_all() {
    let mut scene = Scene::new();
    scene.publishes(&scheduled(&format!("{WEEKLY}, if_missed: skip")));
    scene.is_off_for(2 * HOUR);
    scene.waits(7 * DAY);
    expect![[r#"
        stock 2026-03-09: 2 people, running
    "#]]
    .assert_eq(&scene.campaigns());
}

#[test]
fn the_light_goes_out_at_the_moment_of_starting_and_there_is_one_campaign() {
    for cut_after_the_start in [false, true] {
        let mut scene = Scene::new();
        scene.publishes(&scheduled(WEEKLY));
        scene.waits(HOUR - SECOND);
        if cut_after_the_start {
            scene.waits(SECOND);
        }
        scene.cut();
        scene.waits(HOUR);
        scene.cut();
        scene.waits(DAY);
        expect![[r#"
            stock 2026-03-02: 2 people, running
        "#]]
        .assert_eq(&scene.campaigns());
    }
}

#[test]
fn nobody_who_fits_is_no_campaign_and_is_said() {
    let mut scene = Scene::new();
    scene.publishes(&scheduled(&WEEKLY.replace("everybody", "{groups: [Bomi]}")));
    scene.waits(DAY);
    expect![[r#"
        Mon 10:00:00  stock 2026-03-02: its schedule found nobody to start it for
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn a_date_of_each_person_starts_them_on_its_day_and_once() {
    let mut scene = Scene::new();
    scene.publishes(&scheduled(BY_CONTRACT));
    scene.has_contract("Mary Kollie", MARY, "2026-03-19");
    scene.has_contract("James Doe", JAMES, "20/03/2026");
    scene.has_contract("Anna Kou", "+231886000003", "soon");
    scene.waits(10 * DAY);
    expect![[r#"
        stock 2026-03-05: 1 people, running
        stock 2026-03-06: 1 people, running
    "#]]
    .assert_eq(&scene.campaigns());
    // The same date written in another way is the same date; another one is another start.
    scene.has_contract("Mary Kollie", MARY, "19/03/2026");
    scene.waits(2 * DAY);
    scene.has_contract("Mary Kollie", MARY, "2026-03-29");
    scene.waits(2 * DAY);
    expect![[r#"
        stock 2026-03-05: 1 people, running
        stock 2026-03-06: 1 people, running
        stock 2026-03-15: 1 people, running
    "#]]
    .assert_eq(&scene.campaigns());
}

#[test]
fn a_date_that_is_set_late_still_starts_while_it_is_not_too_late() {
    let mut scene = Scene::new();
    scene.publishes(&scheduled(BY_CONTRACT));
    scene.waits(8 * DAY + HOUR);
    // Due yesterday at nine: in time until the end of today. Due two days ago: too late.
    scene.has_contract("Mary Kollie", MARY, "2026-03-23");
    scene.has_contract("James Doe", JAMES, "2026-03-22");
    scene.waits(3 * DAY);
    expect![[r#"
        Tue 10:00:00  stock 2026-03-10: started by its schedule for 1 people
        Tue 10:00:00  stick 1 sends +231•••0001 "Is your clinic open?"
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn a_date_that_somebody_answers_starts_them_too() {
    let mut scene = Scene::new();
    let by =
        "by: contact.contract_ends, at: \"08:00\", for: everybody, if_missed: run within 2 days";
    scene.publishes(&scheduled(by));
    scene.waits(DAY);
    let ask = "flow: contract\nlanguages: [en]\nquestions:\n- id: ends\n  ask: \"When does it \
               end?\"\n  type: date\n  save_to: contact.contract_ends\n";
    let numbers = vec![MARY.to_owned()];
    scene.starts_for(ask, Audience { numbers, ..Default::default() });
    scene.sent(1);
    scene.story.clear();
    scene.waits(MINUTE);
    scene.says(MARY, "3 March 2026");
    scene.waits(MINUTE);
    expect![[r#"
        Tue 09:01:00  campaign stock: everybody is done
        Tue 09:01:00  stock 2026-03-03: started by its schedule for 1 people
        Tue 09:01:00  stick 1 sends +231•••0001 "Is your clinic open?"
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn going_back_to_an_earlier_version_goes_back_to_its_schedule() {
    let mut scene = Scene::new();
    scene.publishes(&scheduled(WEEKLY));
    scene.waits(2 * HOUR);
    scene.publishes(STOCK);
    assert_eq!(scene.schedules(), "");
    scene.ask(Request::RollbackFlow { flow: "stock".to_owned(), to: None });
    expect![[r#"
        stock next 2026-03-09T10:00:00Z: every week on monday at 10:00, for everybody
    "#]]
    .assert_eq(&scene.schedules());
}

#[test]
fn dates_that_had_come_before_the_schedule_was_published_are_not_its_business() {
    let mut scene = Scene::new();
    scene.has_contract("Mary Kollie", MARY, "2026-03-16");
    scene.waits(HOUR);
    scene.publishes(&scheduled(BY_CONTRACT));
    scene.waits(3 * DAY);
    assert_eq!(scene.campaigns(), "");
}

#[test]
fn dates_that_come_while_the_office_is_off_start_once_when_it_is_on_again() {
    let mut scene = Scene::new();
    let wide = format!("{BY_CONTRACT}, if_missed: run within 2 weeks");
    scene.publishes(&scheduled(&wide));
    scene.has_contract("Mary Kollie", MARY, "2026-03-18");
    scene.has_contract("James Doe", JAMES, "2026-03-25");
    scene.is_off_for(15 * DAY);
    scene.cut();
    scene.waits(3 * DAY);
    expect![[r#"
        stock 2026-03-17: 2 people, running
    "#]]
    .assert_eq(&scene.campaigns());
}

#[test]
fn the_office_moves_to_another_zone_and_nine_stays_nine() {
    let mut scene = Scene::new();
    scene.publishes(&scheduled(WEEKLY));
    scene.waits(2 * HOUR);
    scene.settings.zone = jiff::tz::TimeZone::get("Africa/Lagos").expect("a zone");
    scene.cut();
    expect![[r#"
        stock next 2026-03-09T09:00:00Z: every week on monday at 10:00, for everybody
    "#]]
    .assert_eq(&scene.schedules());
}
