//! The rules that do not bend, each as a story through the simulated country: from the bytes of a
//! stick to the rows of the store. What must hold is checked after every transaction.
//!
//! What a phone shows is told line by line: `>` came from the office, the rest its owner wrote.

mod village;

use expect_test::expect;
use jiff::SignedDuration;
use rollcall::switchboard::{Reply, Request};
use rollcall::world::Cut;
use rollcall_drivers::simulator::What;
use std::time::Duration;
use village::{
    CLINIC, DAY, HOUR, JAMES, KOU, MACHINE, MARY, MINUTE, OTHER_STICK, STICK, STRANGER, Village,
    water,
};

// 1. Never guess. 2. Be generous where one meaning is left.

#[tokio::test]
async fn one_meaning_is_taken_two_are_asked_back_and_what_was_sent_is_kept() {
    let mut village = Village::new().await;
    village.start(CLINIC, &[MARY]).await;
    for text in ["1/2", "Yess", "10-20", "ans: I4", "3 May 79, thank you", "soap & gloves ☺"] {
        village.says(MARY, text).await;
    }
    expect![[r#"
            Mon 09h > Is your clinic open?
            Mon 09h 1/2
            Mon 09h > Sorry, not understood: 1/2. Is your clinic open?
            Mon 09h Yess
            Mon 09h > How many packs?
            Mon 09h 10-20
            Mon 09h > Sorry, not understood: 10-20. How many packs?
            Mon 09h ans: I4
            Mon 09h > Since when?
            Mon 09h 3 May 79, thank you
            Mon 09h > What do you need?
            Mon 09h soap & gloves ☺
            Mon 09h > Thank you.
        "#]]
    .assert_eq(&village.phone(MARY));
    expect![[r#"
            Mary Kollie, clinic [completed]: open = yes from "Yess" (exact)
            Mary Kollie, clinic [completed]: packs = 14 from "ans: I4" (repaired)
            Mary Kollie, clinic [completed]: since = 1979-05-03 from "3 May 79, thank you" (repaired)
            Mary Kollie, clinic [completed]: wish = soap & gloves ☺ from "soap & gloves ☺" (exact)
        "#]].assert_eq(&village.answers().await);
    village.comes_to_rest().await;
}

// 3. Every question has a bounded number of tries, then goes where the flow says.

#[tokio::test]
async fn tries_run_out_and_a_person_takes_over() {
    let mut village = Village::new().await;
    village.start(&CLINIC.replace("then: skip", "then: help"), &[MARY]).await;
    for text in ["the moon", "skip", "hello?"] {
        village.says(MARY, text).await;
    }
    expect![[r#"
        Mon 09h > Is your clinic open?
        Mon 09h the moon
        Mon 09h > Sorry, not understood: the moon. Is your clinic open?
        Mon 09h skip
        Mon 09h hello?
    "#]]
    .assert_eq(&village.phone(MARY));
    expect![[r#"
        "skip": the answer to `open` was not understood
        "hello?": nobody had asked for it
    "#]]
    .assert_eq(&village.inbox().await);
    expect![[r#"
        1 messaged, 1 reached, 0 responded, 0 completed: 1 unresponsive
    "#]]
    .assert_eq(&village.campaign().await);
    village.comes_to_rest().await;
}

#[tokio::test]
async fn an_answering_machine_is_not_talked_to_for_ever() {
    let mut village = Village::new().await;
    let welcome = CLINIC.replace("start_words: [CLINIC]", "starts_on_anything: true");
    village.publish(&welcome).await;
    village.says(MACHINE, "I am driving, call me later").await;
    village.after(DAY).await;
    let said = village.phone(MACHINE).lines().filter(|line| line.contains("> ")).count();
    assert!((1..=10).contains(&said), "{said} texts to a machine");
    village.after(3 * DAY).await;
    let later = village.phone(MACHINE).lines().filter(|line| line.contains("> ")).count();
    assert!(later <= said + 1, "{later} texts to a machine, {said} on the first day");
    village.comes_to_rest().await;
}

// 4. STOP, HELP, FIX, BACK and the language words work everywhere.

#[tokio::test]
async fn who_says_stop_hears_nothing_until_start_whatever_list_they_are_on() {
    let mut village = Village::new().await;
    village.start(CLINIC, &[MARY, JAMES]).await;
    village.says(MARY, "yes").await;
    village.says(MARY, "Arrêtez svp").await;
    village.import().await;
    village.start(&water("finish_this_first"), &[MARY]).await;
    village.says(MARY, "14").await;
    village.after(2 * DAY).await;
    expect![[r#"
        Mon 09h > Is your clinic open?
        Mon 09h yes
        Mon 09h > How many packs?
        Mon 09h Arrêtez svp
        Mon 09h > You will get no more messages from us. Text START to get them again.
        Mon 09h 14
    "#]]
    .assert_eq(&village.phone(MARY));
    expect![[r#"
        "14": it came from somebody who said STOP; nothing is sent back
    "#]]
    .assert_eq(&village.inbox().await);
    expect![[r#"
        0 messaged, 0 reached, 0 responded, 0 completed: 1 excluded
    "#]]
    .assert_eq(&village.campaign().await);
    village.says(MARY, "START").await;
    village.start(&water("finish_this_first").replace("flow: water", "flow: well"), &[MARY]).await;
    let since = village.phone(MARY);
    let since: Vec<&str> = since.lines().rev().take(3).collect();
    expect![[r#"
        Wed 09h > Is the pump working?
        Wed 09h > You will get messages from us again. Text STOP to end.
        Wed 09h START"#]]
    .assert_eq(&since.join("\n"));
    village.comes_to_rest().await;
}

#[tokio::test]
async fn words_that_move_work_at_every_question_in_every_language() {
    let mut village = Village::new().await;
    village.start(CLINIC, &[MARY]).await;
    let texts =
        ["yes", "back", "no", "français", "quatorze", "CORRIGER 2", "15", "AIDE", "03/05/1979"];
    for text in texts {
        village.says(MARY, text).await;
    }
    village.says(MARY, "je refuse").await;
    expect![[r#"
        Mon 09h > Is your clinic open?
        Mon 09h yes
        Mon 09h > How many packs?
        Mon 09h back
        Mon 09h > Is your clinic open?
        Mon 09h no
        Mon 09h > How many packs?
        Mon 09h français
        Mon 09h > Combien de paquets?
        Mon 09h quatorze
        Mon 09h > Depuis quand?
        Mon 09h CORRIGER 2
        Mon 09h > Combien de paquets?
        Mon 09h 15
        Mon 09h > Depuis quand?
        Mon 09h AIDE
        Mon 09h > Ici le bureau de santé. Répondez à la question, ou envoyez STOP. Une personne lira ceci.
        Mon 09h 03/05/1979
        Mon 09h > De quoi avez-vous besoin?
        Mon 09h je refuse
        Mon 09h > Merci.
    "#]].assert_eq(&village.phone(MARY));
    expect![[r#"
        Mary Kollie, clinic [completed]: open = no from "no" (exact)
        Mary Kollie, clinic [completed]: packs = 15 from "15" (exact)
        Mary Kollie, clinic [completed]: since = 1979-05-03 from "03/05/1979" (exact)
        Mary Kollie, clinic [completed]: wish from "je refuse" (refused)
    "#]]
    .assert_eq(&village.answers().await);
    village.comes_to_rest().await;
}

#[tokio::test]
async fn an_answer_that_equals_a_start_word_is_an_answer() {
    let mut village = Village::new().await;
    village.publish(&water("finish_this_first")).await;
    village.start(CLINIC, &[MARY]).await;
    for text in ["yes", "14", "03/05/1979", "Water"] {
        village.says(MARY, text).await;
    }
    village.says(MARY, "Water").await;
    expect![[r#"
        Mary Kollie, clinic [completed]: open = yes from "yes" (exact)
        Mary Kollie, clinic [completed]: packs = 14 from "14" (exact)
        Mary Kollie, clinic [completed]: since = 1979-05-03 from "03/05/1979" (exact)
        Mary Kollie, clinic [completed]: wish = Water from "Water" (exact)
        Mary Kollie, water [waiting]: nothing
    "#]]
    .assert_eq(&village.answers().await);
    village.comes_to_rest().await;
}

// 5. A waiting person keeps the version of the flow they began with.

#[tokio::test]
async fn an_edit_published_meanwhile_is_for_new_starts_alone() {
    let mut village = Village::new().await;
    village.start(CLINIC, &[MARY]).await;
    let edited = CLINIC.replace("How many packs?", "How many boxes?");
    village.publish(&edited).await;
    let broken = edited.replace("type: number", "type: nummer");
    let reply = village.publish(&broken).await;
    assert!(matches!(&reply, Reply::Refused { words } if words.contains("F025")), "{reply:?}");
    village.world.cut(Cut::Computer, Duration::from_secs(30)).await.expect("it starts again");
    village.after(MINUTE).await;
    village.says(STRANGER, "clinic").await;
    for number in [MARY, STRANGER] {
        village.says(number, "yes").await;
    }
    expect![[r#"
        Mon 09h > Is your clinic open?
        Mon 09h yes
        Mon 09h > How many packs?
    "#]]
    .assert_eq(&village.phone(MARY));
    expect![[r#"
        Mon 09h clinic
        Mon 09h > Is your clinic open?
        Mon 09h yes
        Mon 09h > How many boxes?
    "#]]
    .assert_eq(&village.phone(STRANGER));
    village.comes_to_rest().await;
}

// 6. Timers start when the message has really left, and respect quiet hours when they fire.

#[tokio::test]
async fn the_clock_of_a_reminder_starts_when_the_question_left() {
    let mut village = Village::new().await;
    village.world.unplug(0);
    village.world.unplug(1);
    village.start(CLINIC, &[MARY, JAMES]).await;
    village.after(DAY + 2 * HOUR).await;
    assert_eq!(village.phone(MARY), "", "nothing can have left");
    village.world.plug(0);
    village.after(23 * HOUR).await;
    village.says(JAMES, "yes").await;
    village.after(2 * HOUR).await;
    expect![[r#"
            Tue 11h > Is your clinic open?
            Wed 11h > We are still waiting for your answer. Reply STOP to end. Is your clinic open?
        "#]]
    .assert_eq(&village.phone(MARY));
    expect![[r#"
            Tue 11h > Is your clinic open?
            Wed 10h yes
            Wed 10h > How many packs?
        "#]]
    .assert_eq(&village.phone(JAMES));
    village.comes_to_rest().await;
}

#[tokio::test]
async fn a_reminder_that_is_due_in_quiet_hours_waits_for_the_morning() {
    let mut village = Village::new().await;
    let soon = CLINIC.replace("remind_after: 1 day", "remind_after: 3 hours");
    village.after(9 * HOUR).await;
    village.start(&soon, &[MARY]).await;
    village.after(20 * HOUR).await;
    expect![[r#"
        Mon 18h > Is your clinic open?
        Tue 08h > We are still waiting for your answer. Reply STOP to end. Is your clinic open?
    "#]]
    .assert_eq(&village.phone(MARY));
    village.comes_to_rest().await;
}

// 7. One run, whichever way it is spoken to.

#[tokio::test]
async fn a_run_goes_on_at_the_same_question_through_the_number_a_person_writes_to() {
    let mut village = Village::new().await;
    village.start(CLINIC, &[MARY]).await;
    village.says(MARY, "yes").await;
    let (country, now) = village.world.country();
    country.person_says(now, MARY, OTHER_STICK, "14");
    village.after(MINUTE).await;
    let truth = village.world.truth();
    let from = truth.iter().rev().find_map(|happening| match &happening.what {
        What::Delivered { to, from, .. } if to == MARY => Some(from.clone()),
        _ => None,
    });
    assert_eq!(from.as_deref(), Some(OTHER_STICK));
    expect![[r#"
        Mon 09h > Is your clinic open?
        Mon 09h yes
        Mon 09h > How many packs?
        Mon 09h 14
        Mon 09h > Since when?
    "#]]
    .assert_eq(&village.phone(MARY));
    village.comes_to_rest().await;
}

// 8. A turn is atomic.

#[tokio::test]
async fn a_power_cut_in_a_turn_leaves_all_of_it_or_nothing() {
    for steps in 0..14 {
        let mut village = Village::new().await;
        village.start(CLINIC, &[MARY]).await;
        let (country, now) = village.world.country();
        country.person_says(now, MARY, STICK, "yes");
        let soon = village.world.now() + SignedDuration::from_secs(MINUTE);
        for _ in 0..steps {
            village.world.step(soon).await.expect("the program does not fail");
        }
        village.world.cut(Cut::Computer, Duration::from_secs(20)).await.expect("it starts again");
        let answered = village.answers().await.contains("open = yes");
        let filter = rollcall::store::MessageFilter { limit: 100, ..Default::default() };
        let messages = village.world.reader().messages(&filter).await.expect("a store");
        let asked = messages.iter().any(|message| message.text == "How many packs?");
        assert_eq!(answered, asked, "after {steps} steps");
        village.after(20 * MINUTE).await;
        let shown = village.phone(MARY);
        assert!(shown.contains("> How many packs?"), "after {steps} steps: {shown}");
        village.comes_to_rest().await;
    }
}

// 9. One flow at a time per person.

#[tokio::test]
async fn a_second_campaign_waits_until_the_first_is_over() {
    let mut village = Village::new().await;
    village.start(CLINIC, &[MARY]).await;
    village.start(&water("finish_this_first"), &[MARY, JAMES]).await;
    for text in ["yes", "14", "03/05/1979", "gloves"] {
        village.says(MARY, text).await;
    }
    village.says(MARY, "no").await;
    expect![[r#"
        Mon 09h > Is your clinic open?
        Mon 09h yes
        Mon 09h > How many packs?
        Mon 09h 14
        Mon 09h > Since when?
        Mon 09h 03/05/1979
        Mon 09h > What do you need?
        Mon 09h gloves
        Mon 09h > Thank you.
        Mon 09h > Is the pump working?
        Mon 09h no
        Mon 09h > How many packs?
    "#]]
    .assert_eq(&village.phone(MARY));
    expect![[r#"
        Mary Kollie, clinic [completed]: open = yes from "yes" (exact)
        Mary Kollie, clinic [completed]: packs = 14 from "14" (exact)
        Mary Kollie, clinic [completed]: since = 1979-05-03 from "03/05/1979" (exact)
        Mary Kollie, clinic [completed]: wish = gloves from "gloves" (exact)
        James Doe, water [waiting]: nothing
        Mary Kollie, water [waiting]: open = no from "no" (exact)
    "#]]
    .assert_eq(&village.answers().await);
    village.comes_to_rest().await;
}

#[tokio::test]
async fn the_person_is_told_once_and_next_begins_the_other_one() {
    let mut village = Village::new().await;
    village.start(&water("ask_the_person"), &[MARY, JAMES]).await;
    village.start(CLINIC, &[MARY, JAMES]).await;
    village.world.cut(Cut::Everything, Duration::from_secs(60)).await.expect("it starts again");
    village.after(5 * MINUTE).await;
    village.says(MARY, "yes").await;
    village.says(MARY, "NEXT").await;
    village.says(MARY, "no").await;
    for text in ["yes", "14", "skip", "03/05/1979", "gloves"] {
        village.says(JAMES, text).await;
    }
    expect![[r#"
        Mon 09h > Is the pump working?
        Mon 09h > Another questionnaire waits for you: Clinic survey. Finish this one first, or text NEXT to begin the other one now.
        Mon 09h yes
        Mon 09h > How many packs?
        Mon 09h NEXT
        Mon 09h > Is your clinic open?
        Mon 09h no
        Mon 09h > How many packs?
    "#]].assert_eq(&village.phone(MARY));
    expect![[r#"
        Mon 09h > Is the pump working?
        Mon 09h > Another questionnaire waits for you: Clinic survey. Finish this one first, or text NEXT to begin the other one now.
        Mon 09h yes
        Mon 09h > How many packs?
        Mon 09h 14
        Mon 09h > Since when?
        Mon 09h skip
        Mon 09h > Sorry, this one needs an answer. Text HELP if you cannot. Since when?
        Mon 09h 03/05/1979
        Mon 09h > What do you need?
        Mon 09h gloves
        Mon 09h > Thank you.
        Mon 09h > Is your clinic open?
    "#]].assert_eq(&village.phone(JAMES));
    expect![[r#"
        Mary Kollie, water [cancelled]: open = yes from "yes" (exact)
        James Doe, water [completed]: open = yes from "yes" (exact)
        James Doe, water [completed]: packs = 14 from "14" (exact)
        James Doe, water [completed]: since = 1979-05-03 from "03/05/1979" (exact)
        James Doe, water [completed]: wish = gloves from "gloves" (exact)
        Mary Kollie, clinic [waiting]: open = no from "no" (exact)
        James Doe, clinic [waiting]: nothing
    "#]]
    .assert_eq(&village.answers().await);
    assert_eq!(village.inbox().await, "");
    village.comes_to_rest().await;
}

// 10. Late is not lost.

#[tokio::test]
async fn a_late_reply_goes_on_where_the_run_was_over() {
    let mut village = Village::new().await;
    village.start(CLINIC, &[MARY]).await;
    village.after(4 * DAY).await;
    expect![[r#"
        1 messaged, 1 reached, 0 responded, 0 completed: 1 unresponsive
    "#]]
    .assert_eq(&village.campaign().await);
    village.says(MARY, "yes").await;
    expect![[r#"
        1 messaged, 1 reached, 1 responded, 0 completed: 1 started
    "#]]
    .assert_eq(&village.campaign().await);
    expect![[r#"
        Mon 09h > Is your clinic open?
        Tue 09h > We are still waiting for your answer. Reply STOP to end. Is your clinic open?
        Fri 09h yes
        Fri 09h > How many packs?
    "#]]
    .assert_eq(&village.phone(MARY));
    village.comes_to_rest().await;
}

#[tokio::test]
async fn two_parts_are_one_answer_and_the_same_text_twice_counts_once() {
    let mut village = Village::new().await;
    village.start(CLINIC, &[MARY]).await;
    village.says_in(MARY, "yes", 3).await;
    village.says(MARY, "yes").await;
    village.says(MARY, "14").await;
    village.says_in(MARY, "3 May", 4).await;
    village.says(MARY, "1979").await;
    village.says_in(MARY, "soap and", 4).await;
    village.says(MARY, "gloves").await;
    expect![[r#"
            Mary Kollie, clinic [completed]: open = yes from "yes" (exact)
            Mary Kollie, clinic [completed]: packs = 14 from "14" (exact)
            Mary Kollie, clinic [completed]: since = 1979-05-03 from "3 May 1979" (repaired)
            Mary Kollie, clinic [completed]: wish = soap and gloves from "soap and gloves" (repaired)
        "#]].assert_eq(&village.answers().await);
    assert_eq!(village.inbox().await, "");
    village.comes_to_rest().await;
}

// 11. Dispositions: everybody has one, and the funnel agrees with them.

#[tokio::test]
async fn everybody_has_the_word_that_fits_at_every_moment() {
    let mut village = Village::new().await;
    let everybody = [MARY, JAMES, KOU];
    village.start(CLINIC, &everybody).await;
    expect![[r#"
        3 messaged, 3 reached, 0 responded, 0 completed: 3 contacted
    "#]]
    .assert_eq(&village.campaign().await);
    village.says(MARY, "yes").await;
    expect![[r#"
        3 messaged, 3 reached, 1 responded, 0 completed: 2 contacted, 1 started
    "#]]
    .assert_eq(&village.campaign().await);
    for text in ["14", "03/05/1979", "skip"] {
        village.says(MARY, text).await;
    }
    village.says(JAMES, "stop").await;
    expect![[r#"
        3 messaged, 3 reached, 1 responded, 1 completed: 1 completed, 1 contacted, 1 refused
    "#]]
    .assert_eq(&village.campaign().await);
    village.says(MARY, "fix 2").await;
    expect![[r#"
        3 messaged, 3 reached, 1 responded, 0 completed: 1 contacted, 1 refused, 1 started
    "#]]
    .assert_eq(&village.campaign().await);
    village.says(MARY, "15").await;
    village.after(4 * DAY).await;
    expect![[r#"
        3 messaged, 3 reached, 1 responded, 1 completed: 1 completed, 1 refused, 1 unresponsive
    "#]]
    .assert_eq(&village.campaign().await);
    village.ask(Request::RetryCampaign { campaign: "campaign 1".to_owned() }).await;
    village.after(MINUTE).await;
    village.says(KOU, "no").await;
    expect![[r#"
        3 messaged, 3 reached, 2 responded, 1 completed: 1 completed, 1 refused, 1 started
    "#]]
    .assert_eq(&village.campaign().await);
    village.comes_to_rest().await;
    expect![[r#"
        3 messaged, 3 reached, 2 responded, 1 completed: 1 breakoff, 1 completed, 1 refused
    "#]]
    .assert_eq(&village.campaign().await);
}

// 12. Flows are data.

#[tokio::test]
async fn what_people_write_is_never_anything_but_text() {
    let mut village = Village::new().await;
    village.start(CLINIC, &[MARY]).await;
    village.says(MARY, "{contact.name} {open}").await;
    for text in ["yes", "14", "03/05/1979", "{packs}'; DROP TABLE answer; --"] {
        village.says(MARY, text).await;
    }
    expect![[r#"
        Mon 09h > Is your clinic open?
        Mon 09h {contact.name} {open}
        Mon 09h > Sorry, not understood: {contact.name} {open}. Is your clinic open?
        Mon 09h yes
        Mon 09h > How many packs?
        Mon 09h 14
        Mon 09h > Since when?
        Mon 09h 03/05/1979
        Mon 09h > What do you need?
        Mon 09h {packs}'; DROP TABLE answer; --
        Mon 09h > Thank you.
    "#]]
    .assert_eq(&village.phone(MARY));
    expect![[r#"
        Mary Kollie, clinic [completed]: open = yes from "yes" (exact)
        Mary Kollie, clinic [completed]: packs = 14 from "14" (exact)
        Mary Kollie, clinic [completed]: since = 1979-05-03 from "03/05/1979" (exact)
        Mary Kollie, clinic [completed]: wish = {packs}'; DROP TABLE answer; -- from "{packs}'; DROP TABLE answer; --" (exact)
    "#]].assert_eq(&village.answers().await);
    village.comes_to_rest().await;
}

#[tokio::test]
async fn what_nobody_asked_for_begins_the_flow_for_that_and_is_shown_to_the_office() {
    let mut village = Village::new().await;
    let welcome = CLINIC.replace("start_words: [CLINIC]", "starts_on_anything: true");
    village.publish(&welcome).await;
    village.says(STRANGER, "Good morning, who is this?").await;
    village.says(STRANGER, "yes").await;
    expect![[r#"
            Mon 09h Good morning, who is this?
            Mon 09h > Is your clinic open?
            Mon 09h yes
            Mon 09h > How many packs?
        "#]]
    .assert_eq(&village.phone(STRANGER));
    expect![[r#"
            "Good morning, who is this?": nobody had asked for it; `clinic` was begun
        "#]]
    .assert_eq(&village.inbox().await);
    village.comes_to_rest().await;
}

#[tokio::test]
async fn a_missed_call_begins_the_flow_and_asks_again_in_the_middle_of_it() {
    let mut village = Village::new().await;
    let clinic = CLINIC.replace("start_words: [CLINIC]", "missed_call_starts: sms");
    village.publish(&clinic).await;
    village.after(MINUTE).await;
    village.flashes(STRANGER).await;
    village.says(STRANGER, "yes").await;
    village.after(HOUR).await;
    village.flashes(STRANGER).await;
    village.says(STRANGER, "14").await;
    expect![[r#"
        Mon 09h > Is your clinic open?
        Mon 09h yes
        Mon 09h > How many packs?
        Mon 10h > How many packs?
        Mon 10h 14
        Mon 10h > Since when?
    "#]]
    .assert_eq(&village.phone(STRANGER));
    village.comes_to_rest().await;
}
