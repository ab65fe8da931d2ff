include!("fixture/client.rs");

toolwright::tools!("catalogs/good.json", clients = client::Client);

fn main() {}
