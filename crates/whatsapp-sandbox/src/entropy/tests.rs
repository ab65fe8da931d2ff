use super::Entropy;
use crate::clock::Timestamp;

#[test]
fn the_same_seed_gives_the_same_codes_in_the_same_order() {
    let draw = |entropy: &Entropy| (entropy.message_id(1), entropy.pairing_code(), entropy.pairing_qr());
    let (one, same, other) = (Entropy::from_seed(7), Entropy::from_seed(7), Entropy::from_seed(8));
    let first = draw(&one);
    assert_eq!(first, draw(&same));
    assert_ne!(first, draw(&other));
    assert_ne!(first, draw(&one), "it goes on");
    assert_ne!(draw(&Entropy::from_system()), draw(&Entropy::from_system()));
}

#[test]
fn a_ulid_sorts_by_its_instant() {
    let entropy = Entropy::from_seed(7);
    let ulid = |millis| entropy.ulid(Timestamp::from_unix_millis(millis));
    // The example of the specification.
    assert!(ulid(1_469_918_176_385).starts_with("01ARYZ6S41"));
    assert_eq!(ulid(0).len(), 26);
    assert!(ulid(1_800_000_000_000) < ulid(1_800_000_000_001));
}
