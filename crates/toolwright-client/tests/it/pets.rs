//! A typed client of four operations, written as the generator emits it.

use progenitor_client::{
    ByteStream, ClientHooks, ClientInfo, Error, OperationInfo, QueryParam, ResponseValue, encode_path,
};
use reqwest::header::{ACCEPT, HeaderMap, HeaderName, HeaderValue};
use toolwright_client::{CallContext, OperationSpec};

pub(crate) const SPEC_HASH: &str = "pets-1";

pub(crate) static OPERATIONS: &[OperationSpec] = &[
    OperationSpec {
        id: "add_pet",
        method: "POST",
        template: "/owners/{owner}/pets",
        idempotency_header: None,
    },
    OperationSpec {
        id: "get_pet",
        method: "GET",
        template: "/owners/{owner}/pets/{pet}",
        idempotency_header: None,
    },
    OperationSpec {
        id: "get_photo",
        method: "GET",
        template: "/pets/{pet}/photo.png",
        idempotency_header: None,
    },
    OperationSpec {
        id: "send_message",
        method: "POST",
        template: "/owners/{owner}/messages",
        idempotency_header: Some("Idempotency-Key"),
    },
];

toolwright_client::client_hooks!(Client, operations = OPERATIONS, spec_hash = SPEC_HASH);

#[derive(serde::Deserialize, serde::Serialize, Clone, Debug)]
pub(crate) struct Pet {
    pub(crate) name: String,
}

#[derive(Clone, Debug)]
#[expect(clippy::struct_field_names, reason = "the generator names the fields")]
pub(crate) struct Client {
    baseurl: String,
    client: reqwest::Client,
    inner: CallContext,
}

impl ClientInfo<CallContext> for Client {
    fn api_version() -> &'static str {
        "1.0.0"
    }
    fn baseurl(&self) -> &str {
        self.baseurl.as_str()
    }
    fn client(&self) -> &reqwest::Client {
        &self.client
    }
    fn inner(&self) -> &CallContext {
        &self.inner
    }
}

fn api_version() -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.append(HeaderName::from_static("api-version"), HeaderValue::from_static(Client::api_version()));
    headers
}

impl Client {
    pub(crate) fn new_with_client(baseurl: &str, client: reqwest::Client, inner: CallContext) -> Self {
        Self { baseurl: baseurl.to_string(), client, inner }
    }

    pub(crate) async fn get_pet<'a>(
        &'a self,
        owner: &'a str,
        pet: &'a str,
        verbose: Option<bool>,
    ) -> Result<ResponseValue<Pet>, Error<()>> {
        let url = format!("{}/owners/{}/pets/{}", self.baseurl, encode_path(owner), encode_path(pet));
        let mut request = self
            .client
            .get(url)
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .query(&QueryParam::new("verbose", &verbose))
            .headers(api_version())
            .build()?;
        let info = OperationInfo { operation_id: "get_pet" };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }

    pub(crate) async fn add_pet<'a>(
        &'a self,
        owner: &'a str,
        body: &'a Pet,
    ) -> Result<ResponseValue<Pet>, Error<()>> {
        let url = format!("{}/owners/{}/pets", self.baseurl, encode_path(owner));
        let mut request = self.client.post(url).json(&body).headers(api_version()).build()?;
        let info = OperationInfo { operation_id: "add_pet" };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            201u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }

    pub(crate) async fn send_message<'a>(
        &'a self,
        owner: &'a str,
        body: &'a Pet,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = format!("{}/owners/{}/messages", self.baseurl, encode_path(owner));
        let mut request = self.client.post(url).json(&body).headers(api_version()).build()?;
        let info = OperationInfo { operation_id: "send_message" };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }

    pub(crate) async fn get_photo<'a>(
        &'a self,
        pet: &'a str,
        api_version_parameter: Option<&'a str>,
    ) -> Result<ResponseValue<ByteStream>, Error<()>> {
        let url = format!("{}/pets/{}/photo.png", self.baseurl, encode_path(pet));
        let mut headers = api_version();
        if let Some(value) = api_version_parameter {
            headers.append("api-version", value.to_string().try_into()?);
        }
        let mut request = self.client.get(url).headers(headers).build()?;
        let info = OperationInfo { operation_id: "get_photo" };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => Ok(ResponseValue::stream(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }

    /// An operation that is not in the table, as after generating only half of the files.
    pub(crate) async fn unknown_operation(&self) -> Result<ResponseValue<()>, Error<()>> {
        let mut request = self.client.get(format!("{}/unknown", self.baseurl)).build()?;
        let info = OperationInfo { operation_id: "unknown_operation" };
        self.pre(&mut request, &info).await?;
        let response = self.exec(request, &info).await?;
        Ok(ResponseValue::empty(response))
    }
}
