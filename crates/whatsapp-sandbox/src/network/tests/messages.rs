use std::time::Duration;

use super::stage::{ANA, BEN, Stage, chat, draft, jid, seconds, send};
use crate::jid::Jid;
use crate::network::content::Content;
use crate::network::event::Event;
use crate::network::{
    account, chat as chats, contact, conversation, label, message, poll, reaction, revision,
};

fn lunch(multiple_answers: bool) -> Content {
    let options = ["Soup", "Salad", "Pie"].map(str::to_owned).to_vec();
    Content::Poll { question: "Lunch?".to_owned(), options, multiple_answers }
}

#[tokio::test]
async fn a_text_can_be_edited_for_fifteen_minutes_by_its_sender() {
    let stage = Stage::set().await;
    let (ana, ben) = (stage.ana, stage.ben);
    let message = stage.say(ana, BEN, "helo").await;
    stage.pass(Duration::from_mins(15)).await;
    let id = message.wire_id.clone();
    stage.refusal(move |change| revision::edit(change, ben, chat(change, ben, ANA)?, &id, "hi")).await;
    let id = message.wire_id.clone();
    let edited =
        stage.change(move |change| revision::edit(change, ana, chat(change, ana, BEN)?, &id, "hello")).await;
    assert!(edited.edited_at.is_some());
    assert_eq!(stage.transcript(ben, ANA).await, ["hello"]);
    stage.pass(seconds(1)).await;
    let id = message.wire_id.clone();
    let refusal =
        stage.refusal(move |change| revision::edit(change, ana, chat(change, ana, BEN)?, &id, "hey")).await;
    assert!(refusal.contains("15 minutes"), "{refusal}");
    assert_eq!(stage.transcript(ben, ANA).await, ["hello"]);
}

#[tokio::test]
async fn a_message_can_be_deleted_for_everyone_for_sixty_hours_and_only_once() {
    let stage = Stage::set().await;
    let (ana, ben) = (stage.ana, stage.ben);
    let old = stage.say(ana, BEN, "old").await;
    stage.pass(seconds(1)).await;
    let young = stage.say(ana, BEN, "young").await;
    stage.pass(Duration::from_hours(60)).await;
    let delete = |who, with, id: String| {
        stage.network.change(move |change| revision::delete(change, who, chat(change, who, with)?, &id))
    };
    assert!(delete(ana, BEN, old.wire_id).await.unwrap_err().to_string().contains("60 hours"));
    assert!(delete(ben, ANA, young.wire_id.clone()).await.is_err(), "it is not Ben's");
    let before = stage.newest().await;
    delete(ana, BEN, young.wire_id.clone()).await.unwrap();
    assert!(delete(ana, BEN, young.wire_id.clone()).await.is_err(), "it is gone");
    assert_eq!(stage.transcript(ben, ANA).await, ["old", "[deleted]"]);
    let told = stage
        .told(before, |event, observers| match event {
            Event::MessageRevoked { message, by, .. } => {
                Some((message.content.summary(), by.account, observers.to_vec()))
            }
            _ => None,
        })
        .await;
    assert_eq!(told, [("young".to_owned(), ana, vec![ana, ben])], "told with what it said");
    let id = young.wire_id;
    stage.refusal(move |change| reaction::react(change, ben, chat(change, ben, ANA)?, &id, "👍")).await;
}

#[tokio::test]
async fn a_second_reaction_replaces_the_first_and_an_empty_one_takes_it_back() {
    let stage = Stage::set().await;
    let (ana, ben) = (stage.ana, stage.ben);
    let message = stage.say(ana, BEN, "good news").await;
    stage.pass(seconds(2)).await;
    let before = stage.newest().await;
    for emoji in ["👍", "🎉", ""] {
        let id = message.wire_id.clone();
        stage.change(move |change| reaction::react(change, ben, chat(change, ben, ANA)?, &id, emoji)).await;
        let now = stage.read(move |view| reaction::list(view, message.id)).await;
        let expected: Vec<_> =
            Some(emoji).filter(|it| !it.is_empty()).map(|it| (ben, it.to_owned())).into_iter().collect();
        assert_eq!(now, expected);
    }
    let id = message.wire_id.clone();
    stage.change(move |change| reaction::react(change, ben, chat(change, ben, ANA)?, &id, "")).await;
    let told = stage
        .told(before, |event, observers| match event {
            Event::Reaction { emoji, .. } => Some((emoji.clone(), observers.len())),
            _ => None,
        })
        .await;
    let emoji = |text: &str| Some(text.to_owned());
    assert_eq!(told, [(emoji("👍"), 2), (emoji("🎉"), 2), (None, 2)], "taking nothing back tells nothing");
}

#[tokio::test]
async fn a_star_is_seen_and_told_to_nobody_else() {
    let stage = Stage::set().await;
    let (ana, ben) = (stage.ana, stage.ben);
    let message = stage.say(ana, BEN, "keep this").await;
    stage.pass(seconds(2)).await;
    let before = stage.newest().await;
    let id = message.wire_id.clone();
    stage.change(move |change| reaction::star(change, ben, chat(change, ben, ANA)?, &id, true)).await;
    let starred = stage
        .read(move |view| {
            Ok((reaction::is_starred(view, ben, message.id)?, reaction::is_starred(view, ana, message.id)?))
        })
        .await;
    assert_eq!(starred, (true, false));
    let observers = stage.told(before, |_, observers| Some(observers.to_vec())).await;
    assert_eq!(observers, [vec![ben]]);
}

