//! A description's operations, each with its path below our server's base address.
//!
//! Not here: which of them is which of ours (`matching`).

use keydesk_core::Result;
use keydesk_core::server_url::ServerUrl;
use percent_encoding::percent_decode_str;
use reqwest::Method;
use serde_json::{Map, Value};
use url::Url;

use super::not_understood;
use super::place::{Segment, segments};
use super::schema::Schemas;
use super::words::{has, words};
use crate::operations::parameter;

/// More operations than any server has.
const OPERATIONS: usize = 5_000;
/// More servers, tags or parameters than any description needs.
const ENTRIES: usize = 64;
/// The longest path that is looked at.
const PATH: usize = 500;

/// What a description says.
#[derive(Debug)]
pub(super) struct Description<'d> {
    /// Title and version.
    pub(super) version: String,
    pub(super) operations: Vec<Described<'d>>,
    pub(super) schemas: Schemas<'d>,
}

/// One of its operations.
#[derive(Debug)]
pub(super) struct Described<'d> {
    pub(super) method: Method,
    /// Below our base address, as far as can be told; the likeliest first.
    pub(super) paths: Vec<String>,
    /// The likeliest path, taken apart.
    pub(super) segments: Vec<Segment>,
    /// The words of its id.
    pub(super) id: Vec<String>,
    pub(super) tags: Vec<Vec<String>>,
    pub(super) deprecated: bool,
    /// Its query: the name, whether it must be there, and whether counting starts at zero.
    pub(super) query: Vec<QueryName<'d>>,
    /// The headers that it demands.
    pub(super) headers: Vec<&'d str>,
    pub(super) body: BodyKind<'d>,
    /// The schema of its good answer in JSON.
    pub(super) answer: Option<&'d Value>,
}

/// A name of a query.
#[derive(Debug, Clone, Copy)]
pub(super) struct QueryName<'d> {
    pub(super) name: &'d str,
    pub(super) required: bool,
    pub(super) from_zero: bool,
}

/// What an operation takes.
#[derive(Debug)]
pub(super) enum BodyKind<'d> {
    None,
    /// JSON of this schema.
    Json(&'d Value),
    /// A form with files.
    Form(&'d Value),
    /// A form whose fields are parameters, as `OpenAPI` 2 has them.
    FormFields(Vec<&'d Value>),
    /// Something that we do not send.
    Other,
}

impl Described<'_> {
    /// Whether id or tags have these words.
    pub(super) fn is_named(&self, words: &[String]) -> bool {
        let mut names = self.tags.iter().chain([&self.id]);
        names.any(|name| has(name, words))
    }
}

impl<'d> Description<'d> {
    /// Reads a document.
    ///
    /// # Errors
    /// `DescriptionNotUnderstood` where it is not `OpenAPI` 2 or 3.
    pub(super) fn new(document: &'d Value, server: &ServerUrl) -> Result<Self> {
        let said = |name| document.get(name).and_then(Value::as_str);
        let is_2 = said("swagger").is_some_and(|version| version.starts_with("2."));
        let is_3 = said("openapi").is_some_and(|version| version.starts_with("3."));
        let paths = document.get("paths").and_then(Value::as_object);
        let Some(paths) = paths.filter(|_| is_2 || is_3) else {
            return Err(not_understood("it is not OpenAPI 2 or 3"));
        };
        let reader = Reader {
            schemas: Schemas::new(document),
            base: server.join("").path().trim_end_matches('/').to_owned(),
            realm: server.realm().to_string(),
            is_2,
        };
        let bases = reader
            .bases(document)
            .unwrap_or_else(|| vec![String::new()]);
        let mut operations = Vec::new();
        for (path, item) in paths {
            reader.read_path(path, item, &bases, &mut operations);
            if operations.len() >= OPERATIONS {
                break;
            }
        }
        let info = |name| {
            let text = document.get("info").and_then(|info| info.get(name));
            text.and_then(Value::as_str).unwrap_or_default()
        };
        Ok(Self {
            version: format!("{} {}", info("title"), info("version")),
            operations,
            schemas: reader.schemas,
        })
    }
}

struct Reader<'d> {
    schemas: Schemas<'d>,
    /// The path of our own base address, without a slash at its end.
    base: String,
    /// Scheme, host and port of our server.
    realm: String,
    is_2: bool,
}

