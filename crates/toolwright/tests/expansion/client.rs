//! A client in the shape that the generator gives its clients: methods over an inner call context.

use toolwright::client::{
    ApiClient, CallContext, GenericOperation, GenericRequest, OperationSpec, QueryStyle, RequestBody, execute,
};

pub(crate) mod types {
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Serialize, Deserialize)]
    pub(crate) struct NewPet {
        name: String,
        age: Option<u8>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(transparent)]
    pub(crate) struct PetId(pub(crate) String);

    #[derive(Debug, Deserialize, Serialize)]
    #[serde(rename_all = "snake_case")]
    pub(crate) enum Sort {
        Age,
        Name,
    }

    #[derive(Debug, Serialize)]
    pub(crate) struct Secret;
}

pub(crate) struct Client(CallContext);

impl ApiClient for Client {
    const SPEC_HASH: &'static str = "0123abcd";
    const OPERATIONS: &'static [OperationSpec] = &[];

    fn for_call(context: CallContext) -> Self {
        Self(context)
    }
}

type Answer = Result<(), toolwright::client::__private::Error<()>>;

impl Client {
    pub(crate) async fn pets_create(&self, body: &types::NewPet) -> Answer {
        let body = serde_json::to_value(body).expect("a pet is JSON");
        self.send("POST", "/pets", |request| request.body(RequestBody::Json(body))).await
    }

    pub(crate) async fn pets_delete(&self, pet_id: &str) -> Answer {
        self.send("DELETE", "/pets/{petId}", |request| request.path("petId", pet_id)).await
    }

    pub(crate) async fn pets_list(
        &self,
        limit: Option<std::num::NonZeroU32>,
        name: Option<&str>,
        sort: Option<&types::Sort>,
        secret: Option<types::Secret>,
    ) -> Answer {
        let values = [
            ("limit", serde_json::to_value(limit)),
            ("name", serde_json::to_value(name)),
            ("sort", serde_json::to_value(sort)),
            ("secret", serde_json::to_value(secret)),
        ];
        self.send("GET", "/pets", |request| {
            values.into_iter().fold(request, |request, (name, value)| {
                request.query(name, value.expect("a parameter is JSON"), QueryStyle::Repeated)
            })
        })
        .await
    }

    pub(crate) async fn pets_upload_picture<B: Into<Vec<u8>>>(&self, pet_id: &str, body: B) -> Answer {
        let text = String::from_utf8(body.into()).expect("the fixture's file is text");
        let body = RequestBody::Text { media_type: "application/octet-stream".to_owned(), text };
        self.send("PUT", "/pets/{petId}/picture", |request| request.path("petId", pet_id).body(body)).await
    }

    pub(crate) async fn pets_weigh(&self, pet_id: &types::PetId, grams: i64) -> Answer {
        self.send("PUT", "/pets/{petId}/weight", |request| {
            request.path("petId", pet_id.0.as_str()).query("grams", grams.into(), QueryStyle::Repeated)
        })
        .await
    }

    async fn send(
        &self,
        method: &str,
        template: &str,
        fill: impl FnOnce(GenericRequest) -> GenericRequest,
    ) -> Answer {
        execute(&self.0, fill(GenericRequest::new(GenericOperation::new("fixture", method, template)))).await;
        Ok(())
    }
}
