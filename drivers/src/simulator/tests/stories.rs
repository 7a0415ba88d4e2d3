//! What the network and people do, as far as a computer at a modem can make them.

use super::*;

#[test]
fn nobody_has_the_number_and_the_report_says_so() {
    let mut desk = Desk::with(vec![PersonPlan::new(MARY, Temperament::DoesNotExist)]);
    desk.set_up();
    desk.send(MARY, "hello");
    desk.hours(1);
    let [_, What::Undelivered { status, .. }, What::Reported { status: told, .. }] =
        desk.whats()[..]
    else {
        panic!("{:?}", desk.truth)
    };
    assert_eq!((*status, *told), (NOT_OBTAINABLE, NOT_OBTAINABLE));
}

#[test]
fn a_phone_that_is_off_gets_its_message_when_it_is_on() {
    let off = Temperament::OffUntil(Duration::from_secs(5 * 3_600));
    let mut desk = Desk::with(vec![mary(off)]);
    desk.set_up();
    desk.send(MARY, "What is your full name?");
    desk.hours(4);
    assert_eq!(desk.truth.len(), 1);
    desk.hours(2);
    assert_eq!(desk.said_by_people(), ["Mary Kollie"]);
}

#[test]
fn a_phone_that_stays_off_makes_the_message_expire() {
    let mut desk = Desk::with(vec![mary(Temperament::NeverOn)]);
    desk.set_up();
    desk.send(MARY, "What is your full name?");
    desk.hours(4 * 24);
    assert!(desk.whats().contains(&&What::Undelivered { to: String::from(MARY), status: EXPIRED }));
    assert!(desk.said().contains("+CDSI"));
}

#[test]
fn people_go_as_far_as_their_temperament() {
    let cases = [
        (Temperament::Completes, vec!["yes", "1", "yes", "Mary Kollie"]),
        (Temperament::StopsAfter(1), vec!["yes", "yes"]),
        (Temperament::ReadsOnly, vec![]),
        (Temperament::SaysStop { after: 1 }, vec!["yes", "STOP"]),
        (Temperament::Echoes(String::from("I am away")), vec!["I am away"; 5]),
    ];
    for (temperament, expected) in cases {
        let mut desk = Desk::with(vec![mary(temperament)]);
        desk.set_up();
        let texts = [
            "Do you work for the Ministry of Health?",
            "WHAT KIND of staff are you?",
            "Do you work for the Ministry of Health?",
            "What is your full name?",
            "Thank you.",
        ];
        for text in texts {
            desk.send(MARY, text);
            desk.hours(1);
        }
        assert_eq!(desk.said_by_people(), expected);
    }
}

#[test]
fn who_mistypes_says_it_right_when_asked_again() {
    let mut person = mary(Temperament::Completes);
    person.habits.mistypes = PerMille::ALWAYS;
    let mut desk = Desk::with(vec![person]);
    desk.set_up();
    for text in ["What kind of staff are you?", "Sorry, not understood."] {
        desk.send(MARY, text);
        desk.hours(1);
    }
    assert_eq!(desk.said_by_people()[1..], ["1"]);
}

#[test]
fn an_answer_of_several_words_may_come_in_two_messages() {
    let mut person = mary(Temperament::Completes);
    person.habits.in_two = PerMille::ALWAYS;
    let mut desk = Desk::with(vec![person]);
    desk.set_up();
    desk.send(MARY, "What is your full name?");
    desk.hours(1);
    assert_eq!(desk.said_by_people(), ["Mary", "Kollie"]);
}

#[test]
fn a_long_question_is_read_whole_and_a_long_answer_comes_in_parts() {
    let story = "I was there. ".repeat(20);
    let person = PersonPlan::new(MARY, Temperament::Completes).says("the end?", &story);
    let mut desk = Desk::with(vec![person]);
    desk.set_up();
    desk.send(MARY, &format!("{} Is this the end?", "So it began. ".repeat(15)));
    desk.hours(1);
    assert_eq!(desk.said_by_people(), [story.as_str()]);
    let parts = |what: &&What| matches!(what, What::Received { .. });
    assert_eq!(desk.whats().into_iter().filter(parts).count(), 2);
}

