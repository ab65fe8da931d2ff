use whatsapp_sandbox::client::types;
use whatsapp_sandbox::{ECHO_NUMBER, FULL_KEY};

use super::{ANA, SALES, SUPPORT, new_person, refusal, say, start};

fn unchanged() -> types::UpdateAccount {
    types::UpdateAccount::default()
}

#[tokio::test]
async fn the_overview_tells_what_there_is() {
    let sandbox = start().await;
    let overview = sandbox.control().overview_get().await.unwrap().into_inner().data;
    assert_eq!(overview.url, sandbox.url());
    assert_eq!(overview.keys[0].key, FULL_KEY);
    assert_eq!(overview.sessions, ["main", "_whatsapp-web"]);
    assert_eq!(overview.echo, ECHO_NUMBER);
    assert_eq!(overview.accounts.len(), 8);
    assert_eq!((overview.counts.accounts, overview.counts.groups, overview.counts.sessions), (8, 2, 2));
    assert!(overview.counts.messages > 10);
    assert_eq!(overview.clock.mode, types::ClockMode::System);
}

#[tokio::test]
async fn accounts_are_listed_in_pages() {
    let sandbox = start().await;
    let names = async |limit: u64, offset: i64| -> Vec<String> {
        let limit = std::num::NonZeroU64::new(limit);
        let page = sandbox.control().accounts_list(limit, Some(offset)).await.unwrap().into_inner().data;
        page.into_iter().map(|it| it.name).collect()
    };
    assert_eq!(names(2, 0).await, ["Acme Support", "Acme Sales"]);
    assert_eq!(names(2, 2).await, ["Ana", "Bruno Lima"]);
    assert!(names(2, 100).await.is_empty());
}

#[tokio::test]
async fn an_account_has_one_number_and_is_found_by_each_of_its_names() {
    let sandbox = start().await;
    let control = sandbox.control();
    let body = types::CreateAccount {
        phone_number: types::PhoneNumber("+55 31 8888-0009".to_owned()),
        name: None,
        about: Some("Out for lunch".to_owned()),
        business_name: Some("Elisa's Bakery".to_owned()),
        character: None,
        dialled_as: Some(vec![types::PhoneNumber("+5531988880009".to_owned())]),
    };
    let created = control.accounts_create(&body).await.unwrap();
    assert_eq!(created.status(), 201);
    assert_eq!(created.headers()["location"], "/_sandbox/accounts/+553188880009");
    let account = created.into_inner().data;
    assert_eq!(account.phone_number, "+553188880009");
    assert_eq!(account.name, "Phone 0009");
    assert_eq!(account.business_name.as_deref(), Some("Elisa's Bakery"));
    assert_eq!(account.character, types::Character::Reader);
    assert!(account.registered && account.online && !account.available);
    for name in ["553188880009", &account.jid, &account.lid] {
        assert_eq!(control.accounts_get(name).await.unwrap().into_inner().data.jid, account.jid, "{name}");
    }
    assert_eq!(refusal(control.accounts_create(&body).await).0, 409);
    assert_eq!(refusal(control.accounts_get("+4915100000000").await).0, 404);
    assert_eq!(refusal(control.accounts_get("nobody").await).0, 400);
}

#[tokio::test]
async fn what_an_account_shows_can_be_changed_one_thing_at_a_time() {
    let sandbox = start().await;
    let control = sandbox.control();
    let update = async |body: types::UpdateAccount| {
        control.accounts_update(ANA, &body).await.unwrap().into_inner().data
    };
    let named = update(types::UpdateAccount { name: Some("Ana S.".to_owned()), ..unchanged() }).await;
    assert_eq!((named.name.as_str(), named.about.as_str()), ("Ana S.", "At the beach"));
    let business = Some(Some("Ana's".to_owned()));
    let named = update(types::UpdateAccount { business_name: business, ..unchanged() }).await;
    assert_eq!(named.business_name.as_deref(), Some("Ana's"));
    let named = update(types::UpdateAccount { business_name: Some(None), ..unchanged() }).await;
    assert_eq!(named.business_name, None);
    let privacy = types::UpdatePrivacy {
        presence: Some(types::Audience::Nobody),
        read_receipts: Some(false),
        ..types::UpdatePrivacy::default()
    };
    let closed = update(types::UpdateAccount { privacy: Some(privacy), ..unchanged() }).await;
    assert_eq!(closed.privacy.presence, types::Audience::Nobody);
    assert_eq!(closed.privacy.picture, types::Audience::Everyone);
    assert!(!closed.privacy.read_receipts && closed.privacy.open_to_groups);
    let empty = types::UpdateAccount { name: Some(" ".to_owned()), ..unchanged() };
    assert_eq!(refusal(control.accounts_update(ANA, &empty).await).0, 400);
}

