//! When two texts are the same to a person, however each was typed.
//!
//! Names are stored beside the form in which they are compared, so that the database finds
//! and orders them by it. What may be stored at all is said in `accounts::text`.

use icu_casemap::{CaseMapper, CaseMapperBorrowed};
use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory};
use icu_properties::{
    CodePointMapData, CodePointMapDataBorrowed, CodePointSetData, CodePointSetDataBorrowed,
};

const NFKC: ComposingNormalizerBorrowed<'static> = ComposingNormalizerBorrowed::new_nfkc();
const CASES: CaseMapperBorrowed<'static> = CaseMapper::new();
const IGNORABLE: CodePointSetDataBorrowed<'static> =
    CodePointSetData::new::<DefaultIgnorableCodePoint>();
const CATEGORIES: CodePointMapDataBorrowed<'static, GeneralCategory> =
    CodePointMapData::<GeneralCategory>::new();

/// The form in which names are compared: compatibility characters composed, cases folded,
/// what cannot be seen taken out, no white space around it.
pub(crate) fn comparable(text: &str) -> String {
    let composed = NFKC.normalize(text);
    let visible: String = composed.chars().filter(|c| is_visible(*c)).collect();
    let folded = CASES.fold_string(&visible);
    NFKC.normalize(&folded).trim().to_owned()
}

/// Whether a character leaves a trace on paper.
pub(crate) fn is_visible(c: char) -> bool {
    !IGNORABLE.contains(c)
        && !matches!(
            CATEGORIES.get(c),
            GeneralCategory::Format | GeneralCategory::Control
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn texts_that_look_alike_compare_equal() {
        for (one, other) in [
            ("ci-build", "CI-Build"),
            ("ci-build", " ci-build\u{a0}"),
            ("ci-build", "ci\u{200b}-build"),
            ("ci-build", "ci-\u{2060}build\u{feff}"),
            ("ci-build", "c\u{ad}i-build"),
            ("ci-build", "ｃｉ-build"),
            ("caf\u{e9}", "CAFE\u{301}"),
            ("stra\u{df}e", "STRASSE"),
            ("ﬁle", "FILE"),
        ] {
            assert_eq!(comparable(one), comparable(other), "{one:?} {other:?}");
        }
    }

    #[test]
    fn texts_that_differ_stay_different() {
        for (one, other) in [("ci-build", "ci build"), ("a", "b"), ("1", "l"), ("é", "e")] {
            assert_ne!(comparable(one), comparable(other), "{one:?} {other:?}");
        }
    }

    proptest! {
        /// A form that were folded again to another one would be found by nobody.
        #[test]
        fn the_compared_form_compares_as_itself(text in any::<String>()) {
            let once = comparable(&text);
            prop_assert_eq!(comparable(&once), once);
        }

        #[test]
        fn what_cannot_be_seen_does_not_count(
            (before, after) in any::<(String, String)>(),
            invisible in "[\u{ad}\u{200b}\u{200d}\u{2060}\u{feff}\u{e0020}]{1,3}",
        ) {
            let plain = format!("{before}{after}");
            // Taken out first, it cannot keep two characters from being composed.
            prop_assert_eq!(comparable(&format!("{before}{invisible}{after}")), comparable(&plain));
        }
    }
}
