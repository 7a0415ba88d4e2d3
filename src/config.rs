//! `rollcall.yaml`: the office's settings. Every key has a default; every problem is named.

use crate::flow::fields::{self, Fields, Problems, text_of, texts, whole};
use crate::flow::problem::{Place, Problem, Severity};
use crate::flow::tree::{self, Content, Node};
use crate::model::{Language, Pace, PhoneNumber, Region};
use crate::switchboard::{
    ChannelSettings, DraftVoice, Find, Prices, QuietHours, Roaming, Settings,
};
use jiff::civil::Time;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// Reads the settings file.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(source: &str) -> Result<Settings, Vec<Problem>> {
    let root = tree::parse(source).map_err(|problem| vec![problem])?;
    let mut problems = Problems::default();
    let settings = settings(&root, &mut problems);
    let problems = problems.into_sorted();
    match settings {
        Some(settings) if problems.iter().all(|p| p.severity == Severity::Warning) => Ok(settings),
        _ => Err(problems),
    }
}

fn settings(root: &Node, problems: &mut Problems) -> Option<Settings> {
    let mut top = Fields::of(root, "The settings", problems)?;
    let mut settings = office(top.take("office"), problems)?;
    if let Some(node) = top.take("quiet_hours") {
        settings.quiet_hours = quiet_hours(node, problems);
    }
    if let Some(node) = top.take("uncertain_wait") {
        let wait = fields::duration(node, "uncertain_wait", problems);
        settings.uncertain_wait = wait.unwrap_or(settings.uncertain_wait);
    }
    if let Some(node) = top.take("move_after") {
        settings.move_after = match node.text() {
            Some("never") => None,
            _ => fields::duration(node, "move_after", problems).or(settings.move_after),
        };
    }
    if let Some(node) = top.take("reading_time") {
        let time = fields::duration(node, "reading_time", problems);
        settings.reading_time = time.or(settings.reading_time);
    }
    if let Some(node) = top.take("budget_per_hour") {
        let budget = whole(node, "budget_per_hour", (1, 10_000), problems);
        settings.budget_per_hour = budget.unwrap_or(settings.budget_per_hour);
    }
    if let Some(node) = top.take("draft_voice") {
        settings.draft_voice = draft_voice(node, problems);
    }
    if let Some(node) = top.take("prices") {
        settings.prices = prices(node, problems);
    }
    if let Some(node) = top.take("channels") {
        settings.channels = channels(node, settings.region, problems);
    }
    top.finish(problems);
    Some(settings)
}

fn office(node: Option<&Node>, problems: &mut Problems) -> Option<Settings> {
    let mut fields = node.and_then(|node| Fields::of(node, "`office`", problems));
    let mut text = |name| fields.as_mut().and_then(|fields| fields.text(name, problems));
    text("name");
    let country = text("country").unwrap_or("LR");
    let zone = text("time_zone").unwrap_or("Africa/Monrovia");
    let languages = fields.as_mut().and_then(|fields| fields.take("languages"));
    let languages = languages.map(|node| texts(node, "languages", problems)).unwrap_or_default();
    let at = fields.as_ref().map_or(Place::START, Fields::place);
    if let Some(fields) = fields {
        fields.finish(problems);
    }
    let region = Region::new(country);
    if region.is_none() {
        let problem = Problem::error("F060", at, format!("`{country}` is no country."));
        problems.add(problem.help("Write two letters, like `country: LR`."));
    }
    let found = TimeZone::get(zone);
    if found.is_err() {
        let problem = Problem::error("F061", at, format!("There is no time zone `{zone}`."));
        problems.add(problem.help("Write it like `time_zone: Africa/Monrovia`."));
    }
    let mut settings = Settings::new(region?, found.ok()?);
    if !languages.is_empty() {
        settings.languages = languages.into_iter().map(Language::new).collect();
    }
    Some(settings)
}

fn quiet_hours(node: &Node, problems: &mut Problems) -> Option<QuietHours> {
    if node.text() == Some("none") {
        return None;
    }
    let mut fields = Fields::of(node, "`quiet_hours`", problems)?;
    let mut time = |name| {
        let text = fields.need(name, problems).and_then(|node| text_of(node, name, problems))?;
        Time::strptime("%H:%M", text.trim()).ok()
    };
    let (from, to) = (time("from"), time("to"));
    fields.finish(problems);
    if from.is_none() || to.is_none() {
        let problem = Problem::error("F062", node.place, "Quiet hours need two times.");
        problems
            .add(problem.help("Write `quiet_hours: {from: \"20:00\", to: \"08:00\"}`, or `none`."));
    }
    Some(QuietHours { from: from?, to: to? })
}

fn prices(node: &Node, problems: &mut Problems) -> Option<Prices> {
    let mut fields = Fields::of(node, "`prices`", problems)?;
    let currency = fields.text("currency", problems).unwrap_or("USD").to_owned();
    let per_sms = fields.need("per_sms", problems).and_then(|node| price(node, problems));
    let mut operators = BTreeMap::new();
    if let Some(node) = fields.take("operators") {
        let Content::Map(pairs) = &node.content else {
            problems.add(no_price(node, "`operators` must name operators and their prices."));
            return None;
        };
        for (key, node) in pairs {
            operators.extend(price(node, problems).map(|price| (key.name.clone(), price)));
        }
    }
    fields.finish(problems);
    Some(Prices { currency, per_sms: per_sms?, operators })
}

