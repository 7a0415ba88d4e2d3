//! Tables of replies: what each kind of question makes of them, in three languages.
//!
//! `?` means asked back, `~x` means proposed. Every row is something that people text.

use super::*;
use crate::flow;
use crate::model::Region;
use proptest::prelude::*;

fn staff_validation() -> Flow {
    let source = include_str!("../../../flows/staff-validation.yaml");
    let places = include_str!("../../../flows/lists/places.csv").to_owned();
    let (beside, problems) =
        flow::Beside::of(&BTreeMap::from([("lists/places.csv".to_owned(), places)]));
    assert_eq!(problems, []);
    let (flow, problems) = flow::read(source, &beside);
    assert!(problems.is_empty(), "{problems:?}");
    flow.expect("the shipped flow is right")
}

fn today() -> Today {
    Today {
        date: jiff::civil::date(2026, 11, 24),
        region: Region::new("LR").expect("LR is a country"),
    }
}

fn check(question: &str, language: &str, rows: &[(&str, &str)]) {
    let flow = staff_validation();
    let margibi =
        Value::Place(crate::model::Place { code: "margibi".into(), name: "Margibi".into() });
    let earlier = BTreeMap::from([(
        "county".to_owned(),
        Answer {
            question: "county".into(),
            value: Some(margibi),
            heard: "m".into(),
            how: crate::model::How::Exact,
        },
    )]);
    let question = flow.question(question).expect("the question exists");
    let mut wrong = Vec::new();
    let language = Language::new(language);
    for (reply, expected) in rows {
        let asked = Asked { flow: &flow, question, language: &language, earlier: &earlier };
        let reading = read_reply(&asked, reply, today());
        let found = match (&reading.value, &reading.proposal) {
            (Some(value), _) => value.to_text(),
            (None, Some(proposal)) => format!("~{}", proposal.to_text()),
            (None, None) => "?".to_owned(),
        };
        if found != *expected {
            wrong.push(format!("{reply:?} should be {expected} and is {found}"));
        }
    }
    assert!(wrong.is_empty(), "{} in {language}:\n{}", question.id, wrong.join("\n"));
}

#[test]
#[rustfmt::skip]
fn yes_and_no_in_english() {
    check("consent", "en", &[
        ("yes", "yes"), ("Yes.", "yes"), ("YESS", "yes"), ("yesss", "yes"), ("y", "yes"),
        ("okay", "yes"), ("ok", "yes"), ("Yes I do", "yes"), ("1", "yes"), ("yes 1", "yes"),
        ("sure", "yes"), ("ya", "yes"), ("yeah boss", "yes"), ("Yes, Mary Kollie", "yes"),
        ("of course yes", "yes"), ("correct", "yes"), ("i do", "yes"), ("yes we have", "yes"),
        ("no", "no"), ("NO!", "no"), ("nope", "no"), ("noo", "no"), ("2", "no"), ("n", "no"),
        ("No I don't", "no"), ("no, I am on leave", "no"), ("not yet", "no"), ("2 no", "no"),
        ("No, not me", "no"), ("never", "no"), ("1/2", "?"), ("1 or 2", "?"), ("yes no", "?"),
        ("not yes", "?"), ("No, not yes", "?"), ("yes or no", "?"), ("maybe", "?"), ("3", "?"),
        ("no 1", "?"), ("yes but not every day", "?"), ("?", "?"), ("idk", "?"), ("", "?"),
        ("who is this", "?"), ("no problem", "?"), ("sometimes yes", "?"), ("I don't know", "?"),
        ("yes?", "?"), ("banana", "?"), ("why not", "?"), ("12", "?"), ("I used to, yes", "?"),
        ("yes and no", "?"),
    ]);
}

#[test]
#[rustfmt::skip]
fn yes_and_no_in_liberian_english_and_french() {
    check("consent", "en-LR", &[
        ("yes o", "yes"), ("ehn", "yes"), ("yeah o", "yes"), ("ya", "yes"), ("for true", "yes"),
        ("no o", "no"), ("nay", "no"), ("yes no", "?"), ("small small", "?"),
    ]);
    check("consent", "fr", &[
        ("oui", "yes"), ("OUI.", "yes"), ("ouii", "yes"), ("d'accord", "yes"),
        ("bien sûr", "yes"), ("oui je travaille", "yes"), ("ok", "yes"), ("1", "yes"),
        ("non", "no"), ("Non merci", "no"), ("pas encore", "no"), ("2", "no"),
        ("non, pas ici", "no"), ("oui et non", "?"), ("oui non", "?"), ("peut-être", "?"),
        ("pas oui", "?"), ("je ne sais pas", "?"),
    ]);
}

