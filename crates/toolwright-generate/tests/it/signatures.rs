//! What is read from the source of a client.

use toolwright_generate::{SignatureError, signatures};

#[test]
fn signatures_say_names_types_and_what_is_returned() {
    let found = signatures(
        "pub struct Client;
         impl Client {
             pub fn new() -> Self { Self }
             pub async fn unit<'a>(&'a self) -> Result<ResponseValue<()>, Error<()>> { todo!() }
             pub async fn bytes<'a, B: Into<reqwest::Body>>(&'a self, body: B) -> Result<ResponseValue<ByteStream>, Error<()>> { todo!() }
             pub async fn json<'a>(
                 &'a self, id: &'a str, limit: Option<::std::num::NonZeroU64>, tags: Option<&'a ::std::vec::Vec<String>>,
                 body: &'a types::Filter,
             ) -> Result<ResponseValue<::std::vec::Vec<types::Pet>>, Error<types::Failure>> { todo!() }
         }
         impl Other { pub async fn elsewhere(&self) {} }
         impl ClientInfo<()> for Client { fn inner(&self) -> &() { &() } }",
    );
    insta::assert_debug_snapshot!(found.unwrap());
}

#[test]
fn a_method_that_returns_something_else_is_an_error() {
    let error = signatures("impl Client { async fn odd(&self) -> u8 { 0 } }").unwrap_err();
    assert_eq!(error, SignatureError::Shape("odd".to_owned()));
}
