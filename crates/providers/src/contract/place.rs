//! Paths: what they are about, whose it is, and what they say is done.
//!
//! Not here: bodies, ids and tags (`matching`).

use reqwest::Method;

use super::describe::Described;
use super::verbs;
use super::words::{joined, words};
use crate::http::Effect;
use crate::operations::{Row, parameter, parameters};

/// Whose things they are when a path begins so; ours are the signed-in person's own.
const OTHERS: [&str; 38] = [
    "admin",
    "administration",
    "project",
    "group",
    "organization",
    "organisation",
    "org",
    "team",
    "tenant",
    "workspace",
    "repository",
    "repo",
    "service",
    "serviceaccount",
    "bot",
    "device",
    "client",
    "application",
    "app",
    "node",
    "runner",
    "system",
    "webhook",
    "feed",
    "realm",
    "namespace",
    "cluster",
    "company",
    "customer",
    "employee",
    "member",
    "contact",
    "guest",
    "invitation",
    "registration",
    "robot",
    "integration",
    "deployment",
];
/// What a path may begin with without saying anything.
const PLAIN: [&str; 21] = [
    "api",
    "rest",
    "v",
    "version",
    "user",
    "account",
    "me",
    "self",
    "current",
    "my",
    "own",
    "profile",
    "setting",
    "auth",
    "authentication",
    "security",
    "iam",
    "identity",
    "personal",
    "public",
    "session",
];
/// What says before a thing that it is the person's own.
const MINE: [&str; 6] = ["user", "me", "my", "own", "self", "personal"];
/// Words before a thing in an operation's id that do not make another thing of it.
const HARMLESS: [&str; 10] = [
    "access", "api", "auth", "do", "for", "handle", "perform", "process", "the", "v",
];
/// Whose id or name a value is, where it is not that of the thing.
const SOMEBODY: [&str; 8] = [
    "user", "username", "login", "email", "mail", "owner", "account", "person",
];

/// A segment of a path.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Segment {
    /// The words of a name.
    Words(Vec<String>),
    /// A value.
    Value,
}

/// The segments of a path.
pub(super) fn segments(path: &str) -> Vec<Segment> {
    path.split('/')
        .filter(|segment| !segment.is_empty())
        .map(|segment| match parameter(segment) {
            Some(_) => Segment::Value,
            None => Segment::Words(words(segment)),
        })
        .collect()
}

fn count_values(segments: &[Segment]) -> usize {
    let values = segments.iter().filter(|one| **one == Segment::Value);
    values.count()
}

/// One of the things that an operation of ours may be about.
struct Phrase {
    words: Vec<String>,
    letters: String,
}

/// An operation of ours, taken apart once for all the paths that it is held against.
pub(super) struct Wanted<'r, N> {
    pub(super) row: &'r Row<N>,
    path: Vec<Segment>,
    about: Vec<Phrase>,
    acts: Vec<String>,
    /// How many values stand before what it is about, and how many after.
    values: (usize, usize),
    /// Whether its path ends in what is done: `/keys/{id}/value`.
    says_act: bool,
}

impl<'r, N> Wanted<'r, N> {
    pub(super) fn new(row: &'r Row<N>) -> Self {
        let phrase = |phrase: &&str| Phrase {
            words: words(phrase),
            letters: joined(phrase),
        };
        let mut wanted = Self {
            row,
            path: segments(row.path),
            about: row.about.iter().map(phrase).collect(),
            acts: row.acts.iter().map(|act| joined(act)).collect(),
            values: (0, 0),
            says_act: false,
        };
        let (thing, act) = wanted.without_act(&wanted.path);
        let (before, after) = without_values(thing);
        wanted.values = (count_values(before), after);
        wanted.says_act = act.is_some() && count_values(&wanted.path) > 0;
        wanted
    }

    /// Whether a word says what is done.
    pub(super) fn is_act(&self, word: &str) -> bool {
        self.acts.iter().any(|act| verbs::is_alike(act, word))
    }

    /// Looks for what our operation is about in another path: before it nothing of somebody
    /// else's, after it as many values as ours has, and at most one word more, of what is done.
    pub(super) fn place(&self, described: &Described<'_>) -> Option<Place> {
        let (thing, act) = self.without_act(&described.segments);
        // `/keys/{id}/value` is about something else than `/keys/{id}`.
        if self.says_act && act.is_none() {
            return None;
        }
        let (end, values) = without_values(thing);
        let (rank, taken, act_in_name) = self.about(described, end)?;
        let prefix = end.get(..end.len().checked_sub(taken)?)?;
        if (count_values(prefix), values) != self.values {
            return None;
        }
        let phrase = self.about.get(rank)?;
        if phrase.words.len() == 1 && self.changes() && self.is_strange_before(prefix) {
            return None;
        }
        let mut score = if rank == 0 { 2 } else { 1 };
        if phrase.words.len() > 1 {
            score += 1;
        }
        // `/api/v2/users/logout` for `/api/v1/users/logout`
        let ends = self.path.iter().rev().zip(described.segments.iter().rev());
        if ends.take_while(|(one, other)| one == other).count() >= 2 {
            score += 2;
        }
        Some(Place {
            score: score - self.strangeness(prefix)?,
            about: phrase.words.clone(),
            act: act.or(act_in_name),
            thing: thing_of(prefix, &phrase.letters),
        })
    }

