//! Another account, as a test plays it.

use whatsapp_sandbox_client::{Client, types};

use super::Sandbox;
use crate::ControlError;

/// An account that a test acts as: a person who writes to the agent, reads what it sends, or goes offline.
///
/// Chats are named by the phone number or JID of the person, or by the JID of the group or channel. What is not here is
/// in [`Sandbox::control`].
#[derive(Clone, Debug)]
pub struct Actor<'s> {
    sandbox: &'s Sandbox,
    id: String,
}

impl<'s> Actor<'s> {
    pub(super) fn new(sandbox: &'s Sandbox, id: String) -> Self {
        Self { sandbox, id }
    }

    fn control(&self) -> &Client {
        self.sandbox.control()
    }

    /// What the network knows of the account.
    pub async fn get(&self) -> Result<types::Account, ControlError> {
        Ok(self.control().accounts_get(&self.id).await?.into_inner().data)
    }

    /// Sends a text.
    pub async fn sends(&self, chat: &str, text: &str) -> Result<types::Message, ControlError> {
        let text = types::SendText {
            type_: types::SendTextType::Text,
            text: text.to_owned(),
            quoted_message_id: None,
            mentions: None,
            is_forwarded: None,
        };
        self.sends_message(chat, text).await
    }

    /// Sends a message of any type.
    pub async fn sends_message(
        &self,
        chat: &str,
        message: impl Into<types::SendMessage>,
    ) -> Result<types::Message, ControlError> {
        let sent = self.control().messages_send(&self.id, chat, &message.into()).await?;
        Ok(sent.into_inner().data)
    }

    /// Reacts to a message with an emoji; an empty text takes the reaction back.
    pub async fn reacts(
        &self,
        chat: &str,
        message: &str,
        emoji: &str,
    ) -> Result<types::Message, ControlError> {
        let body = types::React { reaction: emoji.to_owned() };
        Ok(self.control().messages_react(&self.id, chat, message, &body).await?.into_inner().data)
    }

    /// Gives one of its own messages another text.
    pub async fn edits(&self, chat: &str, message: &str, text: &str) -> Result<types::Message, ControlError> {
        let body = types::EditMessage { text: text.to_owned() };
        Ok(self.control().messages_edit(&self.id, chat, message, &body).await?.into_inner().data)
    }

    /// Deletes a message for everyone.
    pub async fn deletes(&self, chat: &str, message: &str) -> Result<(), ControlError> {
        self.control().messages_revoke(&self.id, chat, message).await?;
        Ok(())
    }

    /// Votes in a poll for these options.
    pub async fn votes(
        &self,
        chat: &str,
        message: &str,
        options: &[&str],
    ) -> Result<types::Message, ControlError> {
        let body = types::Vote { options: options.iter().map(|it| (*it).to_owned()).collect() };
        Ok(self.control().messages_vote(&self.id, chat, message, &body).await?.into_inner().data)
    }

    /// Reads everything that has reached it in a chat.
    pub async fn reads(&self, chat: &str) -> Result<(), ControlError> {
        self.control().chats_seen(&self.id, chat, &types::Seen { message_ids: None, played: None }).await?;
        Ok(())
    }

    /// Shows itself as writing in a chat, until it sends or 25 seconds have passed.
    pub async fn types_in(&self, chat: &str) -> Result<(), ControlError> {
        let body = types::SetActivity { doing: types::SetActivityDoing::Composing };
        self.control().chats_set_activity(&self.id, chat, &body).await?;
        Ok(())
    }

    /// Joins the group that an invite code or link leads to.
    pub async fn joins(&self, code: &str) -> Result<types::Group, ControlError> {
        let body = types::JoinGroup { code: code.to_owned() };
        Ok(self.control().groups_join(&self.id, &body).await?.into_inner().data)
    }

    /// Leaves a group.
    pub async fn leaves(&self, group: &str) -> Result<(), ControlError> {
        self.control().groups_leave(&self.id, group).await?;
        Ok(())
    }

    /// Loses its connection: what is sent to it waits, and it can do nothing.
    pub async fn goes_offline(&self) -> Result<(), ControlError> {
        self.switches(false).await
    }

    /// Has a connection again, and gets what was waiting.
    pub async fn comes_online(&self) -> Result<(), ControlError> {
        self.switches(true).await
    }

    async fn switches(&self, online: bool) -> Result<(), ControlError> {
        let body = types::UpdateAccount { online: Some(online), ..types::UpdateAccount::default() };
        self.control().accounts_update(&self.id, &body).await?;
        Ok(())
    }

    /// Answers texts that match a regular expression from now on, a second after each.
    pub async fn answers(&self, matching: &str, text: &str) -> Result<types::Reply, ControlError> {
        let body = types::CreateReply {
            matching: matching.to_owned(),
            text: Some(text.to_owned()),
            quote: None,
            reaction: None,
            delay_milliseconds: None,
        };
        Ok(self.control().replies_create(&self.id, &body).await?.into_inner().data)
    }

    /// The latest messages of a chat as the account sees them, oldest first.
    pub async fn messages(&self, chat: &str) -> Result<Vec<types::Message>, ControlError> {
        Ok(self.control().messages_list(&self.id, chat, None, None).await?.into_inner().data)
    }

    /// A message by its id, once it has reached the account in this chat.
    pub async fn receives(&self, message: &str, chat: &str) -> Result<types::Message, ControlError> {
        self.finds(&format!("message {message} to reach {}", self.id), chat, |it| it.id == message).await
    }

    /// The latest message of a chat that is what one looks for, once there is one. `what` is for the error.
    pub async fn finds(
        &self,
        what: &str,
        chat: &str,
        is_it: impl Fn(&types::Message) -> bool,
    ) -> Result<types::Message, ControlError> {
        self.sandbox
            .wait_for(what, async || {
                // A chat that is not there yet may still come.
                let messages = self.messages(chat).await.unwrap_or_default();
                messages.into_iter().rev().find(|message| is_it(message))
            })
            .await
    }
}
