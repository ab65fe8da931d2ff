include!("fixture/client.rs");

toolwright::tools!("../catalogs/good.json", client = client::Client);

fn main() {}
