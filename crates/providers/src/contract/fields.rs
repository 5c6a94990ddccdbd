//! The fields of a body or an answer, and which of the server's is which of ours.
//!
//! Not here: finding the schema in which they stand (`schema`).

use std::collections::{BTreeMap, BTreeSet};

use super::words::joined;
use crate::operations::{Sent, Shape};

/// What a schema allows in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    /// Text that is a point in time.
    DateTime,
    /// Text that is a day.
    Date,
    /// Text that is a file.
    Binary,
    Number,
    /// A number that is no point in time in milliseconds.
    Quantity,
    Flag,
    List,
    Object,
    /// The schema does not say.
    Any,
}

/// The fields of an object.
#[derive(Debug, Default)]
pub(super) struct Fields {
    pub(super) kinds: BTreeMap<String, Kind>,
    pub(super) required: BTreeSet<String>,
    /// What only answers have.
    pub(super) read_only: BTreeSet<String>,
}

impl Fields {
    /// The fields that a body may have.
    pub(super) fn writable(mut self) -> Self {
        let read_only = std::mem::take(&mut self.read_only);
        self.kinds.retain(|name, _| !read_only.contains(name));
        self.required.retain(|name| !read_only.contains(name));
        self
    }
}

/// Our names of a field, and other names for the same, all as their letters.
const SYNONYMS: [(&[&str], &[&str]); 18] = [
    (
        &["title", "name"],
        &["title", "name", "label", "keyname", "tokenname", "note"],
    ),
    (
        &["expiretime", "expirationdate", "expiresat"],
        &[
            "expiretime",
            "expiresat",
            "expireat",
            "expiration",
            "expirationdate",
            "expirationtime",
            "expiry",
            "expirydate",
            "expirytime",
            "expire",
            "expiredat",
            "expireson",
            "expireon",
            "expiredon",
            "validuntil",
            "notafter",
        ],
    ),
    (
        &["createtime", "creationdate"],
        &[
            "createtime",
            "createdat",
            "created",
            "createdon",
            "createddate",
            "creationdate",
            "creationtime",
            "datecreated",
        ],
    ),
    (
        &["loginname"],
        &[
            "username",
            "user",
            "login",
            "account",
            "accountname",
            "email",
        ],
    ),
    (&["password"], &["passwd", "pwd", "passphrase"]),
    (
        &["oldpassword", "currentpassword"],
        &[
            "oldpassword",
            "currentpassword",
            "previouspassword",
            "originalpassword",
            "password",
        ],
    ),
    (&["newpassword"], &["passwordnew"]),
    (&["firstname"], &["givenname", "forename"]),
    (&["lastname"], &["familyname", "surname"]),
    (&["fullname"], &["name", "displayname"]),
    (&["file"], &["avatar", "picture", "image", "photo"]),
    (
        &["phone"],
        &["phonenumber", "mobile", "mobilenumber", "telephone"],
    ),
    (&["position"], &["jobtitle", "job"]),
    (&["email"], &["mail", "emailaddress"]),
    (&["id"], &["keyid", "tokenid", "userid", "uuid", "uid"]),
    (
        &["apikey", "value", "token"],
        &[
            "apikey",
            "value",
            "key",
            "token",
            "secret",
            "accesstoken",
            "idtoken",
            "keyvalue",
            "tokenvalue",
        ],
    ),
    (
        &["current"],
        &["page", "pagenumber", "pagenum", "pageno", "currentpage"],
    ),
    (
        &["size", "limit"],
        &["size", "limit", "pagesize", "perpage"],
    ),
];

impl Shape {
    fn fits(self, kind: Kind) -> bool {
        match self {
            Self::Text => matches!(kind, Kind::Text | Kind::Any),
            Self::Milliseconds => matches!(kind, Kind::Number | Kind::Any),
            Self::DateTime => matches!(kind, Kind::Text | Kind::DateTime | Kind::Any),
            Self::Texts => matches!(kind, Kind::List | Kind::Any),
            Self::File => matches!(kind, Kind::Text | Kind::Binary | Kind::Any),
            Self::Whole => false, // it is in no field
        }
    }
}

