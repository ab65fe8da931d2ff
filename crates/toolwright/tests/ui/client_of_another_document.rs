include!("fixture/client.rs");

toolwright::tools!("catalogs/other_document.json", client = client::Client);

fn main() {}
