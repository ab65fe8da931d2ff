include!("fixture/client.rs");

toolwright::tools!("catalogs/unknown_method.json", client = client::Client);

fn main() {}