fn price(node: &Node, problems: &mut Problems) -> Option<f64> {
    let price = node.text().and_then(|text| text.trim().parse::<f64>().ok());
    let price = price.filter(|price| (0.0..10_000.0).contains(price));
    if price.is_none() {
        problems.add(no_price(node, "This is no price of a message."));
    }
    price
}

fn no_price(node: &Node, message: &str) -> Problem {
    let help = "Write `prices: {currency: USD, per_sms: 0.02, operators: {orange-lr: 0.03}}`.";
    Problem::error("F010", node.place, message).help(help)
}

fn channels(node: &Node, region: Region, problems: &mut Problems) -> Vec<ChannelSettings> {
    let Content::List(items) = &node.content else {
        let message = "`channels` must be a list: each begins with `- name:`.";
        problems.add(Problem::error("F010", node.place, message));
        return Vec::new();
    };
    let mut found: Vec<ChannelSettings> = Vec::new();
    for item in items {
        let Some(channel) = channel(item, region, problems) else { continue };
        if found.iter().any(|other| other.name == channel.name) {
            let message = format!("Two channels are called `{}`.", channel.name);
            problems.add(Problem::error("F063", item.place, message));
        }
        found.push(channel);
    }
    found
}

fn channel(node: &Node, region: Region, problems: &mut Problems) -> Option<ChannelSettings> {
    let mut fields = Fields::of(node, "A channel", problems)?;
    let name = fields.need("name", problems).and_then(|node| text_of(node, "name", problems));
    let find = fields.take("modem").map_or(Some(Find::Auto), |node| modem(node, problems));
    let audio = fields.text("audio", problems).map(|port| port.trim().to_owned());
    let number = fields.text("number", problems);
    let operator = fields.text("operator", problems).map(str::to_owned);
    let pin = fields.text("pin", problems).map(str::to_owned);
    let balance = fields.text("balance", problems).map(str::to_owned);
    let calls = fields.take("calls").map_or(Some(false), |node| calls(node, problems));
    let pace = fields.take("pace").map_or(Some(Pace::SAFE), |node| pace(node, problems));
    let centre = fields.take("service_centre");
    let service_centre = centre.map(|node| service_centre(node, problems));
    let rule = fields.take("roaming");
    let roaming = rule.map_or(Some(Roaming::default()), |node| roaming(node, problems));
    fields.finish(problems);
    let parsed = number.map(|number| PhoneNumber::parse(number, region));
    if let Some(Err(why)) = &parsed {
        problems.add(Problem::error("F064", node.place, format!("The channel's number: {why}.")));
    }
    Some(ChannelSettings {
        name: name?.to_owned(),
        find: find?,
        pin,
        number: parsed.and_then(Result::ok).map(|number| number.e164().to_owned()),
        operator,
        pace: pace?,
        service_centre: service_centre.flatten(),
        roaming: roaming?,
        balance,
        calls: calls?,
        audio,
    })
}

/// A number as the operator writes it, with its country: `+231770000099`.
fn service_centre(node: &Node, problems: &mut Problems) -> Option<String> {
    let number: String =
        node.text().unwrap_or_default().chars().filter(|c| !c.is_whitespace()).collect();
    let digits = number.strip_prefix('+').unwrap_or_default();
    if (5..=20).contains(&digits.len()) && digits.bytes().all(|c| c.is_ascii_digit()) {
        return Some(number);
    }
    let problem = Problem::error("F066", node.place, "This is no number of a service centre.");
    problems.add(problem.help(
        "Write it with its country, as the operator says it: `service_centre: \"+231770000099\"`.",
    ));
    None
}

fn draft_voice(node: &Node, problems: &mut Problems) -> DraftVoice {
    match node.text() {
        Some("espeak-ng") => DraftVoice::Espeak,
        Some("spelt") => DraftVoice::Spelt,
        Some("none") => DraftVoice::Nobody,
        Some(_) | None => {
            let message = "`draft_voice` says who speaks in calls where nothing is recorded.";
            let problem = Problem::error("F069", node.place, message);
            problems.add(
                problem.help(
                    "Write `espeak-ng`, `none`, or `spelt`, which simulated people understand.",
                ),
            );
            DraftVoice::default()
        }
    }
}

fn calls(node: &Node, problems: &mut Problems) -> Option<bool> {
    match node.text() {
        Some("yes") => Some(true),
        Some("no") => Some(false),
        Some(_) | None => {
            let message = "`calls` says whether the channel makes calls.";
            let problem = Problem::error("F068", node.place, message);
            problems.add(problem.help("Write `calls: yes` or `calls: no`."));
            None
        }
    }
}