#[test]
#[rustfmt::skip]
fn choices_by_number_word_and_slip() {
    check("cadre", "en", &[
        ("1", "nurse"), ("Nurse", "nurse"), ("RN", "nurse"), ("I am a nurse", "nurse"),
        ("nurs", "nurse"), ("nurce", "nurse"), ("no 2", "midwife"), ("2.", "midwife"),
        ("two", "midwife"), ("midwife", "midwife"), ("mid wife", "midwife"), ("midwive", "midwife"),
        ("1 nurse", "nurse"), ("option 3", "pa"), ("PA", "pa"), ("physician assistant", "pa"),
        ("phisician assistant", "pa"), ("Dr", "doctor"), ("doctr", "doctor"),
        ("Lab technician", "lab"), ("lab", "lab"), ("the lab technician", "lab"),
        ("ans: 2", "midwife"), ("6", "other"), ("nurse. Mary", "nurse"), ("7", "?"), ("0", "?"),
        ("1 2", "?"), ("1/2", "?"), ("not a nurse", "?"), ("nurse or midwife", "?"),
        ("nurse and midwife", "?"), ("1 midwife", "?"), ("12", "?"), ("driver", "?"), ("??", "?"),
        ("used to be nurse", "?"), ("1st", "nurse"),
    ]);
    check("sex", "en", &[
        ("F", "F"), ("f.", "F"), ("Female", "F"), ("femal", "F"), ("woman", "F"), ("man", "M"),
        ("m", "M"), ("1", "M"), ("I am a woman", "F"), ("male or female", "?"), ("x", "?"),
        ("both", "?"),
    ]);
    check("cadre", "fr", &[
        ("infirmier", "nurse"), ("Infirmière", "nurse"), ("sage femme", "midwife"),
        ("je suis sage-femme", "midwife"), ("medecin", "doctor"), ("pas infirmier", "?"),
    ]);
}

#[test]
#[rustfmt::skip]
fn numbers_are_never_guessed() {
    check("years", "en", &[
        ("7", "7"), ("07", "7"), ("seven", "7"), ("Seven years", "7"), ("7 yrs", "7"),
        ("7yrs", "7"), ("O7", "7"), ("1O", "10"), ("l5", "15"), ("+3", "3"), ("7.", "7"),
        ("7.0", "7"), ("#7", "7"), ("ans: 2", "2"), ("no 2", "2"), ("I have 12 years", "12"),
        ("twenty five", "25"), ("twenty-five", "25"), ("zero", "0"), ("none", "0"), ("0", "0"),
        ("fourty", "40"), ("sevn", "7"), ("60", "60"), ("since 5 years", "5"), ("7,5", "?"),
        ("1,5", "?"), ("7-8", "?"), ("7 to 8", "?"), ("20-30", "?"), ("3/4", "?"), ("1/2", "?"),
        ("3 or 200", "?"), ("1 500", "?"), ("61", "?"), ("-3", "?"), ("7.5", "?"), ("half", "?"),
        ("about 3", "?"), ("more than 5", "?"), ("not 3", "?"), ("0886 555 123", "?"),
        ("0886555123", "?"), ("many", "?"), ("seven eight", "?"), ("5 six", "?"), ("5k", "?"),
        ("1.500", "?"), ("no", "?"), ("2 months 3 days", "?"), ("one of us", "?"),
        ("3 years as nurse 4 as driver", "?"), ("a dozen", "?"), ("5 years and 6 months", "?"),
        ("5+2", "?"), ("2010", "?"),
    ]);
    check("years", "fr", &[
        ("sept", "7"), ("dix", "10"), ("24ans", "24"), ("24 ans", "24"), ("vingt cinq", "25"),
        ("vingt et un", "21"), ("un agent et deux cas", "?"), ("trente et une", "31"),
        ("J'ai 20 ans", "?"), ("aucun", "0"), ("un", "1"), ("7,5", "?"), ("environ 5", "?"),
        ("moins de 5", "?"), ("5 ou 6", "?"), ("plus de 10", "?"),
    ]);
}

