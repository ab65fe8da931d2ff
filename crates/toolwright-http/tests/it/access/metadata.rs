//! What clients read before they have a token.

use reqwest::{Client, Method, Response};
use serde_json::{Value, json};
use toolwright::Granted;
use toolwright::client::Credential;
use toolwright_http::access::{Access, OAuthConfig};

use super::authority::fixed;
use super::{challenge, headers};

/// A server with nothing but the metadata of `access`.
async fn serve(access: &Access) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let routes = access.metadata_routes().unwrap();
    tokio::spawn(async move { axum::serve(listener, routes).await });
    format!("http://{address}")
}

async fn ask(method: Method, url: &str) -> Response {
    // Installs the process's provider of cryptography, which the client wants even without TLS.
    toolwright::client::Upstream::builder(url).build().unwrap();
    let request = Client::builder().no_proxy().build().unwrap().request(method, url);
    request.header("origin", "https://app.example.com").send().await.unwrap()
}

#[tokio::test]
async fn the_metadata_are_at_both_places() {
    let config = OAuthConfig::new("https://login.example.com/tenant", "https://mcp.example.com/wa/mcp");
    let access = fixed(config.with_scopes(["messages:read", "messages:*"]));
    let server = serve(&access).await;
    for place in ["", "/wa/mcp"] {
        let url = format!("{server}/.well-known/oauth-protected-resource{place}");
        let response = ask(Method::GET, &url).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "application/json");
        assert_eq!(response.headers()["cache-control"], "public, max-age=3600");
        assert_eq!(response.headers()["access-control-allow-origin"], "*");
        let metadata: Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
        let expected = json!({
            "resource": "https://mcp.example.com/wa/mcp",
            "authorization_servers": ["https://login.example.com/tenant"],
            "bearer_methods_supported": ["header"],
            "scopes_supported": ["messages:read"],
        });
        assert_eq!(metadata, expected);
        let preflight = ask(Method::OPTIONS, &url).await;
        assert_eq!(preflight.headers()["access-control-allow-headers"], "*");
    }
    let elsewhere = format!("{server}/.well-known/oauth-protected-resource/mcp");
    assert_eq!(ask(Method::GET, &elsewhere).await.status(), 404);
}

#[tokio::test]
async fn the_challenge_names_the_place_below_the_well_known_one() {
    for (resource, place) in [
        ("https://mcp.example.com", "https://mcp.example.com/.well-known/oauth-protected-resource"),
        ("https://mcp.example.com/", "https://mcp.example.com/.well-known/oauth-protected-resource"),
        (
            "https://mcp.example.com:8443/mcp/",
            "https://mcp.example.com:8443/.well-known/oauth-protected-resource/mcp",
        ),
    ] {
        let access = fixed(OAuthConfig::new("https://login.example.com", resource));
        let refusal = access.caller(&headers(&[])).await.unwrap_err();
        assert_eq!(challenge(&refusal), format!("Bearer resource_metadata=\"{place}\""));
        assert!(access.metadata_routes().is_some());
    }
}

#[test]
fn without_oauth_there_are_no_metadata() {
    assert!(Access::fixed(Credential::None, Granted::all()).metadata_routes().is_none());
    assert!(Access::forward(Granted::all()).metadata_routes().is_none());
}
