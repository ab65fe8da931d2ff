use std::time::Duration;

use whatsapp_sandbox::{ControlError, Sandbox};

use super::{ANA, SUPPORT, start};

#[tokio::test]
async fn a_test_needs_two_lines() {
    let sandbox = Sandbox::start().await.unwrap();
    let (url, key) = (sandbox.url(), sandbox.full_key());
    let sessions = reqwest::Client::builder().no_proxy().build().unwrap().get(format!("{url}/api/sessions"));
    assert_eq!(sessions.bearer_auth(key).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn people_write_answer_and_wait_in_rust() {
    let sandbox = start().await;
    let (ana, support) = (sandbox.account(ANA), sandbox.account(SUPPORT));
    assert_eq!(ana.get().await.unwrap().name, "Ana");
    ana.answers("open", "Great!").await.unwrap();
    let question = ana.sends(SUPPORT, "Are you open?").await.unwrap();
    support.receives(&question.id, ANA).await.unwrap();
    support.reads(ANA).await.unwrap();
    support.sends(ANA, "We are open").await.unwrap();
    support.finds("the answer", ANA, |it| it.text == "Great!").await.unwrap();
}

#[tokio::test]
async fn errors_say_what_is_wrong() {
    let sandbox = start().await;
    let refused = sandbox.account("+4915100000000").sends(ANA, "Hi").await.unwrap_err();
    assert!(
        matches!(&refused, ControlError::Refused { status: 404, message } if message.contains("WhatsApp"))
    );
    let in_vain = sandbox.wait_for_within(Duration::from_millis(40), "rain", async || None::<()>).await;
    assert_eq!(in_vain.unwrap_err().to_string(), "waited in vain for rain, 0 seconds long");
    let late = sandbox.wait_for("now", async || Some(1)).await.unwrap();
    assert_eq!(late, 1);
}

#[tokio::test]
async fn a_sandbox_that_is_gone_is_unreachable() {
    let sandbox = start().await;
    let control = whatsapp_sandbox::client::Client::at(sandbox.url()).unwrap();
    sandbox.stop().await;
    let error = ControlError::from(control.overview_get().await.unwrap_err());
    assert!(matches!(error, ControlError::Unreachable(_)), "{error}");
}
