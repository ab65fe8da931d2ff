//! The control routes, through the client that is generated from their document, and the API for Rust tests.

use whatsapp_sandbox::client::{Client, Error, types};
use whatsapp_sandbox::{Sandbox, SandboxBuilder};

use crate::api::fast;

mod accounts;
mod acting;
mod calls;
mod chats;
mod clock;
mod deliveries;
mod events;
mod faults;
mod groups;
mod guard;
mod media;
mod messages;
mod replaced;
mod replies;
mod sessions;
mod state;

const ANA: &str = "+5511988880001";
const BRUNO: &str = "+5521977770002";
const CARLA: &str = "+351912345003";
/// The account of the seeded session.
const SUPPORT: &str = "+5511999990001";
/// A business account that no session is linked to.
const SALES: &str = "+5511999990002";

async fn start() -> Sandbox {
    start_with(fast()).await
}

async fn start_with(builder: SandboxBuilder) -> Sandbox {
    builder.start().await.unwrap()
}

/// The status and the sentence of a refusal.
fn refusal<T: std::fmt::Debug>(result: Result<T, Error<types::Error>>) -> (u16, String) {
    match result.unwrap_err() {
        Error::ErrorResponse(response) => (response.status().as_u16(), response.into_inner().error),
        other => panic!("no refusal of the sandbox: {other}"),
    }
}

fn text(text: &str) -> types::SendMessage {
    types::SendText {
        type_: types::SendTextType::Text,
        text: text.to_owned(),
        quoted_message_id: None,
        mentions: None,
        is_forwarded: None,
    }
    .into()
}

/// Sends a text; its id.
async fn say(control: &Client, from: &str, to: &str, what: &str) -> String {
    control.messages_send(from, to, &text(what)).await.unwrap().into_inner().data.id
}

/// A person on the network who does nothing by itself.
async fn new_person(control: &Client, phone: &str) {
    let body = types::CreateAccount {
        phone_number: types::PhoneNumber(phone.to_owned()),
        name: Some("Elisa".to_owned()),
        about: None,
        business_name: None,
        character: Some(types::Character::Owner),
        dialled_as: None,
    };
    control.accounts_create(&body).await.unwrap();
}
