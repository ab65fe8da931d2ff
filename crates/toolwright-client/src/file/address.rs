//! Which addresses are on the public internet.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address is one of a machine on the public internet: neither this machine, nor its network, nor one of the
/// ranges that IANA sets aside. An IPv6 address that stands for an IPv4 address is judged by the latter.
pub fn is_public_address(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = matches!(
        (a, b, c),
        (0 | 10 | 127 | 224.., _, _) // this network, private, loopback, multicast and reserved
            | (100, 64..=127, _) // shared by carriers
            | (169, 254, _) // link-local, where clouds keep their metadata
            | (172, 16..=31, _) | (192, 168, _) // private
            | (192, 0, 0 | 2) | (192, 88, 99) | (198, 51, 100) | (203, 0, 113) // protocols and documentation
            | (198, 18..=19, _) // benchmarks
    );
    !special
}

/// Global unicast is `2000::/3`. The blocks taken out of it are for protocols (tunnels to IPv4 among them) and for
/// documentation.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    let special = matches!((a, b), (0x2001, ..=0x01ff | 0x0db8) | (0x2002, _) | (0x3fff, ..=0x0fff));
    (0x2000..=0x3fff).contains(&a) && !special
}
