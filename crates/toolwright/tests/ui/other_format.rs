include!("fixture/client.rs");

toolwright::tools!("catalogs/other_format.json", client = client::Client);

fn main() {}