impl<'d> Reader<'d> {
    fn read_path(
        &self,
        path: &'d str,
        item: &'d Value,
        bases: &[String],
        operations: &mut Vec<Described<'d>>,
    ) {
        let Some(item) = self.schemas.resolved(item).and_then(Value::as_object) else {
            return;
        };
        if !path.starts_with('/') || path.len() > PATH {
            return;
        }
        let own = self.bases_in(item.get("servers"));
        let bases = own.as_deref().unwrap_or(bases);
        let methods = [
            ("get", Method::GET),
            ("post", Method::POST),
            ("put", Method::PUT),
            ("patch", Method::PATCH),
            ("delete", Method::DELETE),
        ];
        for (name, method) in methods {
            let Some(operation) = item.get(name).and_then(Value::as_object) else {
                continue;
            };
            let own = self.bases_in(operation.get("servers"));
            let bases = own.as_deref().unwrap_or(bases);
            operations.push(self.read(method, path, bases, item, operation));
        }
    }

    fn read(
        &self,
        method: Method,
        path: &str,
        bases: &[String],
        item: &'d Map<String, Value>,
        operation: &'d Map<String, Value>,
    ) -> Described<'d> {
        let mut paths = Vec::new();
        for base in bases {
            let full = format!("{base}{path}");
            // Behind a gateway a description does not know the path that leads there.
            let below = below(&full, &self.base).unwrap_or(&full);
            let below = plain(below);
            if !paths.contains(&below) {
                paths.push(below);
            }
        }
        let parameters = self.parameters(item, operation);
        let text = |name| operation.get(name).and_then(Value::as_str);
        let tags = operation.get("tags").and_then(Value::as_array);
        let tags = tags.into_iter().flatten().take(ENTRIES);
        Described {
            method,
            segments: paths.first().map(|path| segments(path)).unwrap_or_default(),
            paths,
            id: words(text("operationId").unwrap_or_default()),
            tags: tags.filter_map(Value::as_str).map(words).collect(),
            deprecated: operation.get("deprecated") == Some(&Value::Bool(true)),
            query: parameters.iter().filter_map(|one| query(one)).collect(),
            headers: parameters.iter().filter_map(|one| header(one)).collect(),
            body: self.body(operation, &parameters),
            answer: self.answer(operation),
        }
    }

    /// The parameters of an operation, and those of its path that it does not say anew.
    fn parameters(
        &self,
        item: &'d Map<String, Value>,
        operation: &'d Map<String, Value>,
    ) -> Vec<&'d Value> {
        let of = |source: &'d Map<String, Value>| -> Vec<&'d Value> {
            let all = source.get("parameters").and_then(Value::as_array);
            let all = all.into_iter().flatten().take(ENTRIES);
            all.filter_map(|one| self.schemas.resolved(one)).collect()
        };
        let mut parameters = of(operation);
        for inherited in of(item) {
            let is_same = |own: &&Value| {
                ["in", "name"]
                    .iter()
                    .all(|key| own.get(key) == inherited.get(key))
            };
            if !parameters.iter().any(is_same) {
                parameters.push(inherited);
            }
        }
        parameters
    }

    fn body(&self, operation: &'d Map<String, Value>, parameters: &[&'d Value]) -> BodyKind<'d> {
        if self.is_2 {
            let of = |place: &str| -> Vec<&'d Value> {
                let all = parameters.iter().copied();
                all.filter(|one| one.get("in").and_then(Value::as_str) == Some(place))
                    .collect()
            };
            let body = of("body").first().and_then(|body| body.get("schema"));
            return match body {
                Some(schema) => BodyKind::Json(schema),
                None if of("formData").is_empty() => BodyKind::None,
                None => BodyKind::FormFields(of("formData")),
            };
        }
        let body = operation.get("requestBody");
        let Some(body) = body.and_then(|body| self.schemas.resolved(body)) else {
            return BodyKind::None;
        };
        let content = body.get("content").and_then(Value::as_object);
        let Some(content) = content else {
            return BodyKind::Other;
        };
        if let Some(schema) = json_in(content) {
            return BodyKind::Json(schema);
        }
        let form = content
            .get("multipart/form-data")
            .and_then(|form| form.get("schema"));
        form.map_or(BodyKind::Other, BodyKind::Form)
    }

    fn answer(&self, operation: &'d Map<String, Value>) -> Option<&'d Value> {
        let responses = operation.get("responses")?.as_object()?;
        let good = ["200", "201", "202", "2XX", "2xx", "default"];
        let response = good.iter().find_map(|status| responses.get(*status))?;
        let response = self.schemas.resolved(response)?;
        if self.is_2 {
            return response.get("schema");
        }
        json_in(response.get("content")?.as_object()?)
    }

    /// The paths under which the whole description says that its server stands.
    fn bases(&self, document: &'d Value) -> Option<Vec<String>> {
        if self.is_2 {
            let base = document.get("basePath").and_then(Value::as_str)?;
            return Some(vec![folder(base)]);
        }
        self.bases_in(document.get("servers"))
    }

    /// The paths of servers: those of our own origin first, those without one next. Another
    /// origin is not heard; its path is, since a server behind a gateway knows itself by another
    /// name.
    fn bases_in(&self, servers: Option<&'d Value>) -> Option<Vec<String>> {
        let servers = servers?.as_array()?.iter().take(ENTRIES);
        let mut bases: Vec<(u8, String)> = Vec::new();
        for server in servers {
            let Some(address) = server.get("url").and_then(Value::as_str) else {
                continue;
            };
            let address = with_defaults(address, server.get("variables"));
            let (rank, path) = match Url::parse(&address) {
                Ok(url) if url.origin().ascii_serialization() == self.realm => {
                    (0, url.path().to_owned())
                }
                Ok(url) => (2, url.path().to_owned()),
                Err(_) if address.starts_with("//") => continue,
                Err(_) => (1, address),
            };
            bases.push((rank, folder(&path)));
        }
        bases.sort_by_key(|(rank, _)| *rank);
        let bases: Vec<_> = bases.into_iter().map(|(_, base)| base).collect();
        (!bases.is_empty()).then_some(bases)
    }
}

