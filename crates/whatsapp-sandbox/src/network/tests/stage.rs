//! A small network to act on.

use std::time::Duration;

use crate::clock::{Clock, Timestamp};
use crate::entropy::Entropy;
use crate::jid::Jid;
use crate::network::account::{self, Character, NewAccount};
use crate::network::content::{Content, MediaKind};
use crate::network::conversation;
use crate::network::event::{self, Event};
use crate::network::group::member::{self, Action};
use crate::network::group::{self, Group};
use crate::network::id::{AccountId, ConversationId, MessageId};
use crate::network::message::{self, Message};
use crate::network::receipt::{self, Status};
use crate::network::sending::{self, Draft};
use crate::network::session::{self, Session};
use crate::network::{Change, Network, Pace, Refusal, View};
use crate::store::Store;

/// 2026-01-01T00:00:00Z.
const BEGIN: i64 = 1_767_225_600_000;

pub(super) const ANA: &str = "5511988880001";
pub(super) const BEN: &str = "14155550100";
pub(super) const CAT: &str = "4930123456";

/// A network with three people who do nothing by themselves. Every step of the world takes a second.
pub(super) struct Stage {
    pub(super) network: Network,
    pub(super) ana: AccountId,
    pub(super) ben: AccountId,
    pub(super) cat: AccountId,
}

pub(super) fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub(super) fn pace() -> Pace {
    let second = seconds(1);
    Pace {
        auto_pair: None,
        qr_lifetime: seconds(20),
        receipt_delay: second,
        echo_delay: second,
        connect_delay: second,
        sync_delay: second,
    }
}

pub(super) fn network(store: Store) -> Network {
    Network::new(store, pace(), Clock::manual(Timestamp::from_unix_millis(BEGIN)), Entropy::from_seed(7), &[])
}

impl Stage {
    pub(super) async fn set() -> Self {
        let network = network(Store::in_memory().unwrap());
        let people = network
            .change(|change| Ok((person(change, ANA)?, person(change, BEN)?, person(change, CAT)?)))
            .await;
        let (ana, ben, cat) = people.unwrap();
        Self { network, ana, ben, cat }
    }

    pub(super) async fn change<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Change<'_>) -> Result<T, Refusal> + Send + 'static,
    ) -> T {
        self.network.change(work).await.unwrap()
    }

    /// What the network says when it refuses.
    pub(super) async fn refusal<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Change<'_>) -> Result<T, Refusal> + Send + 'static,
    ) -> String {
        match self.network.change(work).await {
            Ok(_) => panic!("the network should have refused"),
            Err(refusal) => refusal.to_string(),
        }
    }

    pub(super) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&View<'_>) -> Result<T, Refusal> + Send + 'static,
    ) -> T {
        self.network.read(work).await.unwrap()
    }

    pub(super) async fn pass(&self, time: Duration) {
        self.network.advance(time).await.unwrap();
    }

    /// A session that is linked to an account and has all of its history.
    pub(super) async fn link(&self, name: &'static str, account: AccountId) {
        self.change(move |change| {
            let session = session::create(change, name, None, None)?;
            session::link(change, &session, &account::by_id(change, account)?)
        })
        .await;
        self.pass(seconds(4)).await;
    }

    pub(super) async fn session(&self, name: &'static str) -> Session {
        self.read(move |view| session::get(view, name)).await
    }

    /// What has happened after this event.
    pub(super) async fn events_since(&self, id: i64) -> Vec<event::Recorded> {
        self.read(move |view| event::since(view, id, 1_000)).await
    }

    pub(super) async fn newest(&self) -> i64 {
        self.read(event::newest).await
    }

    /// The events among these that `pick` picks.
    pub(super) async fn told<T>(&self, id: i64, pick: impl Fn(&Event, &[AccountId]) -> Option<T>) -> Vec<T> {
        let events = self.events_since(id).await;
        events.iter().filter_map(|it| pick(&it.event, &it.observers)).collect()
    }

    /// A group of Ana's with Ben in it.
    pub(super) async fn group(&self) -> Group {
        let ana = self.ana;
        self.change(move |change| {
            let group = group::create(change, ana, "Friends")?;
            member::apply(change, ana, &group, Action::Add, &[jid(BEN)])?;
            Ok(group)
        })
        .await
    }

    pub(super) async fn say(&self, from: AccountId, to: &'static str, text: &'static str) -> Message {
        self.change(move |change| send(change, from, &jid(to), &Draft::text(text))).await
    }

    pub(super) async fn status(&self, message: MessageId) -> Status {
        self.read(move |view| receipt::status(view, message)).await
    }

    /// The texts that an account sees in a chat.
    pub(super) async fn transcript(&self, me: AccountId, with: &str) -> Vec<String> {
        let with = jid(with);
        let seen = self.network.read(move |view| {
            let conversation = conversation::existing(view, me, &with)?;
            message::latest(view, me, conversation, 100)
        });
        seen.await.unwrap_or_default().iter().map(|it| it.content.summary()).collect()
    }
}

/// Somebody who does nothing unasked.
pub(super) fn person(change: &Change<'_>, phone: &str) -> Result<AccountId, Refusal> {
    let new =
        NewAccount { phone, push_name: phone, about: "", business_name: None, character: Character::Owner };
    account::create(change, &new)
}

pub(super) fn jid(text: &str) -> Jid {
    Jid::parse(text).unwrap()
}

pub(super) fn send(
    change: &Change<'_>,
    from: AccountId,
    to: &Jid,
    draft: &Draft,
) -> Result<Message, Refusal> {
    sending::send(change, from, &conversation::resolve(change, from, to)?, draft)
}

pub(super) fn chat(view: &View<'_>, me: AccountId, with: &str) -> Result<ConversationId, Refusal> {
    conversation::existing(view, me, &jid(with))
}

/// A message with this content and nothing else.
pub(super) fn draft(content: Content) -> Draft {
    Draft { content, ..Draft::text("") }
}

/// A voice message whose file nobody looks at.
pub(super) fn voice() -> Draft {
    draft(Content::Media {
        kind: MediaKind::Voice,
        media_id: "none".to_owned(),
        caption: None,
        filename: None,
        voice_note: true,
    })
}