fn roaming(node: &Node, problems: &mut Problems) -> Option<Roaming> {
    match node.text() {
        Some("send") => Some(Roaming::Send),
        Some("receive_only") => Some(Roaming::ReceiveOnly),
        Some(_) | None => {
            let message = "`roaming` says what the channel does in another network than its own.";
            let problem = Problem::error("F067", node.place, message);
            problems.add(problem.help("Write `roaming: send` or `roaming: receive_only`."));
            None
        }
    }
}

fn modem(node: &Node, problems: &mut Problems) -> Option<Find> {
    if node.text() == Some("auto") {
        return Some(Find::Auto);
    }
    let mut fields = Fields::of(node, "`modem`", problems)?;
    let imei = fields.text("imei", problems).map(|imei| Find::ByImei(imei.trim().to_owned()));
    let port = fields.text("port", problems).map(|port| Find::ByPort(port.trim().to_owned()));
    fields.finish(problems);
    let found = imei.or(port);
    if found.is_none() {
        let problem = Problem::error("F065", node.place, "This says not which modem.");
        problems.add(problem.help("Write {imei: \"…\"}, {port: /dev/ttyUSB2} or auto."));
    }
    found
}

fn pace(node: &Node, problems: &mut Problems) -> Option<Pace> {
    if node.text() == Some("unlimited") {
        return Some(Pace::UNLIMITED);
    }
    let mut fields = Fields::of(node, "`pace`", problems)?;
    let mut limit = |name, usual: Option<u32>| {
        let node = fields.take(name);
        node.map_or(usual, |node| whole(node, name, (1, 1_000_000), problems))
    };
    let pace = Pace {
        per_minute: limit("per_minute", Pace::SAFE.per_minute),
        per_hour: limit("per_hour", Pace::SAFE.per_hour),
        per_day: limit("per_day", Pace::SAFE.per_day),
    };
    fields.finish(problems);
    Some(pace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_of_a_new_office_can_be_read() {
        let settings = read(include_str!("cli/init/rollcall.yaml")).expect("the template is right");
        assert_eq!(settings.channels[0].find, Find::Auto);
        assert_eq!(settings.quiet_hours, Settings::new(settings.region, TimeZone::UTC).quiet_hours);
    }

    #[test]
    fn a_channel_says_its_service_centre_and_what_it_does_elsewhere() {
        let source = "channels:\n- name: a\n  service_centre: \"+231 770 000 099\"\n  \
                      roaming: receive_only\n  balance: \"*124#\"\n  audio: /dev/ttyUSB1\n- name: b\n";
        let settings = read(source).expect("it is right");
        assert_eq!(settings.channels[0].service_centre.as_deref(), Some("+231770000099"));
        assert_eq!(settings.channels[0].roaming, Roaming::ReceiveOnly);
        assert_eq!(settings.channels[0].balance.as_deref(), Some("*124#"));
        assert_eq!(settings.channels[0].audio.as_deref(), Some("/dev/ttyUSB1"));
        assert_eq!(settings.channels[1], ChannelSettings::new("b", Find::Auto));
        let wrong = "channels:\n- name: a\n  service_centre: 0770000099\n  roaming: never\n";
        let codes: Vec<&str> =
            read(wrong).expect_err("it is wrong").iter().map(|p| p.code).collect();
        assert_eq!(codes, ["F066", "F067"]);
    }

    #[test]
    fn prices_are_numbers_by_operator() {
        let source = "prices: {currency: LRD, per_sms: 3.5, operators: {orange-lr: 4}}\n";
        let prices = read(source).expect("it is right").prices.expect("there are prices");
        assert_eq!((prices.currency.as_str(), prices.per_sms), ("LRD", 3.5));
        assert_eq!(prices.operators.get("orange-lr"), Some(&4.0));
        let problems = read("prices: {per_sms: cheap, operators: {a: -1}}\n").expect_err("wrong");
        assert_eq!(problems.iter().map(|p| p.code).collect::<Vec<_>>(), ["F010", "F010"]);
    }

    #[test]
    fn messages_move_after_half_an_hour_or_as_long_as_the_office_says_or_never() {
        let after = |source: &str| read(source).expect("it is right").move_after;
        assert_eq!(after("quiet_hours: none\n").map(|time| time.as_secs()), Some(1_800));
        assert_eq!(after("move_after: 2 hours\n").map(|time| time.as_secs()), Some(7_200));
        assert_eq!(after("move_after: never\n"), None);
        let problems = read("move_after: soon\n").expect_err("it is no time");
        assert_eq!(problems[0].code, "F014");
    }

    #[test]
    fn all_that_is_wrong_is_named_at_once() {
        let problems =
            read("office: {country: XX}\nqiet_hours: none\nchannels:\n- name: a\n  pace: fast\n");
        let codes: Vec<&str> = problems.expect_err("it is wrong").iter().map(|p| p.code).collect();
        assert_eq!(codes, ["F060"]);
        let problems = read("qiet_hours: none\nchannels:\n- name: a\n  modem: {prt: x}\n");
        let shown: Vec<String> =
            problems.expect_err("it is wrong").iter().map(|p| p.message.clone()).collect();
        assert_eq!(shown.len(), 3, "{shown:?}");
    }
}
