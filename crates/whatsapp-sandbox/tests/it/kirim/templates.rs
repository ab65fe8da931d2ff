use serde_json::json;

use super::api::{Kirim, error, start};

#[tokio::test]
async fn approved_templates_are_listed_and_a_sync_brings_the_rest() {
    let kirim = start().await;
    let acme = kirim.acme();
    let names = async |query: &str| {
        let list = acme.get(&Kirim::at(&format!("templates?{query}"))).await.ok();
        let rows = list["data"].as_array().unwrap().clone();
        rows.iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names("").await, ["hello_world", "order_shipped", "order_shipped", "weekly_menu"]);
    assert_eq!(names("language=id").await, ["order_shipped"]);
    assert_eq!(names("status=pending").await, ["feedback_request"]);
    let synced = acme.post(&Kirim::at("templates/sync"), json!({})).await.ok();
    assert_eq!(synced["data"], json!({ "created": 1, "updated": 1, "synced": 9 }));
    assert!(names("").await.contains(&"delivery_delayed".to_owned()));
    assert_eq!(names("status=pending").await, [""; 0]);
    let one = acme.get(&Kirim::at("templates/order_shipped")).await.ok();
    assert_eq!(one["data"]["variables"], json!(["1", "2"]));
    error(acme.get(&Kirim::at("templates/nobody_knows_it")).await, 404, "resource_not_found");
}
