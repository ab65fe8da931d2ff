include!("fixture/client.rs");

toolwright::tools!("catalogs/duplicate_tool.json", client = client::Client);

fn main() {}
