//! Random things happen to a small network; after each, it is compared with a model of what must be so.

use std::collections::HashMap;
use std::time::Duration;

use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop, prop_oneof, proptest};

use super::stage::{network, person};
use crate::network::conversation::Peer;
use crate::network::group::member::{self, Action, MemberResult};
use crate::network::group::{self, Group, invite};
use crate::network::id::AccountId;
use crate::network::message::{self, Message};
use crate::network::receipt::{self, Status};
use crate::network::sending::{self, Draft};
use crate::network::{Change, Network, Refusal, View, account, chat, contact, conversation, phone, revision};
use crate::store::Store;

const PEOPLE: usize = 4;
const GROUPS: usize = 2;

/// What can happen; people and groups by their place.
#[derive(Clone, Debug)]
enum Act {
    Write { from: usize, to: usize },
    WriteToGroup { from: usize, group: usize },
    ReadAll { who: usize },
    DeleteLast { who: usize },
    Switch { who: usize, on: bool },
    Block { who: usize, whom: usize, blocked: bool },
    Add { by: usize, group: usize, whom: usize },
    Remove { by: usize, group: usize, whom: usize },
    Leave { who: usize, group: usize },
    Join { who: usize, code: usize },
    Revoke { by: usize, group: usize },
    Pass { seconds: u64 },
}

fn act() -> impl Strategy<Value = Act> {
    let (who, whom, group) = (|| 0..PEOPLE, || 0..PEOPLE, || 0..GROUPS);
    prop_oneof![
        4 => (who(), whom()).prop_map(|(from, to)| Act::Write { from, to }),
        4 => (who(), group()).prop_map(|(from, group)| Act::WriteToGroup { from, group }),
        3 => who().prop_map(|who| Act::ReadAll { who }),
        1 => who().prop_map(|who| Act::DeleteLast { who }),
        2 => (who(), any::<bool>()).prop_map(|(who, on)| Act::Switch { who, on }),
        1 => (who(), whom(), any::<bool>()).prop_map(|(who, whom, blocked)| Act::Block { who, whom, blocked }),
        2 => (who(), group(), whom()).prop_map(|(by, group, whom)| Act::Add { by, group, whom }),
        2 => (who(), group(), whom()).prop_map(|(by, group, whom)| Act::Remove { by, group, whom }),
        1 => (who(), group()).prop_map(|(who, group)| Act::Leave { who, group }),
        3 => (who(), 0..8_usize).prop_map(|(who, code)| Act::Join { who, code }),
        1 => (who(), group()).prop_map(|(by, group)| Act::Revoke { by, group }),
        4 => prop_oneof![Just(1_u64), Just(2), Just(60)].prop_map(|seconds| Act::Pass { seconds }),
    ]
}

/// What must be so.
struct Model {
    network: Network,
    people: Vec<AccountId>,
    groups: Vec<Group>,
    /// Who is in each group.
    members: Vec<Vec<AccountId>>,
    /// Every link there ever was: its group, and whether it was revoked.
    codes: Vec<(usize, String, bool)>,
    /// Every message, and who may ever see it.
    messages: Vec<(Message, Vec<AccountId>)>,
    /// How far each message had come for each recipient.
    receipts: HashMap<(String, AccountId), Status>,
    overall: HashMap<String, Status>,
}

/// What the checks look at, read in one transaction.
struct Seen {
    visible: Vec<Vec<AccountId>>,
    receipts: Vec<(String, AccountId, Status)>,
    overall: Vec<(String, Status)>,
    /// For each chat: its owner, the number that it shows, and the messages that are unread in it.
    unread: Vec<(AccountId, i64, usize)>,
}

