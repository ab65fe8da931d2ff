//! Whether a request is one that the document describes.

use axum::body::Body;
use axum::extract::{FromRequestParts as _, RawPathParams, Request};
use http::request::Parts;
use http::{HeaderMap, StatusCode};

use super::parameter::Place;
use super::{Flaw, Mistake, Operation};

/// Why a request is none that the document describes.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Misfit {
    #[error("the path does not fit: {}", together(.0))]
    Path(Vec<Mistake>),
    #[error("the query does not fit: {}", together(.0))]
    Query(Vec<Mistake>),
    #[error("the headers do not fit: {}", together(.0))]
    Headers(Vec<Mistake>),
    #[error("the body must be JSON: send it with `Content-Type: application/json`")]
    MediaType,
    #[error("the body is larger than {} MB", .limit >> 20)]
    TooLarge { limit: usize },
    #[error("the body was cut off")]
    Broken,
    #[error("the body is missing: send a JSON object")]
    Missing,
    #[error("the body is no JSON: {0}")]
    Syntax(serde_json::Error),
    #[error("the body does not fit: {}", together(.0))]
    Body(Vec<Mistake>),
}

impl Misfit {
    /// The first thing that is wrong, where it can be said where.
    pub(crate) fn mistake(&self) -> Option<&Mistake> {
        match self {
            Self::Path(all) | Self::Query(all) | Self::Headers(all) | Self::Body(all) => all.first(),
            _ => None,
        }
    }

    /// The HTTP status for it.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            _ => StatusCode::BAD_REQUEST,
        }
    }
}

impl Operation {
    /// Gives the request back if the document describes it, with its body, if there is one, as a [`Payload`] among the
    /// extensions. A body that the operation does not ask for is left unread.
    ///
    /// [`Payload`]: super::Payload
    pub(crate) async fn check(&self, request: Request) -> Result<Request, Misfit> {
        let (mut parts, body) = request.into_parts();
        self.check_path(&mut parts).await?;
        let problems = self.query(parts.uri.query().unwrap_or_default());
        fits(problems, Misfit::Query)?;
        fits(self.headers(&parts.headers), Misfit::Headers)?;
        let Some(rule) = &self.body else { return Ok(Request::from_parts(parts, body)) };
        let payload = rule.take(&parts.headers, body).await?;
        parts.extensions.insert(payload);
        Ok(Request::from_parts(parts, Body::empty()))
    }

    async fn check_path(&self, parts: &mut Parts) -> Result<(), Misfit> {
        let wanted = || self.parameters.iter().filter(|it| it.place == Place::Path);
        if wanted().next().is_none() {
            return Ok(());
        }
        let values = RawPathParams::from_request_parts(parts, &())
            .await
            .map_err(|rejection| Misfit::Path(vec![Mistake::new(Flaw::Value, "", rejection.body_text())]))?;
        let problems = wanted().flat_map(|parameter| {
            let given: Vec<&str> =
                values.iter().filter(|(name, _)| *name == parameter.name).map(|(_, value)| value).collect();
            parameter.problems(&given)
        });
        fits(problems.collect(), Misfit::Path)
    }

    fn query(&self, query: &str) -> Vec<Mistake> {
        let given: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).collect();
        let wanted = || self.parameters.iter().filter(|it| it.place == Place::Query);
        let unknown =
            given.iter().map(|(name, _)| name.as_ref()).filter(|name| wanted().all(|it| it.name != *name));
        let mut problems: Vec<Mistake> = unknown.map(|name| self.unknown(name)).collect();
        problems.extend(wanted().flat_map(|parameter| {
            let values: Vec<&str> = given
                .iter()
                .filter(|(name, _)| *name == parameter.name)
                .map(|(_, value)| value.as_ref())
                .collect();
            parameter.problems(&values)
        }));
        problems
    }

    fn unknown(&self, name: &str) -> Mistake {
        let name: String = name.chars().take(64).collect();
        let known: Vec<String> = self
            .parameters
            .iter()
            .filter(|it| it.place == Place::Query)
            .map(|it| format!("`{}`", it.name))
            .collect();
        let words = if known.is_empty() {
            format!("there is no parameter `{name}`: this operation takes none")
        } else {
            format!("there is no parameter `{name}`: there is {}", known.join(", "))
        };
        Mistake::new(Flaw::Unknown, name, words)
    }

    fn headers(&self, headers: &HeaderMap) -> Vec<Mistake> {
        let wanted = self.parameters.iter().filter(|it| it.place == Place::Header);
        wanted
            .flat_map(|parameter| {
                // What is no visible ASCII fits no schema, and is shown to it as such.
                let given: Vec<&str> = headers
                    .get_all(&parameter.name)
                    .iter()
                    .map(|value| value.to_str().unwrap_or("\u{fffd}"))
                    .collect();
                parameter.problems(&given)
            })
            .collect()
    }
}

fn fits(problems: Vec<Mistake>, misfit: fn(Vec<Mistake>) -> Misfit) -> Result<(), Misfit> {
    if problems.is_empty() { Ok(()) } else { Err(misfit(problems)) }
}

fn together(mistakes: &[Mistake]) -> String {
    mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
