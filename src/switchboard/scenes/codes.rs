//! Codes such as `*124#`: who asked is told, whatever becomes of the modem.

use super::*;
use rollcall_drivers::modem::{NoAnswer, UssdNews};

fn dial(channel: Option<&str>) -> Request {
    let channel = channel.map(str::to_owned);
    Request::DialCode { channel, code: "*124#".to_owned(), written: None }
}

impl Scene {
    /// A request whose reply comes later.
    fn asks_network(&mut self, request: Request, ticket: u64) -> Vec<Reply> {
        self.happens(vec![Event::Request(request, ReplyTo(ticket))])
    }

    fn network_says(&mut self, news: UssdNews) -> Vec<Reply> {
        self.happens(vec![Event::Modem(modem_no(1), modem::Event::Ussd(news))])
    }
}

fn text_of(replies: &[Reply]) -> String {
    match replies {
        [Reply::NetworkSays { text, waits_for_reply: true, .. }] => format!("{text} ?"),
        [Reply::NetworkSays { text, .. }] => text.clone(),
        [Reply::Refused { words } | Reply::NotFound { words } | Reply::Done { words }] => {
            words.clone()
        }
        other => format!("{other:?}"),
    }
}

#[test]
fn who_dials_a_code_gets_the_networks_answer_and_nobody_else_does() {
    let mut scene = Scene::new();
    assert_eq!(scene.asks_network(dial(None), 7), []);
    let busy = scene.asks_network(dial(Some("stick-1")), 8);
    assert!(text_of(&busy).contains("another code is under way"), "{busy:?}");
    let won = scene.network_says(UssdNews::Unasked { text: "You have won".to_owned() });
    assert_eq!(won, []);
    let menu = scene.network_says(UssdNews::Menu { text: "1 Balance".to_owned() });
    assert_eq!(text_of(&menu), "1 Balance ?");
    let reply = Request::ReplyToMenu { channel: None, text: "1".to_owned() };
    assert_eq!(scene.asks_network(reply, 9), []);
    let answer = scene.network_says(UssdNews::Answer { text: "1.50 USD".to_owned() });
    assert_eq!(text_of(&answer), "1.50 USD");
    expect_test::expect![[r#"
        Mon 09:00:00  stick 1 dials *124#
        Mon 09:00:00  stick-1: the network says: You have won
        Mon 09:00:00  stick 1 replies 1
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn who_waits_for_a_code_is_told_when_the_modem_is_gone() {
    let mut scene = Scene::new();
    assert_eq!(scene.asks_network(dial(None), 7), []);
    let gone = scene.happens(vec![Event::Gone(modem_no(1))]);
    assert!(text_of(&gone).contains("Nobody knows whether the network has done it"), "{gone:?}");
    let none = scene.asks_network(dial(None), 8);
    assert!(text_of(&none).contains("no modem carries it"), "{none:?}");
}

#[test]
fn a_menu_that_ends_by_itself_is_told_to_the_log() {
    let mut scene = Scene::with(2, |_| {});
    let which = scene.asks_network(dial(None), 7);
    assert_eq!(text_of(&which), "Say by which channel, with --channel: stick-1, stick-2.");
    assert_eq!(text_of(&scene.asks_network(dial(Some("x")), 7)), "There is no channel `x`.");
    assert_eq!(scene.asks_network(dial(Some("stick-1")), 7), []);
    scene.network_says(UssdNews::Menu { text: "1 Balance".to_owned() });
    assert_eq!(scene.network_says(UssdNews::Over(NoAnswer::EndedByNetwork)), []);
    assert!(scene.story().contains("the code that was dialled: the network ended it"));
    let end = Request::EndCode { channel: Some("stick-1".to_owned()) };
    assert_eq!(text_of(&scene.asks_network(end, 8)), "What was under way is ended.");
}
