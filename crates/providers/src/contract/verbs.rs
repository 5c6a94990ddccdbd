//! The verbs of operations: two servers say "revoke" and "delete" and mean the same.
//!
//! Not here: what an operation is about (`place`).

/// Verbs by what they do; the words of an id that are none of these say nothing.
const VERBS: [(Act, &[&str]); 5] = [
    (
        Act::Read,
        &[
            "list", "get", "find", "query", "read", "fetch", "show", "retrieve", "search", "index",
            "view", "download",
        ],
    ),
    (
        Act::Create,
        &[
            "create", "add", "new", "generate", "issue", "make", "register", "post",
        ],
    ),
    (
        Act::Update,
        &[
            "update", "edit", "patch", "put", "change", "set", "modify", "replace", "save",
            "upload",
        ],
    ),
    (Act::Delete, &["delete", "remove", "destroy", "revoke"]),
    (
        Act::Other,
        &[
            "rotate",
            "refresh",
            "regenerate",
            "renew",
            "verify",
            "validate",
            "check",
            "test",
            "enable",
            "disable",
            "lock",
            "unlock",
            "block",
            "unblock",
            "import",
            "export",
            "invite",
            "accept",
            "confirm",
            "introspect",
            "count",
            "reset",
            "impersonate",
            "exchange",
            "send",
            "request",
            "login",
            "logout",
        ],
    ),
];
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Read,
    Create,
    Update,
    Delete,
    Other,
}

/// What a word does, where it is a verb.
fn act(word: &str) -> Option<Act> {
    let found = VERBS.iter().find(|(_, verbs)| verbs.contains(&word));
    found.map(|(act, _)| *act)
}

/// Whether a word of a name is a verb.
pub(super) fn is_verb(word: &str) -> bool {
    act(word).is_some()
}

/// Whether a word says that something is done to many at once.
pub(super) fn is_of_many(word: &str) -> bool {
    ["all", "batch", "bulk", "every", "many", "multiple"].contains(&word)
}

/// Whether two verbs do the same. What has a class of its own is like itself alone.
pub(super) fn is_alike(one: &str, other: &str) -> bool {
    one == other
        || match (act(one), act(other)) {
            (Some(one), Some(other)) => one == other && one != Act::Other,
            _ => false,
        }
}
