//! Values of settings, read from a text and from TOML.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use toml::de::DeValue;

use super::table::Kind;

/// The value of a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Text(String),
    Switch(bool),
    Number(u64),
    List(Vec<String>),
    Path(PathBuf),
}

impl Kind {
    /// Reads the texts of a flag or a variable. The error says what to write instead, and does not repeat the text.
    pub(super) fn read(self, texts: &[OsString]) -> Result<Value, String> {
        let last = texts.last().map(OsString::as_os_str).unwrap_or_default();
        if matches!(self, Self::Path) {
            return Ok(Value::Path(PathBuf::from(last)));
        }
        let utf8 = |text: &OsStr| text.to_str().map(str::to_owned).ok_or("is not UTF-8");
        match self {
            Self::Text(_) | Self::Path => Ok(Value::Text(utf8(last)?)),
            Self::List => {
                let mut items = Vec::new();
                for text in texts {
                    items.extend(words(&utf8(text)?));
                }
                Ok(Value::List(items))
            }
            Self::Choice(_) => self.choose(utf8(last)?),
            Self::Number { .. } => {
                let text = utf8(last)?;
                self.bounded(text.trim().replace('_', "").parse().ok())
            }
            Self::Switch => match utf8(last)?.trim().to_ascii_lowercase().as_str() {
                "true" | "1" | "yes" | "on" => Ok(Value::Switch(true)),
                "false" | "0" | "no" | "off" => Ok(Value::Switch(false)),
                _ => Err("is neither `true` nor `false`".to_owned()),
            },
        }
    }

    /// Reads a value of the file, which lies in `folder`.
    pub(super) fn read_toml(self, value: &DeValue<'_>, folder: &Path) -> Result<Value, String> {
        match (self, value) {
            (Self::Text(_), DeValue::String(text)) => Ok(Value::Text(text.to_string())),
            (Self::Choice(_), DeValue::String(text)) => self.choose(text.to_string()),
            (Self::Path, DeValue::String(text)) => Ok(Value::Path(folder.join(text.as_ref()))),
            (Self::Switch, DeValue::Boolean(switch)) => Ok(Value::Switch(*switch)),
            (Self::Number { .. }, DeValue::Integer(number)) => {
                self.bounded(u64::from_str_radix(number.as_str(), number.radix()).ok())
            }
            (Self::List, DeValue::String(text)) => Ok(Value::List(words(text))),
            (Self::List, DeValue::Array(items)) => {
                let items = items.iter().map(|item| item.get_ref().as_str().map(str::to_owned));
                let items: Option<Vec<String>> = items.collect();
                items
                    .map(Value::List)
                    .ok_or_else(|| "is a list with something else than texts in it".to_owned())
            }
            _ => Err(format!("is not {}", self.in_toml())),
        }
    }

    fn choose(self, text: String) -> Result<Value, String> {
        match self {
            Self::Choice(words) if !words.contains(&text.as_str()) => {
                let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
                Err(format!("is none of {}", words.join(", ")))
            }
            _ => Ok(Value::Text(text)),
        }
    }

    fn bounded(self, number: Option<u64>) -> Result<Value, String> {
        let Self::Number { min, max } = self else { return Err("is no number".to_owned()) };
        match number {
            Some(number) if (min..=max).contains(&number) => Ok(Value::Number(number)),
            _ => Err(format!("is not a whole number from {min} to {max}")),
        }
    }

    fn in_toml(self) -> &'static str {
        match self {
            Self::Text(_) | Self::Path | Self::Choice(_) => "a text in quotes",
            Self::Switch => "true or false without quotes",
            Self::Number { .. } => "a number without quotes",
            Self::List => "a list of texts such as [\"a\", \"b\"]",
        }
    }
}

fn words(text: &str) -> Vec<String> {
    let words = text.split([',', ' ', '\t', '\n', '\r']).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}
