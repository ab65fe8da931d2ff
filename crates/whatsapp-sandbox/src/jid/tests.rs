use super::{Jid, JidError};

#[test]
fn every_spelling_has_one_canonical_form() {
    let table = [
        ("5511999999999", "5511999999999@s.whatsapp.net"),
        ("+5511999999999", "5511999999999@s.whatsapp.net"),
        ("+55 11 99999-9999", "5511999999999@s.whatsapp.net"),
        ("+1 (415) 555-0100", "14155550100@s.whatsapp.net"),
        ("415.555.0100", "4155550100@s.whatsapp.net"),
        ("+49 30/123456", "4930123456@s.whatsapp.net"),
        ("\u{202a}+55 11 99999\u{2011}9999\u{202c}", "5511999999999@s.whatsapp.net"),
        ("+55\u{a0}11\u{202f}99999 9999", "5511999999999@s.whatsapp.net"),
        ("5511999999999:7", "5511999999999@s.whatsapp.net"),
        ("+55 11 99999-9999@c.us", "5511999999999@s.whatsapp.net"),
        ("  5511999999999  ", "5511999999999@s.whatsapp.net"),
        ("5511999999999@s.whatsapp.net", "5511999999999@s.whatsapp.net"),
        ("+5511999999999@s.whatsapp.net", "5511999999999@s.whatsapp.net"),
        ("5511999999999@c.us", "5511999999999@s.whatsapp.net"),
        ("5511999999999@S.WhatsApp.Net", "5511999999999@s.whatsapp.net"),
        ("5511999999999:12@s.whatsapp.net", "5511999999999@s.whatsapp.net"),
        ("5511999999999.0:12@s.whatsapp.net", "5511999999999@s.whatsapp.net"),
        ("181234567890123@lid", "181234567890123@lid"),
        ("181234567890123:3@lid", "181234567890123@lid"),
        ("120363012345678901@g.us", "120363012345678901@g.us"),
        ("5511999999999-1612345678@g.us", "5511999999999-1612345678@g.us"),
        ("120363098765432109@newsletter", "120363098765432109@newsletter"),
        ("status@broadcast", "status@broadcast"),
    ];
    for (text, canonical) in table {
        let jid = Jid::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(jid.to_string(), canonical, "{text}");
        assert_eq!(Jid::parse(canonical), Ok(jid), "{canonical} is a fixed point");
    }
}

#[test]
fn what_is_no_jid_says_why() {
    let user = |text: &str| JidError::User(text.to_owned());
    let server = |text: &str| JidError::Server(text.to_owned());
    let table = [
        ("", JidError::Empty),
        ("   ", JidError::Empty),
        ("ana", user("ana")),
        ("@s.whatsapp.net", user("@s.whatsapp.net")),
        ("５５１１９９９９９９@s.whatsapp.net", user("５５１１９９９９９９@s.whatsapp.net")),
        ("12a@lid", user("12a@lid")),
        ("1-2-3@g.us", user("1-2-3@g.us")),
        ("5511999999999:web@s.whatsapp.net", user("5511999999999:web@s.whatsapp.net")),
        ("5511999999999.x@c.us", user("5511999999999.x@c.us")),
        ("++5511999999999", user("++5511999999999")),
        ("55+11999999999", user("55+11999999999")),
        ("-1@g.us", user("-1@g.us")),
        ("5511999999999@gmail.com", server("5511999999999@gmail.com")),
        ("5511999999999@broadcast", server("5511999999999@broadcast")),
        ("1234", JidError::Length("1234".to_owned())),
        ("1234567890123456@s.whatsapp.net", JidError::Length("1234567890123456@s.whatsapp.net".to_owned())),
    ];
    for (text, error) in table {
        assert_eq!(Jid::parse(text), Err(error), "{text}");
    }
}