impl Model {
    async fn new() -> Self {
        let network = network(Store::in_memory().unwrap());
        let (people, groups) = network
            .change(|change| {
                let people: Vec<AccountId> = (0..PEOPLE)
                    .map(|index| person(change, &format!("1415555010{index}")))
                    .collect::<Result<_, Refusal>>()?;
                let groups = people[..GROUPS].iter().map(|owner| group::create(change, *owner, "Group"));
                let groups = groups.collect::<Result<Vec<Group>, Refusal>>()?;
                Ok((people, groups))
            })
            .await
            .unwrap();
        Self {
            network,
            members: people[..GROUPS].iter().map(|owner| vec![*owner]).collect(),
            codes: groups.iter().enumerate().map(|(at, it)| (at, it.invite_code.clone(), false)).collect(),
            people,
            groups,
            messages: Vec::new(),
            receipts: HashMap::new(),
            overall: HashMap::new(),
        }
    }

    async fn change<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Change<'_>) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        self.network.change(work).await
    }

    async fn play(&mut self, act: &Act) {
        match *act {
            Act::Write { from, to } => self.write(from, to).await,
            Act::WriteToGroup { from, group } => self.write_to_group(from, group).await,
            Act::ReadAll { who } => self.read_all(self.people[who]).await,
            Act::DeleteLast { who } => self.delete_last(self.people[who]).await,
            Act::Switch { who, on } => {
                let who = self.people[who];
                self.change(move |change| phone::switch(change, who, on)).await.unwrap();
            }
            Act::Block { who, whom, blocked } if who != whom => {
                let (who, whom) = (self.people[who], self.people[whom]);
                self.change(move |change| {
                    contact::block(change, who, &account::by_id(change, whom)?, blocked)
                })
                .await
                .unwrap();
            }
            Act::Block { .. } => {}
            Act::Add { by, group, whom } => self.apply(Action::Add, by, group, whom).await,
            Act::Remove { by, group, whom } => self.apply(Action::Remove, by, group, whom).await,
            Act::Leave { who, group } => self.leave(who, group).await,
            Act::Join { who, code } => self.join(self.people[who], code).await,
            Act::Revoke { by, group } => self.revoke(by, group).await,
            Act::Pass { seconds } => {
                self.network.advance(Duration::from_secs(seconds)).await.unwrap();
            }
        }
    }

    async fn write(&mut self, from: usize, to: usize) {
        let (from, to) = (self.people[from], self.people[to]);
        let sent = self
            .change(move |change| {
                let peer = Peer::Account(account::by_id(change, to)?);
                let message = sending::send(change, from, &peer, &Draft::text("hi"))?;
                let shut = contact::blocked(change, to)?.iter().any(|it| it.id == from);
                Ok((message, if shut { vec![from] } else { vec![from, to] }))
            })
            .await;
        self.messages.extend(sent.ok());
    }

    async fn write_to_group(&mut self, from: usize, group: usize) {
        let (me, address) = (self.people[from], self.groups[group].jid());
        let sent = self
            .change(move |change| {
                let peer = conversation::resolve(change, me, &address)?;
                sending::send(change, me, &peer, &Draft::text("hi, all"))
            })
            .await;
        assert_eq!(sent.is_ok(), self.members[group].contains(&me), "members write, and nobody else");
        self.messages.extend(sent.ok().map(|message| (message, self.members[group].clone())));
    }

    async fn read_all(&self, who: AccountId) {
        let read = self.change(move |change| {
            let chats = chat::list(change, who)?.into_iter();
            chats.map(|it| receipt::see(change, who, it.conversation, &[])).collect::<Result<Vec<_>, _>>()
        });
        read.await.unwrap();
    }

    async fn delete_last(&self, who: AccountId) {
        let Some((message, _)) = self.messages.iter().rfind(|(it, _)| it.sender == who) else { return };
        let (conversation, id) = (message.conversation, message.wire_id.clone());
        // It may be deleted already.
        let _ = self.change(move |change| revision::delete(change, who, conversation, &id)).await;
    }

    async fn apply(&mut self, action: Action, by: usize, group: usize, whom: usize) {
        let (by, whom, own) = (self.people[by], self.people[whom], self.groups[group].clone());
        let outcome = self
            .change(move |change| {
                let jid = account::by_id(change, whom)?.jid();
                Ok(member::apply(change, by, &own, action, &[jid])?.pop().unwrap().result)
            })
            .await;
        match (outcome, action) {
            (Ok(MemberResult::Done), Action::Add) => self.members[group].push(whom),
            (Ok(MemberResult::Done), _) => self.members[group].retain(|it| *it != whom),
            _ => {}
        }
    }

    async fn leave(&mut self, who: usize, group: usize) {
        let (me, address) = (self.people[who], self.groups[group].jid());
        let left = self
            .change(move |change| member::leave(change, me, &group::of_member(change, me, &address)?))
            .await;
        assert_eq!(left.is_ok(), self.members[group].contains(&me));
        self.members[group].retain(|it| *it != me);
    }

    async fn join(&mut self, who: AccountId, code: usize) {
        let (group, code, revoked) = self.codes[code % self.codes.len()].clone();
        let joined = self.change(move |change| invite::join(change, who, &code)).await;
        let alive = !revoked && !self.members[group].is_empty();
        assert_eq!(joined.is_ok(), alive && !self.members[group].contains(&who), "{joined:?}");
        if joined.is_ok() {
            self.members[group].push(who);
        }
    }

    async fn revoke(&mut self, by: usize, group: usize) {
        let (by, own) = (self.people[by], self.groups[group].clone());
        let Ok(code) = self.change(move |change| invite::revoke(change, by, &own)).await else { return };
        self.codes.iter_mut().filter(|(of, ..)| *of == group).for_each(|it| it.2 = true);
        self.codes.push((group, code, false));
    }

    /// Compares the network with the model.
    async fn check(&mut self) {
        let (messages, people) = (self.messages.clone(), self.people.clone());
        let messages: Vec<Message> = messages.into_iter().map(|(message, _)| message).collect();
        let seen = self.network.read(move |view| look(view, &messages, &people)).await.unwrap();
        for ((message, allowed), visible) in self.messages.iter().zip(seen.visible) {
            for who in visible {
                assert!(allowed.contains(&who), "{who:?} sees {} and was not in it", message.wire_id);
            }
        }
        for (id, who, status) in seen.receipts {
            let before = self.receipts.insert((id, who), status);
            assert!(before.is_none_or(|it| it <= status), "a receipt went from {before:?} to {status:?}");
        }
        for (id, status) in seen.overall {
            let before = self.overall.insert(id, status);
            assert!(before.is_none_or(|it| it <= status), "a message went from {before:?} to {status:?}");
        }
        for (who, shown, unread) in seen.unread {
            assert_eq!(shown, i64::try_from(unread).unwrap(), "the unread messages of {who:?}");
        }
    }
}

fn look(view: &View<'_>, messages: &[Message], people: &[AccountId]) -> Result<Seen, Refusal> {
    let (mut visible, mut receipts, mut overall, mut unread) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for message in messages {
        let may = people.iter().copied().filter(|it| message::visible(view, *it, &message.wire_id).is_ok());
        visible.push(may.collect());
        overall.push((message.wire_id.clone(), receipt::status(view, message.id)?));
        for it in receipt::list(view, message.sender, message)? {
            receipts.push((message.wire_id.clone(), it.account.id, it.status));
        }
    }
    for &who in people {
        for chat in chat::list(view, who)? {
            let waiting = messages.iter().filter(|it| it.conversation == chat.conversation).filter(|it| {
                receipts
                    .iter()
                    .any(|(id, by, at)| *id == it.wire_id && *by == who && *at == Status::Delivered)
            });
            unread.push((who, chat.unread, waiting.count()));
        }
    }
    Ok(Seen { visible, receipts, overall, unread })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_the_rules_hold(acts in prop::collection::vec(act(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut model = Model::new().await;
            for act in &acts {
                model.play(act).await;
                model.check().await;
            }
            model.network.close().await;
        });
    }
}
