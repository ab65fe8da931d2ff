use super::stage::{ANA, BEN, Stage, draft, jid, seconds, send};
use crate::network::content::Content;
use crate::network::reaction;
use crate::network::reply::{self, Reply};

fn text(text: &str) -> Reply {
    Reply::Text(text.to_owned())
}

#[tokio::test]
async fn an_account_answers_what_matches_after_the_delay() {
    let stage = Stage::set().await;
    let (ana, ben) = (stage.ana, stage.ben);
    stage
        .change(move |change| {
            reply::add(change, ben, r"order (\d+)", &text("Order $1 is on its way"), seconds(10))?;
            reply::add(change, ben, "^thanks", &Reply::React("🙏".to_owned()), seconds(0))?;
            reply::add(change, ben, "order", &text("Which one?"), seconds(0))
        })
        .await;
    stage.say(ana, BEN, "Where is ORDER 17?").await;
    stage.pass(seconds(11)).await;
    assert_eq!(stage.transcript(ana, BEN).await, ["Where is ORDER 17?"]);
    stage.pass(seconds(3)).await;
    assert_eq!(stage.transcript(ana, BEN).await, ["Where is ORDER 17?", "Order 17 is on its way"]);
    let thanks = stage.say(ana, BEN, "Thanks!").await;
    stage.say(ana, BEN, "weather?").await;
    stage.pass(seconds(60)).await;
    assert_eq!(stage.transcript(ana, BEN).await.len(), 4, "nothing else matched");
    let reactions = stage.read(move |view| reaction::list(view, thanks.id)).await;
    assert_eq!(reactions, [(ben, "🙏".to_owned())]);
}

#[tokio::test]
async fn two_scripts_do_not_talk_for_ever() {
    let stage = Stage::set().await;
    let (ana, ben) = (stage.ana, stage.ben);
    stage
        .change(move |change| {
            reply::add(change, ana, ".*", &text("and you?"), seconds(1))?;
            reply::add(change, ben, ".*", &Reply::Quote("fine".to_owned()), seconds(1))
        })
        .await;
    stage.say(ana, BEN, "how are you?").await;
    stage.pass(seconds(600)).await;
    assert_eq!(stage.transcript(ana, BEN).await, ["how are you?", "fine"]);
}

#[tokio::test]
async fn a_rule_that_was_removed_answers_nothing_and_a_bad_one_is_refused() {
    let stage = Stage::set().await;
    let (ana, ben) = (stage.ana, stage.ben);
    let refusal = stage.refusal(move |change| reply::add(change, ben, "(", &text("x"), seconds(1))).await;
    assert!(refusal.contains("regular expression"), "{refusal}");
    stage.refusal(move |change| reply::add(change, ben, "x", &text(" "), seconds(1))).await;
    stage.refusal(move |change| reply::add(change, ben, "x", &text("x"), seconds(86_401))).await;
    let rule = stage.change(move |change| reply::add(change, ben, "hi", &text("hello"), seconds(1))).await;
    assert_eq!(stage.read(move |view| reply::list(view, ben)).await[0].id, rule.id);
    assert!(!stage.change(move |change| reply::remove(change, ana, rule.id)).await, "it is Ben's");
    assert!(stage.change(move |change| reply::remove(change, ben, rule.id)).await);
    stage.say(ana, BEN, "hi").await;
    stage.pass(seconds(60)).await;
    assert_eq!(stage.transcript(ana, BEN).await, ["hi"]);
}

#[tokio::test]
async fn a_reply_goes_to_the_group_in_which_it_was_asked() {
    let stage = Stage::set().await;
    let group = stage.group().await;
    let (ana, ben) = (stage.ana, stage.ben);
    stage.change(move |change| reply::add(change, ben, "lunch", &text("At one"), seconds(1))).await;
    let to = group.jid();
    let poll = Content::Poll {
        question: "Lunch?".to_owned(),
        options: vec!["yes".to_owned(), "no".to_owned()],
        multiple_answers: false,
    };
    stage.change(move |change| send(change, ana, &to, &draft(poll))).await;
    stage.pass(seconds(10)).await;
    assert_eq!(stage.transcript(ana, &group.jid().to_string()).await, ["Lunch?", "At one"]);
    assert!(stage.transcript(ana, &jid(BEN).to_string()).await.is_empty());
    assert!(stage.transcript(ben, ANA).await.is_empty());
}
