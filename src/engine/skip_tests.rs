//! SKIP and its like, as conversations: where a question may be refused, and where it may not.

use super::rules_tests::{CLINIC, clinic, from, read, talk};
use expect_test::expect;

#[test]
fn a_word_to_skip_is_kept_as_that_where_the_question_allows_it() {
    talk(
        &from("paid"),
        &["SKIP", "gloves"],
        &expect![[r#"
        > Are you paid in time?
        SKIP
        > What do you need most?
        gloves
        > Thank you.
        [over, done; paid = - (refused), wish = gloves (exact)]
    "#]],
    );
    talk(
        &from("paid"),
        &["I don't want to answer, please", "gloves"],
        &expect![[r#"
        > Are you paid in time?
        I don't want to answer, please
        > What do you need most?
        gloves
        > Thank you.
        [over, done; paid = - (refused), wish = gloves (exact)]
    "#]],
    );
    talk(
        &from("paid"),
        &["français", "je refuse", "des gants"],
        &expect![[r#"
        > Are you paid in time?
        français
        > Êtes-vous payé à temps?
        je refuse
        > De quoi avez-vous besoin?
        des gants
        > Merci.
        [over, done; paid = - (refused), wish = des gants (exact)]
    "#]],
    );
}

#[test]
fn a_word_to_skip_is_a_try_where_an_answer_is_needed() {
    talk(
        &from("births"),
        &["skip", "PASS", "prefer not to say"],
        &expect![[r#"
        > How many births?
        skip
        > Sorry, this one needs an answer. Text HELP if you cannot. How many births?
        PASS
        > Sorry, this one needs an answer. Text HELP if you cannot. How many births?
        prefer not to say
        > When were you born?
        [waits at born; births = - (not_understood)]
    "#]],
    );
}

#[test]
fn a_word_to_skip_becomes_a_free_text_only_if_it_comes_twice() {
    talk(
        &from("wish"),
        &["skip", "gloves"],
        &expect![[r#"
        > What do you need most?
        skip
        > Sorry, this one needs an answer. Text HELP if you cannot. What do you need most?
        gloves
        > Thank you.
        [over, done; wish = gloves (exact)]
    "#]],
    );
    talk(
        &from("wish"),
        &["Pass", "Pass"],
        &expect![[r#"
        > What do you need most?
        Pass
        > Sorry, this one needs an answer. Text HELP if you cannot. What do you need most?
        Pass
        > Thank you.
        [over, done; wish = Pass (exact)]
    "#]],
    );
    talk(
        &from("wish"),
        &["skip the next delivery, we have enough"],
        &expect![[r#"
        > What do you need most?
        skip the next delivery, we have enough
        > Thank you.
        [over, done; wish = skip the next delivery, we have enough (exact)]
    "#]],
    );
}

#[test]
fn a_choice_that_is_called_like_a_word_to_skip_is_a_choice() {
    let source = CLINIC.replace("RN]", "Pass]");
    let run = talk(
        &read(&source),
        &["yes", "pass"],
        &expect![[r#"
        > Do you work here?
        yes
        > Which? 1 Nurse 2 Midwife
        pass
        > When were you born?
        [waits at born; cadre = nurse (exact), staff = yes (exact)]
    "#]],
    );
    assert_eq!(run.answers["cadre"].value.as_ref().map(|v| v.to_text()).as_deref(), Some("nurse"));
}

#[test]
fn what_was_skipped_holds_nothing_counts_no_point_and_may_be_answered_later() {
    let lines = ["skip", "fix 1", "no", "3", "gloves"];
    let run = talk(
        &from("paid"),
        &lines,
        &expect![[r#"
        > Are you paid in time?
        skip
        > What do you need most?
        fix 1
        > Are you paid in time?
        no
        > How many months late?
        3
        > What do you need most?
        gloves
        > Thank you.
        [over, done; months = 3 (exact), paid = no (exact), wish = gloves (exact)]
    "#]],
    );
    assert_eq!(clinic().score(&run.answers), (0, 0));
}