#[test]
fn twins_come_twice_and_lost_results_are_not_told() {
    let network = NetworkPlan {
        rates: Rates {
            twin: PerMille::ALWAYS,
            lost_result: PerMille::ALWAYS,
            lost_report: PerMille::ALWAYS,
            ..Rates::default()
        },
        ..NetworkPlan::default()
    };
    let people = vec![mary(Temperament::Completes)];
    let mut desk =
        Desk::at(Plan { modems: vec![quick_modem(1)], network, people, ..Plan::default() }, 3);
    desk.set_up();
    assert_eq!(desk.send(MARY, "What kind?"), "\r\n> ");
    desk.hours(1);
    assert_eq!(desk.said(), "\r\n+CMTI: \"SM\",1\r\n\r\n+CMTI: \"SM\",2\r\n");
    let (first, second) = (desk.ask("AT+CMGR=1"), desk.ask("AT+CMGR=2"));
    assert_eq!(first, second);
}

#[test]
fn one_seed_tells_one_story() {
    let story = |seed| {
        let rates = Rates {
            refused: PerMille(100),
            causes: vec![38, 42, 332],
            lost_report: PerMille(200),
            late_report: PerMille(200),
            twin: PerMille(200),
            ..Rates::default()
        };
        let network = NetworkPlan { rates, ..NetworkPlan::default() };
        let people = (1..=9).map(|nth| {
            let number = format!("+23188000000{nth}");
            let mut person = PersonPlan { number, ..mary(Temperament::Completes) };
            person.habits.mistypes = PerMille(300);
            person
        });
        let people = people.collect();
        let modems = vec![ModemPlan::numbered(1)];
        let mut desk = Desk::at(Plan { modems, network, people, pace: Pace::Real }, seed);
        desk.set_up();
        for nth in 1..=9 {
            desk.send(&format!("+23188000000{nth}"), "What kind of staff are you?");
        }
        desk.hours(24);
        (desk.truth, desk.heard)
    };
    assert_eq!(story(1), story(1));
    assert_ne!(story(1), story(2));
}

#[test]
fn numbers_for_trying_by_hand_answer_by_their_last_digit() {
    let mut desk = Desk::with(Vec::new());
    desk.set_up();
    for (number, says) in [("+231777000001", 1), ("+231777000003", 0), ("0777000009", 0)] {
        desk.truth.clear();
        desk.send(number, "Do you work there? Reply yes or no.");
        desk.hours(1);
        assert_eq!(desk.said_by_people().len(), says, "{number}");
    }
}

#[test]
fn a_fast_country_answers_within_a_second() {
    let people = vec![mary(Temperament::OffUntil(Duration::from_secs(86_400)))];
    let modems = vec![quick_modem(1)];
    let mut desk = Desk::at(Plan { modems, people, pace: Pace::Fast, ..Plan::default() }, 1);
    desk.set_up();
    desk.write(b"AT+CMGS=19\r");
    let piece = split("Full name?", 0, ReferenceWidth::Eight).expect("short").remove(0);
    let pdu = Submit::new(Address::parse(MARY).expect("a number"), piece).encode();
    desk.write(format!("\x1BAT+CMGS={}\r{}\x1A", pdu.tpdu_len, pdu.hex()).as_bytes());
    desk.wait(Duration::from_secs(1));
    assert_eq!(desk.said_by_people(), ["Mary Kollie"]);
}

#[test]
fn a_result_may_come_late_and_a_refusal_tells_its_cause() {
    let cases = [
        (Rates { late_result: PerMille::ALWAYS, ..Rates::default() }, "+CMGS: 1"),
        (Rates { timed_out: PerMille::ALWAYS, ..Rates::default() }, "+CMS ERROR: 332"),
        (Rates { refused: PerMille::ALWAYS, ..Rates::default() }, "+CMS ERROR: 38"),
    ];
    for (rates, says) in cases {
        let late = rates.late_result == PerMille::ALWAYS;
        let network = NetworkPlan { rates, ..NetworkPlan::default() };
        let people = vec![mary(Temperament::ReadsOnly)];
        let modems = vec![quick_modem(1)];
        let mut desk = Desk::at(Plan { modems, network, people, pace: Pace::Real }, 1);
        desk.set_up();
        assert_eq!(desk.send(MARY, "hello").contains(says), !late, "{says}");
        desk.wait(Duration::from_secs(250));
        assert_eq!(desk.said().contains(says), late, "{says}");
    }
}
