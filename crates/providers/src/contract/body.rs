//! What an operation of a description takes and answers, next to what ours sends and reads.
//!
//! Not here: the path (`place`) and single fields (`fields`).

use std::collections::BTreeMap;

use serde_json::Value;

use super::describe::{BodyKind, Described};
use super::fields::{self, Fields, Kind};
use super::schema::Schemas;
use super::words::letters;
use crate::json::ROWS;
use crate::operations::{Row, Shape};

/// The names of what wraps an answer.
const WRAPPERS: [&str; 7] = [
    "data", "result", "payload", "response", "body", "user", "item",
];

/// What an operation makes of our body.
pub(super) enum Taken {
    /// The description does not tell.
    Unknown,
    /// It takes it, with these names in place of ours.
    As(BTreeMap<String, String>),
    /// It takes something else.
    Not,
}

pub(super) fn taken<N>(row: &Row<N>, described: &Described<'_>, schemas: &Schemas<'_>) -> Taken {
    let is_form = row.sends.iter().any(|sent| sent.shape == Shape::File);
    let is_file = row.sends.iter().any(|sent| sent.shape == Shape::Whole);
    let fields = match &described.body {
        BodyKind::Json(schema) if !is_form => schemas.fields(schema).map(Fields::writable),
        BodyKind::Form(schema) if is_form => schemas.fields(schema).map(Fields::writable),
        BodyKind::FormFields(parameters) if is_form => Some(form_fields(parameters)),
        BodyKind::Other if is_file => return Taken::As(BTreeMap::new()),
        BodyKind::None if row.sends.is_empty() => return Taken::As(BTreeMap::new()),
        // Some descriptions leave bodies out.
        BodyKind::None => return Taken::Unknown,
        _ => return Taken::Not,
    };
    let Some(fields) = fields else {
        return Taken::Unknown;
    };
    match fields::sent(row.sends, row.may_send, &fields) {
        Some(renamed) => Taken::As(renamed),
        None => Taken::Not,
    }
}

fn form_fields(parameters: &[&Value]) -> Fields {
    let mut fields = Fields::default();
    for parameter in parameters {
        let Some(name) = parameter.get("name").and_then(Value::as_str) else {
            continue;
        };
        let kind = match parameter.get("type").and_then(Value::as_str) {
            Some("file") => Kind::Binary,
            Some("string") => Kind::Text,
            _ => Kind::Any,
        };
        fields.kinds.insert(name.to_owned(), kind);
        if parameter.get("required") == Some(&Value::Bool(true)) {
            fields.required.insert(name.to_owned());
        }
    }
    fields
}

/// What an operation answers, as far as the description tells.
pub(super) struct Answered {
    /// Whether that is what we read.
    pub(super) fits: bool,
    pub(super) renamed: BTreeMap<String, String>,
}

pub(super) fn answered<N>(
    row: &Row<N>,
    described: &Described<'_>,
    schemas: &Schemas<'_>,
) -> Option<Answered> {
    if row.answers.is_empty() && row.may_answer.is_empty() {
        return None;
    }
    let schema = described.answer?;
    let is_list = row.acts.contains(&"list");
    let mut renamed = BTreeMap::new();
    let thing = if is_list {
        rows_in(schema, schemas, &mut renamed)
    } else {
        Some(schema)
    };
    let not = Answered {
        fits: false,
        renamed: BTreeMap::new(),
    };
    if !is_list && schemas.kind(schema) == Kind::List {
        return Some(not);
    }
    let Some(thing) = thing else {
        // An object that is no list, or one that the description leaves open.
        return schemas.fields(schema).map(|_| not);
    };
    let fields = schemas.fields(thing)?;
    let read = |fields| fields::read(row.answers, row.may_answer, fields);
    let direct = read(&fields);
    if direct.is_whole && !row.answers.is_empty() {
        merge(&mut renamed, direct.renamed);
        return Some(Answered {
            fits: true,
            renamed,
        });
    }
    // One level deeper: `{"result": {...}}`
    let wrapped = fields
        .kinds
        .iter()
        .filter(|(name, kind)| matches!(kind, Kind::Object | Kind::Any) && is_wrapper(name));
    let Some((name, _)) = fields::only(wrapped) else {
        return Some(Answered {
            fits: direct.is_whole,
            renamed: direct.renamed,
        });
    };
    // Where the description does not tell what is inside, anything may be.
    let inner = schemas.fields(schemas.field(thing, name)?)?;
    let inner = read(&inner);
    if !inner.is_whole {
        return Some(not);
    }
    if !matches!(letters(name).as_str(), "data" | "user") {
        renamed.insert("data".to_owned(), name.clone());
    }
    merge(&mut renamed, inner.renamed);
    Some(Answered {
        fits: true,
        renamed,
    })
}

/// A wrapper holds one thing: `users` is no `user`.
fn is_wrapper(name: &str) -> bool {
    WRAPPERS.contains(&letters(name).as_str())
}

/// The schema of a row of a list, bare or in an envelope or two.
fn rows_in<'d>(
    schema: &'d Value,
    schemas: &Schemas<'d>,
    renamed: &mut BTreeMap<String, String>,
) -> Option<&'d Value> {
    let mut schema = schema;
    for _ in 0..3 {
        if schemas.kind(schema) == Kind::List {
            return schemas.items(schema);
        }
        let fields = schemas.fields(schema)?;
        let of = |wanted: Kind| {
            fields
                .kinds
                .iter()
                .filter(move |(_, kind)| **kind == wanted)
        };
        let lists = of(Kind::List).map(|(name, _)| name);
        let usual = |name: &&String| ROWS.contains(&letters(name).as_str());
        let name = fields::only(lists.clone()).or_else(|| fields::only(lists.filter(usual)));
        if let Some(name) = name {
            if !usual(&name) {
                renamed.insert("rows".to_owned(), name.clone());
            }
            schema = schemas.field(schema, name)?;
            continue;
        }
        let wrappers = of(Kind::Object).map(|(name, _)| name);
        let name = fields::only(wrappers.filter(|name| is_wrapper(name)))?;
        if letters(name) != "data" {
            renamed.insert("data".to_owned(), name.clone());
        }
        schema = schemas.field(schema, name)?;
    }
    None
}

/// Adds what is not yet known.
pub(super) fn merge(renamed: &mut BTreeMap<String, String>, more: BTreeMap<String, String>) {
    for (ours, theirs) in more {
        renamed.entry(ours).or_insert(theirs);
    }
}