#[tokio::test]
async fn an_account_can_have_a_picture_and_none() {
    let sandbox = start().await;
    let control = sandbox.control();
    let png =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    let picture = types::SetPicture { url: None, base64: Some(png.to_owned()) };
    let account = control.accounts_set_picture(SALES, &picture).await.unwrap().into_inner().data;
    let url = account.picture_url.unwrap();
    assert_eq!(reqwest::get(&url).await.unwrap().headers()["content-type"], "image/png");
    let account = control.accounts_delete_picture(SALES).await.unwrap().into_inner().data;
    assert_eq!(account.picture_url, None);
    let both =
        types::SetPicture { url: Some(types::MediaUrl("https://a.example/a.png".to_owned())), ..picture };
    assert_eq!(refusal(control.accounts_set_picture(SALES, &both).await).0, 400);
    let text = types::SetPicture { url: None, base64: Some("aGVsbG8=".to_owned()) };
    assert_eq!(refusal(control.accounts_set_picture(SALES, &text).await).0, 409);
}

#[tokio::test]
async fn a_phone_that_is_off_does_nothing_and_gets_its_messages_later() {
    let sandbox = start().await;
    let control = sandbox.control();
    new_person(control, "+5511977770001").await;
    let elisa = sandbox.account("+5511977770001");
    elisa.goes_offline().await.unwrap();
    let (status, why) = refusal(control.messages_send("+5511977770001", ANA, &super::text("Hi")).await);
    assert!(status == 409 && why.contains("off"), "{why}");
    let id = say(control, ANA, "+5511977770001", "Are you there?").await;
    let has_it = |it: &types::Message| it.id == id && it.status == types::Status::Sent;
    sandbox.account(ANA).finds("the server to have it", "+5511977770001", has_it).await.unwrap();
    elisa.comes_online().await.unwrap();
    let message = elisa.receives(&id, ANA).await.unwrap();
    assert!(!message.from_me);
}

#[tokio::test]
async fn an_account_that_leaves_the_network_cannot_be_found_and_may_come_back() {
    let sandbox = start().await;
    let control = sandbox.control();
    let id = say(control, ANA, SUPPORT, "Last words").await;
    sandbox.account(SUPPORT).receives(&id, ANA).await.unwrap();
    let gone = types::UpdateAccount { registered: Some(false), ..unchanged() };
    let account = control.accounts_update(ANA, &gone).await.unwrap().into_inner().data;
    assert!(!account.registered && !account.online);
    assert_eq!(refusal(control.messages_send(SUPPORT, ANA, &super::text("Hello?")).await).0, 404);
    let kept = sandbox.account(SUPPORT).messages(ANA).await.unwrap();
    assert_eq!(kept.last().unwrap().text, "Last words", "chats stay as they were");
    let back = types::UpdateAccount { registered: Some(true), ..unchanged() };
    control.accounts_update(ANA, &back).await.unwrap();
    say(control, SUPPORT, ANA, "Welcome back").await;
    let support = control.accounts_update(SUPPORT, &gone).await.unwrap().into_inner().data;
    assert!(support.sessions.is_empty(), "its devices are unlinked");
    let session = control.sessions_get("main").await.unwrap().into_inner().data;
    assert_eq!(session.state, types::SessionState::LoggedOut);
}

#[tokio::test]
async fn contacts_are_saved_removed_and_blocked() {
    let sandbox = start().await;
    let control = sandbox.control();
    let update = async |name: Option<Option<&str>>, blocked: Option<bool>| {
        let name = name.map(|it| it.map(str::to_owned));
        let body = types::UpdateContact { name, blocked };
        control.contacts_update(ANA, SUPPORT, &body).await.unwrap().into_inner().data
    };
    let saved = update(Some(Some("The shop")), Some(true)).await;
    assert!(saved.blocked && saved.name.as_deref() == Some("The shop"), "{saved:?}");
    let listed = control.contacts_list(ANA).await.unwrap().into_inner().data;
    assert!(listed.iter().any(|it| it.blocked && it.phone_number == SUPPORT), "{listed:?}");
    assert_eq!(refusal(control.messages_send(ANA, SUPPORT, &super::text("Hi")).await).0, 409);
    let removed = update(Some(None), Some(false)).await;
    assert!(!removed.blocked && removed.name.is_none(), "{removed:?}");
    let body = types::UpdateContact { name: None, blocked: Some(true) };
    assert_eq!(refusal(control.contacts_update(ANA, ANA, &body).await).0, 409);
}
