//! The page with the simulated phones, as a browser gets it. What it does is tested in one, by `tests/page/run`.

use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use whatsapp_sandbox::Sandbox;

use crate::api::fast;

fn http() -> Client {
    Client::builder().no_proxy().redirect(Policy::none()).build().unwrap()
}

async fn get(sandbox: &Sandbox, path: &str) -> Response {
    http().get(format!("{}{path}", sandbox.url())).send().await.unwrap()
}

#[tokio::test]
async fn the_page_and_its_files_are_served_under_a_strict_policy() {
    let sandbox = fast().start().await.unwrap();
    for (path, content_type) in [
        ("/_sandbox/page", "text/html; charset=utf-8"),
        ("/_sandbox/page/main.js", "text/javascript; charset=utf-8"),
        ("/_sandbox/page/base.css", "text/css; charset=utf-8"),
        ("/_sandbox/page/icon.svg", "image/svg+xml"),
    ] {
        let answer = get(&sandbox, path).await;
        assert_eq!(answer.status(), 200, "{path}");
        let headers = answer.headers();
        assert_eq!(headers["content-type"], content_type);
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["referrer-policy"], "no-referrer");
        assert_eq!(headers["x-sandbox"], "simulated");
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none';"), "{policy}");
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
    }
    assert_eq!(get(&sandbox, "/_sandbox/page/page.html").await.status(), 404);
    assert_eq!(get(&sandbox, "/_sandbox/page/..%2flib.rs").await.status(), 404);
}

#[tokio::test]
async fn the_root_leads_to_the_page() {
    let sandbox = fast().start().await.unwrap();
    let answer = get(&sandbox, "/").await;
    assert_eq!(answer.status(), 307);
    assert_eq!(answer.headers()["location"], "/_sandbox/page");
}

#[tokio::test]
async fn other_websites_do_not_get_the_page() {
    let sandbox = fast().start().await.unwrap();
    for (name, value) in
        [("host", "evil.example"), ("origin", "http://evil.example"), ("sec-fetch-site", "cross-site")]
    {
        for path in ["/", "/_sandbox/page", "/_sandbox/page/main.js"] {
            let asked = http().get(format!("{}{path}", sandbox.url())).header(name, value);
            assert_eq!(asked.send().await.unwrap().status(), 403, "{path} with {name}");
        }
    }
}

#[tokio::test]
async fn there_is_no_page_where_the_control_routes_are_off() {
    let sandbox = fast().control(false).start().await.unwrap();
    for path in ["/", "/_sandbox/page", "/_sandbox/page/main.js"] {
        assert_eq!(get(&sandbox, path).await.status(), 404, "{path}");
    }
}