#[test]
#[rustfmt::skip]
fn dates_are_day_first_and_possible() {
    check("birth_date", "en", &[
        ("03/05/1979", "1979-05-03"), ("3/5/1979", "1979-05-03"), ("3-5-79", "1979-05-03"),
        ("030579", "1979-05-03"), ("03051979", "1979-05-03"), ("3 May 79", "1979-05-03"),
        ("3 May 1979", "1979-05-03"), ("May 3, 1979", "1979-05-03"),
        ("3rd of May 1979", "1979-05-03"), ("3-May-79", "1979-05-03"),
        ("1979/05/03", "1979-05-03"), ("1979-05-03", "1979-05-03"), ("O3/05/1979", "1979-05-03"),
        ("03.05.1979", "1979-05-03"), ("born 3 May 1979", "1979-05-03"),
        ("19790503", "1979-05-03"), ("3May1979", "1979-05-03"), ("29/02/1980", "1980-02-29"),
        ("31/11/1979", "?"), ("29/02/1981", "?"), ("05/13/1979", "?"), ("1979", "?"),
        ("May 1979", "?"), ("3 May", "?"), ("03/05/2020", "?"), ("03/05/1930", "?"),
        ("3 May 1979 or 4 May 1979", "?"), ("yesterday", "?"), ("47", "?"), ("00/05/1979", "?"),
        ("03/05/179", "?"), ("0305197", "?"), ("3/5", "?"), ("03/05/19799", "?"),
        ("3 Mabel 1979", "?"),
    ]);
    check("birth_date", "fr", &[
        ("3 mai 1979", "1979-05-03"), ("3 août 79", "1979-08-03"),
        ("le 3 mai 1979", "1979-05-03"), ("1er mai 1979", "1979-05-01"),
        ("né le 3 mai 1979", "1979-05-03"), ("31 juin 1979", "?"),
    ]);
}

#[test]
#[rustfmt::skip]
fn phones_are_complete_or_asked_back() {
    check("phone", "en", &[
        ("0886555123", "+231886555123"), ("0886 555 123", "+231886555123"),
        ("+231 886 555 123", "+231886555123"), ("231886555123", "+231886555123"),
        ("my number is 0886555123", "+231886555123"), ("O886555123", "+231886555123"),
        ("0886-555-123", "+231886555123"), ("088655512", "?"), ("08865551234", "?"),
        ("0886555123/0770123456", "?"), ("no", "?"), ("0886555123 or 0770123456", "?"),
        ("12345", "?"), ("same", "?"),
    ]);
}

#[test]
#[rustfmt::skip]
fn codes_keep_their_zeros() {
    check("employee_id", "en", &[
        ("001234", "001234"), ("00 12 34", "001234"), ("OO1234", "001234"),
        ("ID 001234", "001234"), ("my id is 001234", "001234"), ("001234.", "001234"),
        ("#001234", "001234"), ("1234", "?"), ("0012345", "?"), ("001234 or 001235", "?"),
        ("none", "?"), ("abcdef", "?"), ("OOOOOO", "?"), ("00123A", "?"),
    ]);
}

#[test]
#[rustfmt::skip]
fn places_with_slips_and_inside_sentences() {
    check("county", "en", &[
        ("Margibi", "margibi"), ("margibi county", "margibi"), ("Bassa", "grand_bassa"),
        ("montserado", "montserrado"), ("monserado", "montserrado"), ("Gbapolu", "gbarpolu"),
        ("Rivercess", "rivercess"), ("river cess", "rivercess"),
        ("Cape Mount", "grand_cape_mount"), ("I live in Grand Cape Mount", "?"), ("I work in Grand Cape Mount", "grand_cape_mount"),
        ("grand cape mount county", "grand_cape_mount"), ("G. Gedeh", "grand_gedeh"),
        ("Grand Gede", "grand_gedeh"), ("nimba", "nimba"), ("Magibi", "margibi"),
        ("Lofa", "lofa"), ("bong county", "bong"), ("Grand", "?"), ("Bomi or Bong", "?"),
        ("not Margibi", "?"), ("Conakry", "?"), ("Bomi, Lofa", "?"), ("river", "?"),
        ("Liberia", "?"), ("Bon", "?"), ("1", "?"),
    ]);
    check("facility", "en", &[
        ("rennie", "mar_ch_rennie"), ("CH Rennie Hospital", "mar_ch_rennie"),
        ("C.H. Rennie", "mar_ch_rennie"), ("renie", "mar_ch_rennie"), ("Dolo Town", "mar_dolo"),
        ("dolo town health centre", "mar_dolo"), ("Marshal clinic", "mar_marshall"),
        ("hospital", "?"), ("clinic", "?"), ("Sinje", "?"), ("Rennie and Dolo", "?"),
    ]);
}

#[test]
fn the_shipped_flow_proves_itself() {
    let failures = crate::engine::prove(&staff_validation(), today());
    assert_eq!(failures, []);
}

proptest! {
    #[test]
    fn no_text_makes_a_turn_panic_or_grow(texts in prop::collection::vec(".{0,80}", 1..25)) {
        let flow = staff_validation();
        let contact = Contact::named(ContactId(1), "Mary");
        let mut run = crate::engine::begin(&flow, &contact, crate::model::Mode::Sms, today()).run;
        for text in texts {
            let turn = crate::engine::advance(&flow, &contact, &run, &crate::model::Input::Text(text), today());
            prop_assert!(turn.effects.len() <= 10);
            run = turn.run;
        }
    }
}
