include!("fixture/client.rs");

toolwright::tools!("catalogs/unknown_member.json", client = client::Client);

fn main() {}
