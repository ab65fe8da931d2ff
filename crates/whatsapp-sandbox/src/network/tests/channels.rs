use std::time::Duration;

use super::stage::{Stage, seconds, send};
use crate::network::channel::{self, Channel};
use crate::network::event::Event;
use crate::network::sending::Draft;
use crate::network::{message, receipt};

async fn channel(stage: &Stage) -> Channel {
    let ana = stage.ana;
    stage.change(move |change| channel::create(change, ana, "News", "", None)).await
}

#[tokio::test]
async fn only_the_owner_posts_and_followers_read() {
    let stage = Stage::set().await;
    let news = channel(&stage).await;
    let (ana, ben, cat) = (stage.ana, stage.ben, stage.cat);
    let (own, to) = (news.clone(), news.jid());
    stage.change(move |change| channel::follow(change, ben, &own)).await;
    let address = to.clone();
    let refusal = stage.refusal(move |change| send(change, ben, &address, &Draft::text("me too"))).await;
    assert!(refusal.contains("owner"), "{refusal}");
    let post = stage.change(move |change| send(change, ana, &to, &Draft::text("open again"))).await;
    stage.pass(seconds(2)).await;
    let seen = |who| stage.network.read(move |view| message::latest(view, who, news.id, 10));
    assert_eq!(seen(ben).await.unwrap().len(), 1);
    assert!(seen(cat).await.unwrap().is_empty(), "Cat does not follow");
    stage.change(move |change| receipt::see(change, ben, news.id, &[])).await;
    assert_eq!(stage.status(post.id).await.name(), "sent", "whom a post reaches is not told");
    let told = stage.told(0, |event, _| match event {
        Event::Receipt { by, .. } => Some(by.len()),
        _ => None,
    });
    assert_eq!(told.await, [0], "the server has it, and followers stay unnamed");
    assert!(stage.read(move |view| receipt::list(view, ana, &post)).await.is_empty());
}

#[tokio::test]
async fn a_new_follower_sees_the_last_thirty_days_as_read() {
    let stage = Stage::set().await;
    let news = channel(&stage).await;
    let (ana, ben) = (stage.ana, stage.ben);
    for text in ["long ago", "of late"] {
        let to = news.jid();
        stage.change(move |change| send(change, ana, &to, &Draft::text(text))).await;
        stage.pass(Duration::from_hours(24 * 20)).await;
    }
    let own = news.clone();
    stage.change(move |change| channel::follow(change, ben, &own)).await;
    let seen = stage.read(move |view| message::latest(view, ben, news.id, 10)).await;
    assert_eq!(seen.iter().map(|it| it.content.summary()).collect::<Vec<_>>(), ["of late"]);
    let unread = stage.read(move |view| crate::network::chat::list(view, ben)).await[0].unread;
    assert_eq!(unread, 0);
}

#[tokio::test]
async fn who_unfollows_gets_nothing_more_and_who_mutes_still_reads() {
    let stage = Stage::set().await;
    let news = channel(&stage).await;
    let (ana, ben, cat) = (stage.ana, stage.ben, stage.cat);
    let own = news.clone();
    stage
        .change(move |change| {
            channel::follow(change, ben, &own)?;
            channel::follow(change, ben, &own)?;
            channel::follow(change, cat, &own)?;
            channel::mute(change, ben, &own, true)
        })
        .await;
    let own = news.clone();
    let standing = stage.read(move |view| channel::standing(view, ben, &own)).await;
    assert_eq!((standing.followers, standing.muted), (2, true), "following twice counts once");
    let to = news.jid();
    stage.change(move |change| send(change, ana, &to, &Draft::text("last words"))).await;
    let own = news.clone();
    stage.change(move |change| channel::unfollow(change, cat, &own)).await;
    stage.pass(seconds(5)).await;
    let seen = |who| stage.network.read(move |view| message::latest(view, who, news.id, 10));
    assert_eq!((seen(ben).await.unwrap().len(), seen(cat).await.unwrap().len()), (1, 0));
}

#[tokio::test]
async fn only_the_owner_deletes_a_channel_and_the_followers_are_told() {
    let stage = Stage::set().await;
    let news = channel(&stage).await;
    let (ana, ben) = (stage.ana, stage.ben);
    let (own, to) = (news.clone(), news.jid());
    stage.change(move |change| channel::follow(change, ben, &own)).await;
    stage.change(move |change| send(change, ana, &to, &Draft::text("on its way"))).await;
    let own = news.clone();
    stage.refusal(move |change| channel::delete(change, ben, &own)).await;
    let before = stage.newest().await;
    let own = news.clone();
    stage.change(move |change| channel::delete(change, ana, &own)).await;
    stage.pass(seconds(5)).await;
    let told = stage.told(before, |event, observers| match event {
        Event::ChannelChanged { .. } => Some(observers.to_vec()),
        Event::MessageArrived { .. } => Some(Vec::new()),
        _ => None,
    });
    assert_eq!(told.await, [vec![ben, ana]], "and nothing arrives any more");
    let to = news.jid();
    stage.refusal(move |change| channel::get(change, &to)).await;
    for who in [ana, ben] {
        assert!(stage.read(move |view| channel::list(view, who)).await.is_empty());
    }
}
