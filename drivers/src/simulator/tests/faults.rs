//! What goes wrong with modems, struck by hand and drawn from the seed.

use super::*;

const MINUTE: Duration = Duration::from_secs(60);

fn ready(people: Vec<PersonPlan>) -> Desk {
    let mut desk = Desk::with(people);
    desk.set_up();
    desk
}

impl Desk {
    fn strike(&mut self, fault: Fault) {
        self.country.strike(self.now, FIRST, fault);
        self.collect();
    }

    fn told(&self) -> Vec<Told> {
        let mut all = Vec::new();
        for happening in &self.truth {
            if let What::Accepted { told, .. } = &happening.what {
                all.push(*told);
            }
        }
        all
    }
}

#[test]
fn bytes_are_lost_and_strewn_on_the_way_from_the_modem_for_a_while() {
    for fault in [
        Fault::BytesLost { share: PerMille(200), lasting: MINUTE },
        Fault::Garbage { share: PerMille::ALWAYS, lasting: MINUTE },
    ] {
        let mut desk = ready(Vec::new());
        desk.strike(fault);
        let spoilt = (0..20).filter(|_| desk.ask("AT") != "\r\nOK\r\n").count();
        assert!(spoilt > 10, "{fault:?}: {spoilt}");
        desk.wait(MINUTE);
        assert_eq!(desk.ask("AT"), "\r\nOK\r\n");
    }
}

#[test]
fn a_modem_that_hangs_in_a_send_never_says_that_the_network_took_it() {
    let mut desk = ready(vec![mary(Temperament::ReadsOnly)]);
    desk.strike(Fault::HangInSend { lasting: MINUTE });
    assert_eq!(desk.ask("AT"), "\r\nOK\r\n", "it works until then");
    assert_eq!(desk.send(MARY, "hello"), "\r\n> ");
    assert_eq!(desk.ask("AT"), "");
    desk.wait(MINUTE);
    desk.said();
    assert_eq!(desk.ask("AT"), "\r\nOK\r\n");
    assert_eq!(desk.told(), [Told::No]);
    let delivered = |what: &&What| matches!(what, What::Delivered { .. });
    assert_eq!(desk.whats().into_iter().filter(delivered).count(), 1);
}

#[test]
fn a_lost_result_is_the_next_one_and_no_other() {
    let mut desk = ready(vec![mary(Temperament::ReadsOnly)]);
    desk.strike(Fault::ResultLost);
    assert_eq!(desk.send(MARY, "one"), "\r\n> ");
    assert!(desk.send(MARY, "two").contains("\r\n+CMGS: 2\r\n\r\nOK\r\n"));
    assert_eq!(desk.told(), [Told::No, Told::Yes]);
}

#[test]
fn a_port_that_is_gone_is_back_and_the_modem_starts() {
    let mut desk = ready(Vec::new());
    desk.strike(Fault::PortGone { lasting: MINUTE });
    assert_eq!(desk.country.poll_port(), Some((FIRST, Port::Gone)));
    assert_eq!(desk.ask("AT"), "");
    desk.wait(MINUTE);
    assert_eq!(desk.country.poll_port(), Some((FIRST, Port::Back)));
    desk.wait(MINUTE);
    assert_eq!(desk.said(), "\r\nRDY\r\n");
}

#[test]
fn a_storage_that_lies_tells_each_of_its_lies_in_turn() {
    let mut desk = ready(Vec::new());
    desk.strike(Fault::StorageLies { lasting: MINUTE * 60 });
    for text in ["one", "two", "three", "four"] {
        desk.country.person_says(desk.now, MARY, "+231770000001", text);
        desk.wait(MINUTE);
    }
    let said = desk.said();
    for told in ["\"ME\",1", "\"SM\",-1", "\"SM\",4"] {
        assert!(said.contains(&format!("+CMTI: {told}")), "{told}: {said}");
    }
    assert_eq!(said.matches("+CMTI").count(), 3, "one was not told at all");
    assert!(desk.ask("AT+CPMS?").contains("\"SM\",0,30"));
    let mut counts: Vec<usize> =
        (0..3).map(|_| desk.ask("AT+CMGL=4").matches("+CMGL").count()).collect();
    counts.sort_unstable();
    assert_eq!(counts, [0, 4, 8]);
    desk.wait(MINUTE * 60);
    assert_eq!(desk.ask("AT+CMGL=4").matches("+CMGL").count(), 4);
}

#[test]
fn a_message_that_was_deleted_while_storage_lied_may_still_be_there() {
    let mut desk = ready(Vec::new());
    desk.country.person_says(desk.now, MARY, "+231770000001", "hello");
    desk.wait(MINUTE);
    desk.said();
    desk.strike(Fault::StorageLies { lasting: MINUTE });
    let kept = (0..2).filter(|_| {
        assert_eq!(desk.ask("AT+CMGD=1"), "\r\nOK\r\n");
        desk.ask("AT+CMGR=1").contains("+CMGR: ")
    });
    assert_eq!(kept.count(), 1);
}

#[test]
fn floods_words_and_slow_prompts_last_as_long_as_they_were_told_to() {
    let mut desk = ready(Vec::new());
    desk.strike(Fault::Flood { lines: 300 });
    assert_eq!(desk.said().matches("^RSSI:").count(), 300);
    desk.strike(Fault::VerboseErrors { lasting: MINUTE });
    assert_eq!(desk.ask("AT+CMGR=9"), "\r\n+CMS ERROR: invalid memory index\r\n");
    assert_eq!(desk.ask("AT+NONSENSE"), "\r\n+CME ERROR: unknown\r\n");
    desk.wait(MINUTE);
    assert_eq!(desk.ask("AT+CMGR=9"), "\r\n+CMS ERROR: 321\r\n");
    desk.strike(Fault::SlowPrompts { by: Duration::from_secs(4), lasting: MINUTE });
    assert_eq!(desk.ask("AT+CMGS=23"), "");
    desk.wait(Duration::from_secs(4));
    assert_eq!(desk.said(), "\r\n> ");
}

#[test]
fn the_seed_draws_when_things_go_wrong_until_they_are_ended() {
    let struck = |seed| {
        let faults = Fault::EACH.map(|fault| fault.times_a_day(6)).into();
        let modems = vec![ModemPlan { faults, ..quick_modem(1) }];
        let mut desk = Desk::at(Plan { modems, ..Plan::default() }, seed);
        desk.hours(48);
        let before = desk.truth.len();
        desk.country.end_faults();
        desk.hours(48);
        assert_eq!(desk.truth.len(), before);
        desk.truth
    };
    let first = struck(1);
    let names = |name: &str| {
        let is =
            |what: &Happening| matches!(&what.what, What::Struck { fault, .. } if *fault == name);
        first.iter().filter(|what| is(what)).count()
    };
    for fault in Fault::EACH {
        assert!((7..=24).contains(&names(fault.name())), "{}", fault.name());
    }
    assert_eq!(first, struck(1));
    assert_ne!(first, struck(2));
}
