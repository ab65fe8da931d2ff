include!("fixture/client.rs");

toolwright::tools!("catalogs/not_json.json", client = client::Client);

fn main() {}
