include!("../fixture/client.rs");

toolwright::tools!("catalogs/good.json", client = client::Client);

fn main() {
    assert_eq!(API.tools.len(), 1);
}