/// A path with a slash at its beginning and none at its end.
fn folder(path: &str) -> String {
    let path = path.trim_matches('/');
    if path.is_empty() || path == "." || path.len() > PATH {
        String::new()
    } else {
        format!("/{}", path.trim_start_matches("./"))
    }
}

/// The part of a path below a base; `None` where it is not below it.
fn below<'p>(path: &'p str, base: &str) -> Option<&'p str> {
    let rest = path.strip_prefix(base)?;
    rest.starts_with('/').then_some(rest)
}

/// A path whose segments are not escaped, where that leaves them segments.
fn plain(path: &str) -> String {
    let segments = path.split('/').map(|segment| {
        if parameter(segment).is_some() {
            return segment.to_owned();
        }
        let decoded = percent_decode_str(segment).decode_utf8_lossy();
        if decoded.contains('/') {
            segment.to_owned()
        } else {
            decoded.into_owned()
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

/// An address with the defaults of its variables in their place.
fn with_defaults(address: &str, variables: Option<&Value>) -> String {
    let mut address = address.chars().take(2 * PATH).collect::<String>();
    let Some(variables) = variables.and_then(Value::as_object) else {
        return address;
    };
    for (name, variable) in variables.iter().take(ENTRIES) {
        let default = variable.get("default").and_then(Value::as_str);
        let default: String = default.unwrap_or_default().chars().take(PATH).collect();
        address = address.replacen(&format!("{{{name}}}"), &default, 2);
    }
    address
}

fn query(parameter: &Value) -> Option<QueryName<'_>> {
    if parameter.get("in")?.as_str()? != "query" {
        return None;
    }
    // OpenAPI 2 has the schema's words in the parameter itself.
    let schema = parameter.get("schema").unwrap_or(parameter);
    let is_zero = |name| schema.get(name).and_then(Value::as_i64) == Some(0);
    Some(QueryName {
        name: parameter.get("name")?.as_str()?,
        required: parameter.get("required") == Some(&Value::Bool(true)),
        from_zero: is_zero("default") || is_zero("minimum"),
    })
}

/// A header that must be sent.
fn header(parameter: &Value) -> Option<&str> {
    let demanded = parameter.get("in")?.as_str()? == "header"
        && parameter.get("required") == Some(&Value::Bool(true));
    demanded.then(|| parameter.get("name")?.as_str())?
}

/// The schema of the JSON among media types.
fn json_in(content: &Map<String, Value>) -> Option<&Value> {
    let is_json = |name: &str| {
        let name = name.split(';').next().unwrap_or_default().trim();
        name == "*/*" || name == "application/json" || name.ends_with("+json")
    };
    let mut entries = content.iter().take(ENTRIES);
    let (_, json) = entries.find(|(name, _)| is_json(name))?;
    Some(json.get("schema").unwrap_or(&Value::Null))
}
