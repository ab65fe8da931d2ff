use whatsapp_sandbox::client::{Client, types};

use super::{start, start_with};
use crate::api::fast;

#[tokio::test]
async fn other_websites_are_kept_out() {
    let sandbox = start().await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let own = format!("http://{}", sandbox.address());
    for (name, value, status) in [
        ("origin", own.as_str(), 200),
        ("origin", "http://evil.example", 403),
        ("host", "evil.example", 403),
        ("sec-fetch-site", "cross-site", 403),
    ] {
        let answer = http.get(format!("{own}/_sandbox")).header(name, value).send().await.unwrap();
        assert_eq!(answer.status(), status, "{name}: {value}");
        assert!(!answer.headers().contains_key("access-control-allow-origin"));
        if status == 403 {
            answer.json::<types::Error>().await.unwrap();
        }
    }
    let preflight = http
        .request(reqwest::Method::OPTIONS, format!("{own}/_sandbox/reset"))
        .header("origin", "http://evil.example")
        .send();
    assert!(!preflight.await.unwrap().status().is_success());
}

#[tokio::test]
async fn the_routes_can_be_switched_off_and_asked_for() {
    let off = start_with(fast().control(false)).await;
    let answer = reqwest::get(format!("{}/_sandbox", off.url())).await.unwrap();
    assert_eq!(answer.status(), 404);
    let open = fast().address("0.0.0.0:0".parse().unwrap()).allow_public(true).control(true);
    let open = start_with(open).await;
    let control = Client::at(&format!("http://127.0.0.1:{}", open.address().port())).unwrap();
    control.overview_get().await.unwrap();
}
