use whatsapp_sandbox::client::types;

use super::{ANA, BRUNO, SUPPORT, refusal, say, start};

fn rule(matching: &str) -> types::CreateReply {
    types::CreateReply {
        matching: matching.to_owned(),
        text: None,
        quote: None,
        reaction: None,
        delay_milliseconds: Some(0),
    }
}

#[tokio::test]
async fn an_account_answers_by_its_rules_until_they_are_deleted() {
    let sandbox = start().await;
    let control = sandbox.control();
    let quote = types::CreateReply {
        text: Some("$1? Too much!".to_owned()),
        quote: Some(true),
        ..rule(r"costs (\d+)")
    };
    let made = control.replies_create(ANA, &quote).await.unwrap().into_inner().data;
    assert!(made.quote && made.reaction.is_none());
    let thanks = types::CreateReply { reaction: Some("🙏".to_owned()), ..rule("^thanks$") };
    control.replies_create(ANA, &thanks).await.unwrap();
    let listed = control.replies_list(ANA).await.unwrap().into_inner().data;
    assert_eq!(
        listed.iter().map(|it| it.matching.as_str()).collect::<Vec<_>>(),
        [r"costs (\d+)", "^thanks$"]
    );

    let support = sandbox.account(SUPPORT);
    let id = say(control, SUPPORT, ANA, "It costs 40").await;
    let answer = support.finds("the answer", ANA, |it| it.text == "40? Too much!").await.unwrap();
    assert_eq!(answer.quoted_message_id, Some(id));
    say(control, SUPPORT, ANA, "Thanks").await;
    let thanked = |it: &types::Message| it.reactions.iter().any(|it| it.reaction == "🙏");
    support.finds("the reaction", ANA, thanked).await.unwrap();

    assert_eq!(refusal(control.replies_delete(BRUNO, made.id).await).0, 404);
    control.replies_delete(ANA, made.id).await.unwrap();
    assert_eq!(refusal(control.replies_delete(ANA, made.id).await).0, 404);
}

#[tokio::test]
async fn a_rule_must_say_what_to_look_for_and_what_to_answer() {
    let sandbox = start().await;
    let control = sandbox.control();
    let (status, why) = refusal(control.replies_create(ANA, &rule("x")).await);
    assert_eq!(status, 400, "{why}");
    let broken = types::CreateReply { text: Some("?".to_owned()), ..rule("(") };
    assert_eq!(refusal(control.replies_create(ANA, &broken).await).0, 409);
}
