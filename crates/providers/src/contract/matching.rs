//! Which operation of a description is one of ours.
//!
//! An operation that is listed under our own path and method is ours. Another is taken for ours
//! only where everything fits: the sort of its method, the shape of its path and what that is
//! about, its id, what it takes and what it answers; and only where no second one fits as well.

use std::collections::BTreeMap;

use keydesk_core::contract::Finding;
use reqwest::Method;

use super::body::{Taken, answered, merge, taken};
use super::describe::{Described, Description};
use super::place::{Place, Wanted};
use super::schema::Schemas;
use super::words::{has, joined};
use super::{fields, verbs};
use crate::operations::{Row, is_alike, parameter, parameters, parse};

/// What it takes to be taken for ours.
const ENOUGH: i32 = 4;

/// What a description says of an operation of ours; `None` where it need not say anything.
pub(super) fn find<N>(row: &Row<N>, description: &Description<'_>) -> Option<Finding> {
    let at_home = description.operations.iter().find(|described| {
        described.method == row.method && described.paths.iter().any(|path| is_same(row.path, path))
    });
    if let Some(described) = at_home {
        let says_what_it_sends = !row.sends.is_empty() || !row.may_send.is_empty();
        let taken = if says_what_it_sends {
            taken(row, described, &description.schemas)
        } else {
            Taken::As(BTreeMap::new())
        };
        return match taken {
            Taken::Unknown => Some(Finding::Confirmed),
            Taken::Not => Some(Finding::Missing),
            Taken::As(mut renamed) => {
                // An answer that says less than ours is still its answer.
                if let Some(answered) = answered(row, described, &description.schemas) {
                    merge(&mut renamed, answered.renamed);
                }
                Some(if renamed.is_empty() {
                    Finding::Confirmed
                } else {
                    Finding::FoundElsewhere {
                        request: format!("{} {}", row.method, row.path),
                        fields: renamed,
                    }
                })
            }
        };
    }
    if row.about.is_empty() {
        return None;
    }
    let wanted = Wanted::new(row);
    let mut best: Option<(i32, Finding)> = None;
    let mut twice = false;
    for described in &description.operations {
        let Some((score, finding)) = elsewhere(&wanted, described, &description.schemas) else {
            continue;
        };
        match &best {
            Some((leading, _)) if score < *leading => {}
            Some((leading, _)) if score == *leading => twice = true,
            _ => {
                best = Some((score, finding));
                twice = false;
            }
        }
    }
    match best {
        Some((score, finding)) if score >= ENOUGH && !twice => Some(finding),
        _ => Some(Finding::Missing),
    }
}

/// Whether two paths are one but for the names of their parameters. What begins with `@` in ours
/// is a value that the server knows by itself, and may stand for a parameter.
fn is_same(ours: &str, theirs: &str) -> bool {
    let mut others = theirs.split('/');
    let same = ours.split('/').all(|segment| {
        others.next().is_some_and(|other| {
            let both = parameter(segment).is_some() || segment.starts_with('@');
            segment == other || both && parameter(other).is_some()
        })
    });
    same && others.next().is_none()
}

/// What another operation would be worth as ours.
fn elsewhere<N>(
    wanted: &Wanted<'_, N>,
    described: &Described<'_>,
    schemas: &Schemas<'_>,
) -> Option<(i32, Finding)> {
    let row = wanted.row;
    if !is_alike(&described.method, &row.method) {
        return None;
    }
    let place = wanted.place(described)?;
    let mut score = place.score + by_words(wanted, described, &place)?;
    let asked = asked(row, described)?;
    let mut renamed = match taken(row, described, schemas) {
        Taken::As(renamed) => {
            score += if row.sends.is_empty() { 0 } else { 2 };
            renamed
        }
        // Without a word on what it takes it is not certain enough.
        Taken::Unknown if row.sends.is_empty() => BTreeMap::new(),
        Taken::Unknown | Taken::Not => return None,
    };
    merge(&mut renamed, asked);
    if let Some(answered) = answered(row, described, schemas) {
        if !answered.fits {
            return None;
        }
        score += if row.answers.is_empty() { 0 } else { 2 };
        merge(&mut renamed, answered.renamed);
    }
    if described.deprecated {
        score -= 2;
    }
    let path = with_our_names(row.path, described.paths.first()?);
    let request = format!("{} {path}", described.method);
    parse(&request, &parameters(row.path))?;
    Some((
        score,
        Finding::FoundElsewhere {
            request,
            fields: renamed,
        },
    ))
}

/// What id, tags and method say; `None` where they contradict.
fn by_words<N>(wanted: &Wanted<'_, N>, described: &Described<'_>, place: &Place) -> Option<i32> {
    let own = |word: &&String| !place.about.contains(word) && verbs::is_verb(word);
    let said: Vec<&String> = described.id.iter().filter(own).collect();
    let fits = said.iter().any(|verb| wanted.is_act(verb));
    if !said.is_empty() && !fits {
        return None;
    }
    let tags = described.tags.iter().any(|tag| has(tag, &place.about));
    let score = [fits, has(&described.id, &place.about), tags];
    // POST makes and PUT changes, unless its words say otherwise.
    let makes = |method: &Method| *method == Method::POST;
    let by_method = makes(&described.method) == makes(&wanted.row.method);
    (by_method || fits || place.act.is_some()).then(|| score.into_iter().map(i32::from).sum())
}

/// The server's names of our query; `None` where it demands more than we have.
fn asked<N>(row: &Row<N>, described: &Described<'_>) -> Option<BTreeMap<String, String>> {
    let mut renamed = BTreeMap::new();
    for ours in row.asks {
        let theirs = described.query.iter().filter(|query| {
            joined(query.name) == joined(ours) || fields::is_synonym(ours, query.name)
        });
        // Our pages are counted from one.
        if let Some(theirs) = fields::only(theirs)
            && !theirs.from_zero
            && theirs.name != *ours
        {
            renamed.insert((*ours).to_owned(), theirs.name.to_owned());
        }
    }
    let known = |name: &str| row.asks.contains(&name) || renamed.values().any(|one| one == name);
    described
        .query
        .iter()
        .all(|query| !query.required || known(query.name))
        .then_some(renamed)
}

/// Their path with our names of its parameters, in order.
fn with_our_names(ours: &str, theirs: &str) -> String {
    let mut names = parameters(ours).into_iter();
    let segments = theirs.split('/').map(|segment| match parameter(segment) {
        Some(_) => names
            .next()
            .map_or_else(|| segment.to_owned(), |name| format!("{{{name}}}")),
        None => segment.to_owned(),
    });
    segments.collect::<Vec<_>>().join("/")
}
