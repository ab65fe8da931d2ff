include!("fixture/client.rs");

toolwright::tools!("catalogs/nowhere.json", client = client::Client);

fn main() {}