/// Where our fields stand in the server's body: our name → the server's, where they differ.
/// `None` where one that must be there is not, where the server demands more than we have, or
/// where it is not certain which is which.
pub(super) fn sent(
    must: &[Sent],
    may: &[Sent],
    fields: &Fields,
) -> Option<BTreeMap<String, String>> {
    let ours: Vec<&Sent> = must.iter().chain(may).collect();
    let mut found: BTreeMap<&str, &str> = BTreeMap::new();
    // Names that are the same come first: whoever has its own name is nobody's synonym.
    for one in &ours {
        if let Some(theirs) = same(one.name, fields) {
            let kind = fields.kinds.get(theirs)?;
            if !one.shape.fits(*kind) {
                return None;
            }
            found.insert(one.name, theirs);
        }
    }
    let taken: BTreeSet<&str> = found.values().copied().collect();
    for one in &ours {
        if found.contains_key(one.name) {
            continue;
        }
        let fits = |theirs: &str| {
            let kind = fields.kinds.get(theirs);
            !taken.contains(theirs) && kind.is_some_and(|kind| one.shape.fits(*kind))
        };
        let theirs = synonyms(one.name, fields)
            .into_iter()
            .filter(|theirs| fits(theirs));
        if let Some(theirs) = only(theirs) {
            found.insert(one.name, theirs);
        } else if must.contains(one) {
            return None;
        }
    }
    let taken: BTreeSet<&str> = found.values().copied().collect();
    let once = taken.len() == found.len();
    let enough = fields
        .required
        .iter()
        .all(|required| taken.contains(required.as_str()));
    (once && enough).then(|| differing(found))
}

/// How much of what we read is in an answer, and what it is called there.
pub(super) struct Read {
    /// Whether everything is there that must be.
    pub(super) is_whole: bool,
    pub(super) renamed: BTreeMap<String, String>,
}

/// Looks for the fields that we read: for each the names that are understood anyway.
pub(super) fn read(must: &[&[&str]], may: &[&[&str]], fields: &Fields) -> Read {
    let mut result = Read {
        is_whole: true,
        renamed: BTreeMap::new(),
    };
    for (at, names) in must.iter().chain(may).enumerate() {
        let Some(ours) = names.first() else {
            continue;
        };
        if names.iter().any(|name| same(name, fields).is_some()) {
            continue;
        }
        // `email_addresses` with several is no `email`.
        let is_one =
            |theirs: &&str| !matches!(fields.kinds.get(*theirs), Some(Kind::List | Kind::Object));
        let theirs = synonyms(ours, fields).into_iter().filter(is_one);
        if let Some(theirs) = only(theirs) {
            result.renamed.insert((*ours).to_owned(), theirs.to_owned());
        } else if at < must.len() {
            result.is_whole = false;
        }
    }
    result
}

/// The field that differs from ours in style at most.
pub(super) fn same<'f>(ours: &str, fields: &'f Fields) -> Option<&'f str> {
    if let Some((theirs, _)) = fields.kinds.get_key_value(ours) {
        return Some(theirs);
    }
    let letters = joined(ours);
    only(
        fields
            .kinds
            .keys()
            .map(String::as_str)
            .filter(|theirs| joined(theirs) == letters),
    )
}

/// The fields that are another word for ours.
fn synonyms<'f>(ours: &str, fields: &'f Fields) -> Vec<&'f str> {
    let names = fields.kinds.keys().map(String::as_str);
    names.filter(|theirs| is_synonym(ours, theirs)).collect()
}

/// Whether a name is another word for ours.
pub(super) fn is_synonym(ours: &str, theirs: &str) -> bool {
    let (ours, theirs) = (joined(ours), joined(theirs));
    SYNONYMS
        .iter()
        .any(|(from, to)| from.contains(&ours.as_str()) && to.contains(&theirs.as_str()))
}

fn differing(found: BTreeMap<&str, &str>) -> BTreeMap<String, String> {
    found
        .into_iter()
        .filter(|(ours, theirs)| ours != theirs)
        .map(|(ours, theirs)| (ours.to_owned(), theirs.to_owned()))
        .collect()
}

/// The one, where there is just one.
pub(super) fn only<T>(items: impl IntoIterator<Item = T>) -> Option<T> {
    let mut items = items.into_iter();
    let one = items.next()?;
    items.next().is_none().then_some(one)
}
