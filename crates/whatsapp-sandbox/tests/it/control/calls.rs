use whatsapp_sandbox::client::types;

use super::{ANA, BRUNO, SUPPORT, refusal, start};

#[tokio::test]
async fn a_call_rings_and_is_taken_or_not() {
    let sandbox = start().await;
    let control = sandbox.control();
    let offer = types::OfferCall { to: types::PersonId(SUPPORT.to_owned()), video: None };
    let call = async || control.calls_offer(ANA, &offer).await.unwrap().into_inner().data.id;
    let answer = |accepted| types::AnswerCall { accepted };
    let id = call().await;
    assert_eq!(refusal(control.calls_answer(BRUNO, &id, &answer(true)).await).0, 404);
    assert_eq!(refusal(control.calls_answer(ANA, &id, &answer(true)).await).0, 409, "it is her own");
    control.calls_answer(SUPPORT, &id, &answer(true)).await.unwrap();
    assert_eq!(refusal(control.calls_answer(SUPPORT, &id, &answer(false)).await).0, 409, "it rings no more");
    control.calls_hang_up(ANA, &id).await.unwrap();
    assert_eq!(refusal(control.calls_hang_up(SUPPORT, &id).await).0, 409, "it is over");
    let id = call().await;
    control.calls_answer(SUPPORT, &id, &answer(false)).await.unwrap();
    assert_eq!(refusal(control.calls_hang_up(ANA, &id).await).0, 409);
    let me = types::OfferCall { to: types::PersonId(ANA.to_owned()), video: Some(true) };
    assert_eq!(refusal(control.calls_offer(ANA, &me).await).0, 409);
}
