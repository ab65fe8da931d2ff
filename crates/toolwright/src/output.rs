//! From the API's answer to content that a model can read.

mod answer;
mod budget;
mod conform;

use std::sync::Arc;

use rmcp::model::ContentBlock;
use serde_json::{Map, Value};

use crate::Tool;

pub(crate) use answer::Answer;
pub(crate) use budget::paging_hint;

/// The result of a call.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Output {
    /// What the model reads: the whole JSON of the answer, or its image, audio, file or link. What is over the
    /// response budget is cut, with a note that says how to get the rest.
    pub content: Vec<ContentBlock>,
    /// The part of the answer that conforms to the tool's output schema, where the tool publishes one. Within the
    /// response budget. It is [`Output::raw`] itself where nothing had to be left out.
    pub structured: Option<Arc<Value>>,
    /// The answer as it came, where it is JSON.
    pub raw: Option<Arc<Value>>,
    /// In what the answer differs from the API's document. For developers more than for models.
    pub notes: Vec<String>,
}

impl Output {
    /// A JSON result.
    pub fn json(value: Value) -> Self {
        let value = Arc::new(value);
        Self {
            content: vec![ContentBlock::text(value.to_string())],
            structured: value.is_object().then(|| Arc::clone(&value)),
            raw: Some(value),
            notes: Vec::new(),
        }
    }

    /// A result in words.
    pub fn text(text: impl Into<String>) -> Self {
        Self { content: vec![ContentBlock::text(text)], ..Self::default() }
    }

    /// With one more block, such as an image.
    #[must_use]
    pub fn with_content(mut self, block: ContentBlock) -> Self {
        self.content.push(block);
        self
    }

    /// With structured content that keeps the promise of the tool's output schema.
    pub(crate) fn conforming_to(mut self, tool: &Tool) -> Self {
        self.structured = tool.output.as_ref().and_then(|schema| {
            let value = self.structured.take().unwrap_or_else(|| Value::Object(Map::new()).into());
            let conforming = conform::conform(schema, value);
            self.notes.extend(conforming.differences.iter().map(ToString::to_string));
            conforming.value
        });
        self
    }
}
