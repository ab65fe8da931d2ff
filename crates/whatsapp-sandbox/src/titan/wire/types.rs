//! interim
use serde::{Deserialize,Serialize};
use serde_json::{Map,Value};
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="camelCase",deny_unknown_fields)]
pub struct CreateSession {
pub name: String,
#[serde(default)]
pub start: bool,
#[serde(default)]
pub proxy: Option<String>,
#[serde(default)]
pub config: Map<String,Value>,
}
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="camelCase",deny_unknown_fields)]
pub struct UpdateSession {
#[serde(default)]
pub proxy: Option<String>,
#[serde(default)]
pub config: Map<String,Value>,
}
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="camelCase",deny_unknown_fields)]
pub struct RequestPairingCode {
pub phone_number: String,
}
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="camelCase",deny_unknown_fields)]
pub struct QuotedMessage {
pub id: String,
#[serde(default)]
pub participant: Option<String>,
}
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="camelCase",deny_unknown_fields)]
pub struct ContactCard {
pub name: String,
pub phone_number: String,
}
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="camelCase",deny_unknown_fields)]
pub struct SendText {
pub session: String,
pub chat_id: String,
#[serde(rename="type")]
pub type_: String,
pub text: String,
#[serde(default)]
pub link_preview: Option<bool>,
#[serde(default)]
pub quoted_message: Option<QuotedMessage>,
#[serde(default)]
pub mentions: Vec<String>,
#[serde(default)]
pub is_forwarded: Option<bool>,
}
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="camelCase",deny_unknown_fields)]
pub struct SendImage {
pub session: String,
pub chat_id: String,
#[serde(rename="type")]
pub type_: String,
#[serde(default)]
pub url: Option<String>,
#[serde(default)]
pub base64: Option<String>,
#[serde(default)]
pub caption: Option<String>,
#[serde(default)]
pub quoted_message: Option<QuotedMessage>,
#[serde(default)]
pub mentions: Vec<String>,
#[serde(default)]
pub is_forwarded: Option<bool>,
}
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="camelCase",deny_unknown_fields)]
pub struct SendVideo {
pub session: String,
pub chat_id: String,
#[serde(rename="type")]
pub type_: String,
#[serde(default)]
pub url: Option<String>,
#[serde(default)]
pub base64: Option<String>,
#[serde(default)]
pub caption: Option<String>,
#[serde(default)]
pub quoted_message: Option<QuotedMessage>,
#[serde(default)]
pub mentions: Vec<String>,
#[serde(default)]
pub is_forwarded: Option<bool>,
}
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="camelCase",deny_unknown_fields)]
pub struct SendVoice {
pub session: String,
pub chat_id: String,
#[serde(rename="type")]
pub type_: String,
#[serde(default)]
pub url: Option<String>,
#[serde(default)]
pub base64: Option<String>,
#[serde(default)]
pub ptt: Option<bool>,
#[serde(default)]
pub quoted_message: Option<QuotedMessage>,
#[serde(default)]
pub mentions: Vec<String>,
#[serde(default)]
pub is_forwarded: Option<bool>,
}
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="camelCase",deny_unknown_fields)]
pub struct SendFile {
pub session: String,
pub chat_id: String,
#[serde(rename="type")]
pub type_: String,
#[serde(default)]
pub url: Option<String>,
#[serde(default)]
pub base64: Option<String>,
pub filename: String,
#[serde(default)]
pub caption: Option<String>,
#[serde(default)]
pub quoted_message: Option<QuotedMessage>,
#[serde(default)]
pub mentions: Vec<String>,
#[serde(default)]
pub is_forwarded: Option<bool>,
}
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="camelCase",deny_unknown_fields)]
pub struct SendPoll {
pub session: String,
pub chat_id: String,
#[serde(rename="type")]
pub type_: String,
pub question: String,
pub options: Vec<String>,
#[serde(default)]
pub multiple_answers: Option<bool>,
#[serde(default)]
pub quoted_message: Option<QuotedMessage>,
#[serde(default)]
pub mentions: Vec<String>,
#[serde(default)]
pub is_forwarded: Option<bool>,
}
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="camelCase",deny_unknown_fields)]
pub struct SendLocation {
pub session: String,
pub chat_id: String,
#[serde(rename="type")]
pub type_: String,
pub latitude: f64,
pub longitude: f64,
#[serde(default)]
pub name: Option<String>,
#[serde(default)]
pub address: Option<String>,
#[serde(default)]
pub quoted_message: Option<QuotedMessage>,
#[serde(default)]
pub mentions: Vec<String>,
#[serde(default)]
pub is_forwarded: Option<bool>,
}
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="camelCase",deny_unknown_fields)]
pub struct SendContact {
pub session: String,
pub chat_id: String,
#[serde(rename="type")]
pub type_: String,
pub contacts: Vec<ContactCard>,
#[serde(default)]
pub quoted_message: Option<QuotedMessage>,
#[serde(default)]
pub mentions: Vec<String>,
#[serde(default)]
pub is_forwarded: Option<bool>,
}
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="camelCase",deny_unknown_fields)]
pub struct MarkSeen {
pub chat_id: String,
pub message_ids: Vec<String>,
}
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="camelCase",deny_unknown_fields)]
pub struct SetTyping {
pub chat_id: String,
#[serde(default)]
pub state: SetTypingState,
}
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="camelCase",deny_unknown_fields)]
pub struct React {
pub chat_id: String,
pub message_id: String,
pub reaction: String,
}
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="camelCase",deny_unknown_fields)]
pub struct StarMessage {
pub chat_id: String,
pub message_id: String,
pub star: bool,
}
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="camelCase",deny_unknown_fields)]
pub struct EditMessage {
pub text: String,
}
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="camelCase",deny_unknown_fields)]
pub struct CreateGroup {
pub name: String,
pub participants: Vec<String>,
}
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="camelCase",deny_unknown_fields)]
pub struct SetSubject {
pub subject: String,
}
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="camelCase",deny_unknown_fields)]
pub struct SetDescription {
pub description: String,
}
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="camelCase",deny_unknown_fields)]
pub struct SetPicture {
#[serde(default)]
pub url: Option<String>,
#[serde(default)]
pub base64: Option<String>,
}
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="camelCase",deny_unknown_fields)]
pub struct ParticipantList {
pub participants: Vec<String>,
}
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="camelCase",deny_unknown_fields)]
pub struct JoinGroup {
pub code: String,
}
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="camelCase",deny_unknown_fields)]
pub struct CheckNumbers {
pub phone_numbers: Vec<String>,
}
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="camelCase",deny_unknown_fields)]
pub struct CreateChannel {
pub name: String,
#[serde(default)]
pub description: Option<String>,
#[serde(default)]
pub profile_url: Option<String>,
}
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="camelCase",deny_unknown_fields)]
pub struct SetPresence {
pub presence: SetPresencePresence,
}
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="camelCase",deny_unknown_fields)]
pub struct SetName {
pub name: String,
}
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="camelCase",deny_unknown_fields)]
pub struct SetStatus {
pub status: String,
}
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="camelCase",deny_unknown_fields)]
pub struct CreateLabel {
pub name: String,
#[serde(default)]
pub color: Option<i64>,
}
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="camelCase",deny_unknown_fields)]
pub struct UpdateLabel {
#[serde(default)]
pub name: Option<String>,
#[serde(default)]
pub color: Option<i64>,
}
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="camelCase",deny_unknown_fields)]
pub struct LabelChats {
pub chat_ids: Vec<String>,
}
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="camelCase",deny_unknown_fields)]
pub struct SetChatLabels {
pub labels: Vec<String>,
}
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="camelCase",deny_unknown_fields)]
pub struct CreateWebhook {
pub url: String,
#[serde(default)]
pub events: Vec<String>,
#[serde(default)]
pub session: Option<String>,
#[serde(default)]
pub label: Option<String>,
#[serde(default)]
pub hmac_key: Option<String>,
#[serde(default)]
pub headers: Vec<WebhookHeader>,
#[serde(default)]
pub retries: Option<WebhookRetries>,
#[serde(default)]
pub enabled: Option<bool>,
}
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="camelCase",deny_unknown_fields)]
pub struct UpdateWebhook {
#[serde(default)]
pub url: Option<String>,
#[serde(default)]
pub events: Vec<String>,
#[serde(default)]
pub session: Option<String>,
#[serde(default)]
pub label: Option<String>,
#[serde(default)]
pub hmac_key: Option<String>,
#[serde(default)]
pub headers: Vec<WebhookHeader>,
#[serde(default)]
pub retries: Option<WebhookRetries>,
#[serde(default)]
pub enabled: Option<bool>,
}
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="camelCase",deny_unknown_fields)]
pub struct WebhookHeader {
pub name: String,
pub value: String,
}
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="camelCase",deny_unknown_fields)]
pub struct WebhookRetries {
#[serde(default)]
pub attempts: Option<i64>,
#[serde(default)]
pub delay_seconds: Option<i64>,
#[serde(default)]
pub policy: Option<WebhookRetriesPolicy>,
}
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="camelCase",deny_unknown_fields)]
pub struct ResolveLids {
pub jids: Vec<String>,
}
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="lowercase")]
pub enum SetTypingState { Composing, Recording, Paused }
impl Default for SetTypingState { fn default()->Self { Self::Composing } }
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="lowercase")]
pub enum SetPresencePresence { Available, Unavailable }
#[derive(Debug,Serialize,Deserialize)]
#[serde(rename_all="lowercase")]
pub enum WebhookRetriesPolicy { Exponential, Linear, Constant }