#[tokio::test]
async fn a_vote_replaces_the_earlier_one_and_single_choice_takes_one_answer() {
    let stage = Stage::set().await;
    let (ana, ben) = (stage.ana, stage.ben);
    let single = stage.change(move |change| send(change, ana, &jid(BEN), &draft(lunch(false)))).await;
    let many = stage.change(move |change| send(change, ana, &jid(BEN), &draft(lunch(true)))).await;
    stage.pass(seconds(2)).await;
    let vote = |who, with, poll: &message::Message, options: &[&str]| {
        let (id, options) =
            (poll.wire_id.clone(), options.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>());
        stage.network.change(move |change| poll::vote(change, who, chat(change, who, with)?, &id, &options))
    };
    let tally = async |poll: &message::Message| {
        let poll = poll.clone();
        let tally = stage.read(move |view| poll::tally(view, &poll)).await;
        tally.into_iter().map(|it| it.voters).collect::<Vec<_>>()
    };
    vote(ben, ANA, &single, &["Soup"]).await.unwrap();
    vote(ana, BEN, &single, &["Pie"]).await.unwrap();
    vote(ben, ANA, &single, &["Salad"]).await.unwrap();
    assert_eq!(tally(&single).await, [vec![], vec![ben], vec![ana]]);
    assert!(vote(ben, ANA, &single, &["Soup", "Pie"]).await.is_err());
    assert!(vote(ben, ANA, &single, &["Cake"]).await.unwrap_err().to_string().contains("Cake"));
    assert_eq!(tally(&single).await, [vec![], vec![ben], vec![ana]], "a bad vote changes nothing");
    vote(ben, ANA, &many, &["Pie", "Soup", "Pie"]).await.unwrap();
    assert_eq!(tally(&many).await, [vec![ben], vec![], vec![ben]]);
    vote(ben, ANA, &many, &[]).await.unwrap();
    assert_eq!(tally(&many).await, [vec![], vec![], vec![]]);
    let text = stage.say(ana, BEN, "no poll").await;
    stage.pass(seconds(2)).await;
    assert!(vote(ben, ANA, &text, &["Soup"]).await.is_err());
}

#[tokio::test]
async fn a_message_to_somebody_who_has_blocked_the_sender_is_accepted_and_never_delivered() {
    let stage = Stage::set().await;
    let (ana, ben) = (stage.ana, stage.ben);
    stage.change(move |change| contact::block(change, ben, &account::by_id(change, ana)?, true)).await;
    let message = stage.say(ana, BEN, "are you angry?").await;
    stage.pass(seconds(60)).await;
    assert_eq!(stage.status(message.id).await.name(), "sent");
    let blocked = stage.read(move |view| contact::blocked(view, ben)).await;
    assert_eq!(blocked.iter().map(|it| it.id).collect::<Vec<_>>(), [ana]);
    stage.change(move |change| contact::block(change, ben, &account::by_id(change, ana)?, false)).await;
    stage.pass(seconds(60)).await;
    assert!(stage.transcript(ben, ANA).await.is_empty(), "not even later");
    stage.say(ana, BEN, "and now?").await;
    stage.pass(seconds(2)).await;
    assert_eq!(stage.transcript(ben, ANA).await, ["and now?"]);
}

#[tokio::test]
async fn whoever_has_blocked_somebody_hears_nothing_of_what_they_do_to_older_messages() {
    let stage = Stage::set().await;
    let (ana, ben) = (stage.ana, stage.ben);
    let id = stage.say(ana, BEN, "before").await.wire_id;
    stage.pass(seconds(2)).await;
    stage.change(move |change| contact::block(change, ben, &account::by_id(change, ana)?, true)).await;
    let before = stage.newest().await;
    stage
        .change(move |change| {
            let conversation = chat(change, ana, BEN)?;
            reaction::react(change, ana, conversation, &id, "👍")?;
            revision::edit(change, ana, conversation, &id, "after")?;
            revision::delete(change, ana, conversation, &id)
        })
        .await;
    let told = stage.told(before, |_, observers| Some(observers.contains(&ben))).await;
    assert_eq!(told, [false, false, false]);
}

#[tokio::test]
async fn phone_number_and_lid_are_one_chat_for_every_kind_of_action() {
    let stage = Stage::set().await;
    let (ana, ben) = (stage.ana, stage.ben);
    let lid = stage.read(move |view| Ok(account::by_id(view, ben)?.lid_jid())).await;
    let to = lid.clone();
    let message = stage
        .change(move |change| send(change, ana, &to, &crate::network::sending::Draft::text("by LID")))
        .await;
    stage.say(ana, BEN, "by number").await;
    stage.pass(seconds(2)).await;
    assert_eq!(stage.transcript(ana, BEN).await, ["by LID", "by number"]);
    assert_eq!(stage.transcript(ana, &lid.to_string()).await, ["by LID", "by number"]);
    let list = stage.read(move |view| chats::list(view, ana)).await;
    assert_eq!(list.len(), 1);
    let one = stage
        .change(move |change| {
            let by_lid = conversation::existing(change, ana, &lid)?;
            revision::edit(change, ana, by_lid, &message.wire_id, "edited by LID")?;
            chats::archive(change, ana, by_lid, true)?;
            conversation::jid(change, ana, by_lid)
        })
        .await;
    assert_eq!(one, Jid::Phone(BEN.to_owned()), "one canonical address");
    assert!(stage.read(move |view| chats::list(view, ana)).await[0].archived);
}

#[tokio::test]
async fn labels_are_for_business_accounts_only() {
    let stage = Stage::set().await;
    let ana = stage.ana;
    let refusal = stage.refusal(move |change| label::create(change, ana, "Paid", None)).await;
    assert!(refusal.contains("business"), "{refusal}");
}
