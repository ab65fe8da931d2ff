//! The templates that the simulated Meta has. Every text is obviously made up.

/// A template at Meta.
#[derive(Clone, Copy, Debug)]
pub(super) struct ProviderTemplate {
    pub(super) name: &'static str,
    pub(super) language: &'static str,
    pub(super) status: &'static str,
    pub(super) category: &'static str,
    pub(super) header: Option<&'static str>,
    pub(super) header_text: Option<&'static str>,
    pub(super) body: &'static str,
    pub(super) footer: Option<&'static str>,
    pub(super) buttons: &'static str,
}

/// Those that the demo number has not fetched yet.
pub(super) const NEW: [&str; 1] = ["delivery_delayed"];
/// Those that were approved since the demo number has fetched them.
pub(super) const JUST_APPROVED: [&str; 1] = ["feedback_request"];

const PLAIN: ProviderTemplate = ProviderTemplate {
    name: "",
    language: "en_US",
    status: "approved",
    category: "utility",
    header: None,
    header_text: None,
    body: "",
    footer: None,
    buttons: "[]",
};

pub(super) const TEMPLATES: [ProviderTemplate; 9] = [
    ProviderTemplate {
        name: "hello_world",
        header: Some("text"),
        header_text: Some("Hello World"),
        body: "Welcome, and congratulations: this message shows that you can send templates.",
        footer: Some("Simulated"),
        ..PLAIN
    },
    ProviderTemplate {
        name: "order_shipped",
        language: "id",
        body: "Halo {{1}}, pesanan {{2}} sudah dikirim.",
        ..PLAIN
    },
    ProviderTemplate {
        name: "order_shipped",
        body: "Hello {{1}}, your order {{2}} is on its way.",
        buttons: r#"[{"type":"url","text":"Track","url":"https://example.com/orders/{{1}}"}]"#,
        ..PLAIN
    },
    ProviderTemplate {
        name: "weekly_menu",
        category: "marketing",
        header: Some("image"),
        body: "This week's menu is here, {{1}}.",
        footer: Some("Reply STOP to hear no more"),
        ..PLAIN
    },
    ProviderTemplate { name: "delivery_delayed", body: "Order {{1}} is late by {{2}} days.", ..PLAIN },
    ProviderTemplate { name: "feedback_request", body: "How was it, {{1}}?", ..PLAIN },
    ProviderTemplate {
        name: "flash_sale",
        status: "paused",
        category: "marketing",
        body: "Today only: {{1}}.",
        ..PLAIN
    },
    ProviderTemplate {
        name: "old_offer",
        status: "disabled",
        category: "marketing",
        body: "An offer of old.",
        ..PLAIN
    },
    ProviderTemplate {
        name: "win_a_prize",
        status: "rejected",
        category: "marketing",
        body: "You have won!",
        ..PLAIN
    },
];
