//! Which operation of a description is one of ours.
//!
//! An operation that is listed under our own path and method is ours. Another is taken for ours
//! only where everything fits: the sort of its method, the shape of its path and what that is
//! about, its id, what it takes and what it answers; and only where no second one fits as well.
//!
//! Not here: holding what was found of several operations against each other (`relations`).

use std::collections::BTreeMap;

use keydesk_core::contract::Finding;
use reqwest::Method;

use super::body::{Taken, answered, merge, taken};
use super::describe::{Described, Description};
use super::place::{Place, Wanted, is_of_another};
use super::schema::Schemas;
use super::words::{has, joined};
use super::{fields, verbs};
use crate::http::Effect;
use crate::operations::{Row, is_alike, parameter, parameters, parse};

/// What it takes to be taken for ours.
const ENOUGH: i32 = 4;
/// Headers that we send, or that every client sends.
const HEADERS: [&str; 8] = [
    "accept",
    "acceptlanguage",
    "accesstoken",
    "apikey",
    "authorization",
    "contenttype",
    "idempotencykey",
    "useragent",
];
/// A list that can be cut down to one of these is everybody's.
const OWNERS: [&str; 8] = [
    "createdby",
    "creator",
    "creatorid",
    "owner",
    "ownerid",
    "user",
    "userid",
    "username",
];

/// What a description says of an operation of ours.
pub(super) struct Found {
    pub(super) finding: Finding,
    /// What it is about and where that stands; nothing where its path does not tell.
    pub(super) thing: Option<String>,
}

/// Looks for an operation of ours; `None` where a description need not say anything of it.
pub(super) fn find<N>(row: &Row<N>, description: &Description<'_>) -> Option<Found> {
    let wanted = Wanted::new(row);
    let schemas = &description.schemas;
    let at_home = description.operations.iter().find(|described| {
        described.method == row.method && described.paths.iter().any(|path| is_same(row.path, path))
    });
    let at_home = at_home.map(|described| (described, at_home_as(row, described, schemas)));
    if let Some((described, Some(fields))) = &at_home
        && !answers_a_list(row, described, schemas)
    {
        return Some(home(&wanted, described, fields.clone()));
    }
    if row.about.is_empty() {
        // What is there takes something else than ours.
        let taken = |_| Found {
            finding: Finding::Missing,
            thing: None,
        };
        return at_home.map(taken);
    }
    let mut best: Option<(i32, Found)> = None;
    let mut twice = false;
    for described in &description.operations {
        let Some((score, found)) = elsewhere(&wanted, described, schemas) else {
            continue;
        };
        match &best {
            Some((leading, _)) if score < *leading => {}
            Some((leading, _)) if score == *leading => twice = true,
            _ => {
                best = Some((score, found));
                twice = false;
            }
        }
    }
    Some(match (best, at_home) {
        (Some((score, found)), _) if score >= ENOUGH && !twice => found,
        // A list where one thing is wanted may be a slip of the description.
        (_, Some((described, Some(fields)))) => home(&wanted, described, fields),
        _ => Found {
            finding: Finding::Missing,
            thing: None,
        },
    })
}

/// The server's names in an operation under our own path; `None` where it takes something else or
/// demands more than we have.
fn at_home_as<N>(
    row: &Row<N>,
    described: &Described<'_>,
    schemas: &Schemas<'_>,
) -> Option<BTreeMap<String, String>> {
    let says_what_it_sends = !row.sends.is_empty() || !row.may_send.is_empty();
    let mut renamed = match says_what_it_sends.then(|| taken(row, described, schemas)) {
        None | Some(Taken::Unknown) => BTreeMap::new(),
        Some(Taken::As(renamed)) => renamed,
        Some(Taken::Not) => return None,
    };
    merge(&mut renamed, asked(row, described)?);
    // An answer that says less than ours is still its answer.
    if let Some(answered) = answered(row, described, schemas) {
        merge(&mut renamed, answered.renamed);
    }
    Some(renamed)
}

/// Whether there is a list where one thing is wanted: `GET /users` is everybody.
fn answers_a_list<N>(row: &Row<N>, described: &Described<'_>, schemas: &Schemas<'_>) -> bool {
    // Of what is only ever confirmed, the answer may be any.
    let is_known = !row.about.is_empty();
    let wants_one = row.effect == Effect::Reads && !row.acts.contains(&"list");
    let answer = described.answer.filter(|_| is_known && wants_one);
    answer.is_some_and(|answer| schemas.is_list(answer))
}

fn home<N>(
    wanted: &Wanted<'_, N>,
    described: &Described<'_>,
    fields: BTreeMap<String, String>,
) -> Found {
    let row = wanted.row;
    Found {
        finding: if fields.is_empty() {
            Finding::Confirmed
        } else {
            Finding::FoundElsewhere {
                request: format!("{} {}", row.method, row.path),
                fields,
            }
        },
        thing: wanted.place(described).map(|place| place.thing),
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
) -> Option<(i32, Found)> {
    let row = wanted.row;
    let is_alike = is_alike(&described.method, &row.method);
    if !is_alike || demands_a_header(described) || answers_a_list(row, described, schemas) {
        return None;
    }
    let place = wanted.place(described)?;
    let mut score = place.score + by_words(wanted, described, &place)?;
    let asked = asked(row, described).filter(|_| !is_everybodys(described, &place))?;
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
    let theirs = described.paths.first()?;
    if is_of_another(theirs, &place) {
        return None;
    }
    let request = format!("{} {}", described.method, with_our_names(row.path, theirs));
    parse(&request, &parameters(row.path))?;
    Some((
        score,
        Found {
            finding: Finding::FoundElsewhere {
                request,
                fields: renamed,
            },
            thing: Some(place.thing),
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
    let reads = wanted.row.effect == Effect::Reads;
    if !reads && described.id.iter().any(|word| verbs::is_of_many(word)) {
        return None;
    }
    if place.is_qualified_in(&described.id) {
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

/// Whether a list holds other people's things too: it can be cut down to one of them.
fn is_everybodys(described: &Described<'_>, place: &Place) -> bool {
    let mut names = described.query.iter().map(|query| joined(query.name));
    let is_about = |name: &str| {
        place
            .about
            .iter()
            .any(|word| name.starts_with(word.as_str()))
    };
    names.any(|name| OWNERS.contains(&name.as_str()) && !is_about(&name))
}

fn demands_a_header(described: &Described<'_>) -> bool {
    let mut demanded = described.headers.iter();
    demanded.any(|name| !HEADERS.contains(&joined(name).as_str()))
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