    /// Whether more than looking is done with what is there.
    fn changes(&self) -> bool {
        self.row.effect == Effect::Changes || self.row.method == Method::DELETE
    }

    /// Whether an unknown word stands right before a thing that has a word as common as "token":
    /// `/vault/password` is not the person's.
    fn is_strange_before(&self, prefix: &[Segment]) -> bool {
        match prefix.last() {
            Some(last @ Segment::Words(words)) => {
                !self.path.contains(last) && !words.iter().all(|word| is_plain(word))
            }
            Some(Segment::Value) | None => false,
        }
    }

    /// How much of what stands in front is unknown; `None` where it is somebody else's.
    fn strangeness(&self, prefix: &[Segment]) -> Option<i32> {
        let mut strange = 0;
        for segment in prefix {
            let Segment::Words(words) = segment else {
                continue;
            };
            if self.path.contains(segment) {
                continue;
            }
            if OTHERS.contains(&words.concat().as_str()) {
                return None;
            }
            if !words.iter().all(|word| is_plain(word)) {
                strange += 1;
            }
        }
        Some(strange)
    }

    /// Splits off a last word that says what is done.
    fn without_act<'s>(&self, path: &'s [Segment]) -> (&'s [Segment], Option<String>) {
        if let [before @ .., Segment::Words(last)] = path
            && !before.is_empty()
        {
            let last = last.concat();
            let is_about = self.about.iter().any(|phrase| phrase.letters == last);
            if self.acts.contains(&last) && !is_about {
                return (before, Some(last));
            }
        }
        (path, None)
    }

    /// Which of our phrases stands at the end, over how many segments, and with which verb.
    fn about(
        &self,
        described: &Described<'_>,
        end: &[Segment],
    ) -> Option<(usize, usize, Option<String>)> {
        let [before @ .., Segment::Words(last)] = end else {
            return None;
        };
        let phrase = |letters: &str| self.about.iter().position(|one| one.letters == letters);
        if let Some(rank) = phrase(&last.concat()) {
            // `change-password`
            let act = last.iter().find(|word| self.is_act(word));
            return Some((rank, 1, act.cloned()));
        }
        // `createApiKey`, `my-api-keys`
        if let [first, rest @ ..] = last.as_slice()
            && let Some(rank) = phrase(&rest.concat())
        {
            if MINE.contains(&first.as_str()) {
                return Some((rank, 1, None));
            }
            return self.is_act(first).then(|| (rank, 1, Some(first.clone())));
        }
        // `/api/keys`
        if let [.., Segment::Words(first)] = before
            && let Some(rank) = phrase(&[first.concat(), last.concat()].concat())
        {
            return Some((rank, 2, None));
        }
        // `/auth/keys`, where id or tag say which keys
        let [last] = last.as_slice() else {
            return None;
        };
        let short = self.about.iter().position(|one| {
            one.words.len() > 1 && one.words.last() == Some(last) && described.is_named(&one.words)
        });
        short.map(|rank| (rank, 1, None))
    }
}

/// Splits off the values at the end.
fn without_values(path: &[Segment]) -> (&[Segment], usize) {
    let mut end = path;
    while let [before @ .., Segment::Value] = end {
        end = before;
    }
    (end, path.len() - end.len())
}

/// Where in a path stands what it is about.
pub(super) struct Place {
    pub(super) score: i32,
    /// The words of what it is about.
    pub(super) about: Vec<String>,
    /// What its path says is done, where it says so.
    pub(super) act: Option<String>,
    /// The same for every operation on the same things.
    pub(super) thing: String,
}

impl Place {
    /// Whether an id makes another thing of a common word: `deletePushToken`.
    pub(super) fn is_qualified_in(&self, id: &[String]) -> bool {
        let [about] = self.about.as_slice() else {
            return false;
        };
        let at = id.iter().position(|word| word == about);
        let before = at.and_then(|at| id.get(at.checked_sub(1)?));
        before.is_some_and(|word| {
            !is_plain(word) && !verbs::is_verb(word) && !HARMLESS.contains(&word.as_str())
        })
    }
}

/// What a path is about, without the words that say nothing.
fn thing_of(prefix: &[Segment], letters: &str) -> String {
    let mut thing = String::new();
    for segment in prefix {
        match segment {
            Segment::Words(words) if words.iter().all(|word| is_plain(word)) => continue,
            Segment::Words(words) => thing.push_str(&words.concat()),
            Segment::Value => thing.push_str("{}"),
        }
        thing.push('/');
    }
    thing + letters
}

fn is_plain(word: &str) -> bool {
    PLAIN.contains(&word.trim_end_matches(|last: char| last.is_ascii_digit()))
}

/// Whether the last value of a path is somebody's and not the thing's: `/tokens/{userId}`.
pub(super) fn is_of_another(path: &str, place: &Place) -> bool {
    let Some(last) = parameters(path).pop() else {
        return false;
    };
    let words = words(last);
    let is_things = |word: &String| word == "id" && words.len() == 1 || place.about.contains(word);
    let is_somebodys = |word: &String| SOMEBODY.contains(&word.as_str());
    !words.iter().any(is_things) && words.iter().any(is_somebodys)
}
