//! What a person set for the whole application.
//!
//! Not here: what they set for one server (`instance`), words and colours (the interface).

use serde::{Deserialize, Serialize};
use specta::Type;

/// The shortest and longest time after which a copied secret is cleared, in seconds.
const CLEAR_CLIPBOARD_SECONDS: std::ops::RangeInclusive<u32> = 10..=120;

/// In which language the interface speaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// As the system does, English where Keydesk does not know its language.
    #[default]
    System,
    /// English.
    En,
    /// Simplified Chinese.
    ZhCn,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Theme {
    /// As the system is.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// The preferences. A value that a newer or a damaged file holds and this Keydesk does not know
/// makes the file unreadable as a whole, see [`crate::config`]; a missing one has its default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct Preferences {
    /// The language.
    pub language: Language,
    /// Light or dark.
    pub theme: Theme,
    /// After how many seconds a copied secret is cleared, 10 to 120; `None` for never.
    pub clear_clipboard_after_seconds: Option<u32>,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            language: Language::default(),
            theme: Theme::default(),
            clear_clipboard_after_seconds: Some(30),
        }
    }
}

impl Preferences {
    /// These preferences, with numbers moved to the nearest that is allowed.
    #[must_use]
    pub fn within_limits(mut self) -> Self {
        let (shortest, longest) = CLEAR_CLIPBOARD_SECONDS.into_inner();
        self.clear_clipboard_after_seconds = self
            .clear_clipboard_after_seconds
            .map(|seconds| seconds.clamp(shortest, longest));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_preferences_has_the_defaults() {
        let read: Preferences = serde_json::from_str("{}").unwrap();
        assert_eq!(read, Preferences::default());
        assert_eq!(read.clear_clipboard_after_seconds, Some(30));
    }

    #[test]
    fn never_clearing_survives_a_restart() {
        let never = Preferences {
            clear_clipboard_after_seconds: None,
            ..Preferences::default()
        };
        let text = serde_json::to_string(&never).unwrap();
        assert_eq!(serde_json::from_str::<Preferences>(&text).unwrap(), never);
    }

    #[test]
    fn the_time_on_the_clipboard_stays_between_ten_seconds_and_two_minutes() {
        for (asked, granted) in [(0, 10), (9, 10), (10, 10), (120, 120), (9_999, 120)] {
            let preferences = Preferences {
                clear_clipboard_after_seconds: Some(asked),
                ..Preferences::default()
            };
            let seconds = preferences.within_limits().clear_clipboard_after_seconds;
            assert_eq!(seconds, Some(granted), "{asked}");
        }
    }
}
