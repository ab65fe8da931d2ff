//! Who may call what: every operation of the document with every kind of credential.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};
use whatsapp_sandbox::{FULL_KEY, MASTER_KEY};

use crate::api::{Answer, Api, answer, start};
use crate::operations::path;

/// An operation of the document that the sandbox serves.
struct Operation {
    method: Method,
    template: String,
    schemes: Vec<String>,
    scopes: Vec<String>,
}

impl Operation {
    async fn call(&self, api: &Api, credential: Option<&str>) -> Answer {
        let mut request = api.request(self.method.clone(), &path(&self.template));
        if let Some(credential) = credential {
            request = request.bearer_auth(credential);
        }
        answer(request).await
    }

    fn name(&self) -> String {
        format!("{} {}", self.method, self.template)
    }
}

#[tokio::test]
async fn pages_of_other_websites_reach_nothing_with_a_key() {
    let api = start().await;
    for (header, value, status) in [
        ("host", "evil.example.com", 403),
        ("host", "localhost", 200),
        ("origin", "https://evil.example.com", 403),
        ("origin", "null", 403),
        ("origin", api.sandbox.url(), 200),
    ] {
        let request = api.request(Method::GET, "/api/sessions").bearer_auth(FULL_KEY).header(header, value);
        let answer = answer(request).await;
        assert_eq!(answer.status, status, "{header}: {value}: {}", answer.body);
    }
}

async fn operations(api: &Api) -> Vec<Operation> {
    let document = answer(api.request(Method::GET, "/openapi.json")).await;
    assert_eq!(document.headers["content-type"], "application/json");
    let document = document.ok();
    let texts = |value: &Value| -> Vec<String> {
        value.as_array().into_iter().flatten().map(|it| it.as_str().unwrap().to_owned()).collect()
    };
    let mut operations = Vec::new();
    for (template, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap().iter().filter(|(name, _)| *name != "parameters")
        {
            let security = operation.get("security").unwrap_or(&document["security"]);
            operations.push(Operation {
                method: Method::from_bytes(method.to_uppercase().as_bytes()).unwrap(),
                template: template.clone(),
                schemes: security
                    .as_array()
                    .unwrap()
                    .iter()
                    .flat_map(|it| it.as_object().unwrap().keys().cloned())
                    .collect(),
                scopes: texts(&operation["x-required-scopes"]),
            });
        }
    }
    operations
}

/// Keys with these scopes, made by the administrator.
struct Keys(BTreeMap<String, String>);

impl Keys {
    async fn get(&mut self, api: &Api, scopes: &[String]) -> String {
        let name = scopes.join(" ");
        if let Some(key) = self.0.get(&name) {
            return key.clone();
        }
        let body = json!({ "label": name, "lifetimeDays": 1, "scopes": scopes });
        let request = api.request(Method::POST, "/admin/keys").bearer_auth(MASTER_KEY).json(&body);
        let key = answer(request).await.is(201)["data"]["key"].as_str().unwrap().to_owned();
        self.0.insert(name, key.clone());
        key
    }
}

fn is_refused_for_a_scope(answer: &Answer) -> bool {
    answer.status == 403 && answer.body["error"].as_str().unwrap().contains("lacks the scope")
}

#[tokio::test]
async fn every_operation_asks_for_the_scopes_of_the_document() {
    let api = start().await;
    let mut keys = Keys(BTreeMap::new());
    let operations = operations(&api).await;
    assert_eq!(operations.len(), 98);
    for operation in operations.iter().filter(|it| it.schemes.iter().any(|it| it == "ApiKey")) {
        let name = operation.name();
        for credential in [None, Some("titan_wrong"), Some("titan_ct_wrong")] {
            assert_eq!(operation.call(&api, credential).await.status, 401, "{name}: {credential:?}");
        }
        let master = operation.call(&api, Some(MASTER_KEY)).await;
        assert!(master.error(403).contains("API key"), "{name}");

        let narrow = if operation.scopes == ["presence:write"] { "profile:write" } else { "presence:write" };
        let narrow = keys.get(&api, &[narrow.to_owned()]).await;
        let refused = operation.call(&api, Some(&narrow)).await;
        if let [scope, ..] = operation.scopes.as_slice() {
            assert!(refused.error(403).contains(&format!("`{scope}`")), "{name}");
        } else {
            assert!(!is_refused_for_a_scope(&refused) && refused.status != 401, "{name}: any key will do");
        }
        let domains: Vec<String> =
            operation.scopes.iter().map(|it| format!("{}:*", it.split_once(':').unwrap().0)).collect();
        for enough in [operation.scopes.clone(), domains, vec!["*".to_owned()]] {
            if enough.is_empty() {
                continue;
            }
            let key = keys.get(&api, &enough).await;
            let answer = operation.call(&api, Some(&key)).await;
            assert_ne!(answer.status, 401, "{name} with {enough:?}");
            assert!(!is_refused_for_a_scope(&answer), "{name} with {enough:?}: {}", answer.body);
        }
    }
}

#[tokio::test]
async fn the_administration_opens_to_the_master_key_alone() {
    let api = start().await;
    let operations = operations(&api).await;
    let admin: Vec<_> = operations.iter().filter(|it| it.schemes == ["MasterKey"]).collect();
    assert_eq!(admin.len(), 7);
    for operation in admin {
        assert_eq!(operation.call(&api, None).await.status, 401, "{}", operation.name());
        assert_eq!(operation.call(&api, Some("titan_wrong")).await.status, 401, "{}", operation.name());
        let error = operation.call(&api, Some(api.sandbox.full_key())).await.error(403);
        assert!(error.contains("master key"), "{error}");
        let answer = operation.call(&api, Some(MASTER_KEY)).await;
        assert!(![401, 403].contains(&answer.status.as_u16()), "{}: {}", operation.name(), answer.body);
    }
}

#[tokio::test]
async fn only_the_widget_opens_to_everyone() {
    let api = start().await;
    let operations = operations(&api).await;
    let open: Vec<_> =
        operations.iter().filter(|it| it.schemes.is_empty()).map(|it| it.template.as_str()).collect();
    assert_eq!(open, ["/widget/connect"]);
    assert!(answer(api.request(Method::GET, "/widget/connect")).await.error(400).contains("`token`"));
}
