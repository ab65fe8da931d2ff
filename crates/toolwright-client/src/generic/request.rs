//! A generic call as an HTTP request.

use http::{HeaderValue, Method, header};
use reqwest::Request;
use url::Url;

use super::{GenericRequest, RequestBody, encode, multipart, query};
use crate::{
    Failure, Upstream,
    guard::check_path_value,
    prepare::{header_name, header_value},
    template::{Piece, pieces},
};

/// Writes the call as a request, without what the context adds.
pub(super) fn build(upstream: &Upstream, call: GenericRequest) -> Result<Request, Failure> {
    let method = Method::from_bytes(call.operation.method.as_bytes())
        .map_err(|_| invalid(format!("`{}` is not a method", call.operation.method)))?;
    let path = path(&call.operation.template, &call.path)?;
    let mut url =
        Url::parse(&format!("{}{path}", upstream.root())).map_err(|error| invalid(error.to_string()))?;
    url.set_query(query::query(&call.query).as_deref());

    let mut request = Request::new(method, url);
    for (name, value) in &call.headers {
        let value = header_value(&format!("header `{name}`"), value)?;
        request.headers_mut().append(header_name(name)?, value);
    }
    if let Some(cookies) = cookies(&call.cookies)? {
        request.headers_mut().insert(header::COOKIE, cookies);
    }
    if let Some(body) = call.body {
        set_body(&mut request, body)?;
    }
    Ok(request)
}

/// The template with its variables replaced. Every variable needs a value, and every value a variable.
fn path(template: &str, values: &[(String, String)]) -> Result<String, Failure> {
    let mut path = String::with_capacity(template.len());
    let pieces = pieces(template);
    for piece in &pieces {
        match *piece {
            Piece::Literal(text) => path.push_str(text),
            Piece::Variable(name) => {
                let found = values.iter().find(|(given, _)| given == name);
                let (_, value) =
                    found.ok_or_else(|| invalid(format!("path argument `{name}` is missing")))?;
                check_path_value(name, value).map_err(|error| invalid(error.to_string()))?;
                path.push_str(&encode::component(value));
            }
        }
    }
    match values.iter().find(|(name, _)| !pieces.contains(&Piece::Variable(name))) {
        Some((name, _)) => Err(invalid(format!("`{template}` has no path argument `{name}`"))),
        None => Ok(path),
    }
}

fn cookies(cookies: &[(String, String)]) -> Result<Option<HeaderValue>, Failure> {
    let mut pairs = Vec::new();
    for (name, value) in cookies {
        // The grammar of cookie names is that of header names.
        header_name(name).map_err(|_| invalid(format!("`{name}` is not the name of a cookie")))?;
        pairs.push(format!("{name}={}", encode::cookie(value)));
    }
    if pairs.is_empty() { Ok(None) } else { header_value("a cookie", &pairs.join("; ")).map(Some) }
}

fn set_body(request: &mut Request, body: RequestBody) -> Result<(), Failure> {
    let multipart = matches!(body, RequestBody::Multipart(_));
    let (media_type, bytes) = match body {
        RequestBody::Json(value) => ("application/json".to_owned(), value.to_string().into()),
        RequestBody::Form(members) => {
            ("application/x-www-form-urlencoded".to_owned(), query::form(&members).into())
        }
        RequestBody::Multipart(parts) => multipart::write(parts)?,
        RequestBody::Binary(file) => {
            (file.mime_type.unwrap_or_else(|| "application/octet-stream".to_owned()), file.bytes)
        }
        RequestBody::Text { media_type, text } => (media_type, text.into()),
    };
    if multipart || !request.headers().contains_key(header::CONTENT_TYPE) {
        request.headers_mut().insert(header::CONTENT_TYPE, header_value("the media type", &media_type)?);
    }
    *request.body_mut() = Some(bytes.into());
    Ok(())
}

pub(super) fn invalid(reason: String) -> Failure {
    Failure::InvalidRequest(reason)
}
