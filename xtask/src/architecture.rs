//! Who may know whom, checked instead of remembered: dependencies of the crates, names in the
//! sources, and a report of files that have outgrown one screen's worth of thought.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::process;

/// Each crate of the workspace, and those of the workspace it may depend on.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("keydesk-vault", &[]),
    ("keydesk-core", &["keydesk-vault"]),
    ("keydesk-providers", &["keydesk-core", "keydesk-vault"]),
    ("keydesk-server", &[]),
    (
        "keydesk-desktop",
        &[
            "keydesk-vault",
            "keydesk-core",
            "keydesk-providers",
            "keydesk-server",
        ],
    ),
    ("xtask", &[]),
];

/// What tests alone may know besides: the providers are proved against the real server.
const TESTS_MAY_KNOW: &[(&str, &[&str])] = &[("keydesk-providers", &["keydesk-server"])];

/// Outside crates that belong to some rooms only.
const BELONGS_TO: &[(&str, &[&str])] = &[
    ("tauri", &["keydesk-desktop"]),
    ("reqwest", &["keydesk-providers", "keydesk-server"]),
    ("hyper", &["keydesk-providers", "keydesk-server"]),
    ("axum", &["keydesk-server"]),
    ("rusqlite", &["keydesk-server"]),
    ("keyring", &["keydesk-vault"]),
];

const LONGEST: usize = 400;

/// Fails on the first set of broken rules; prints files that are too long without failing.
pub(crate) fn check() -> Result<()> {
    let (succeeded, text) = process::capture(&mut process::cargo(&[
        "metadata",
        "--no-deps",
        "--format-version",
        "1",
        "--quiet",
    ]))?;
    if !succeeded {
        bail!("`cargo metadata` failed:\n{text}");
    }
    let metadata: Value =
        serde_json::from_str(&text).context("`cargo metadata` printed no JSON")?;
    let mut broken = broken_dependencies(&metadata);
    let sources = sources(&process::root())?;
    broken.extend(sources.iter().flat_map(broken_names));
    for source in sources
        .iter()
        .filter(|source| source.lines > LONGEST && !source.is_generated())
    {
        println!(
            "   {} has {} lines: would each part know its room?",
            source.path.display(),
            source.lines
        );
    }
    if broken.is_empty() {
        return Ok(());
    }
    bail!("who may know whom:\n    {}", broken.join("\n    "))
}

fn broken_dependencies(metadata: &Value) -> Vec<String> {
    let mut broken = Vec::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let name = package["name"].as_str().unwrap_or_default();
        let Some(allowed) = row(MAY_KNOW, name) else {
            broken.push(format!(
                "{name} stands in no row of xtask/src/architecture.rs"
            ));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let other = dependency["name"].as_str().unwrap_or_default();
            let for_tests = dependency["kind"] == "dev";
            if row(MAY_KNOW, other).is_some() {
                let known = allowed.contains(&other)
                    || (for_tests
                        && row(TESTS_MAY_KNOW, name).is_some_and(|more| more.contains(&other)));
                if !known {
                    broken.push(format!("{name} must not depend on {other}"));
                }
            }
            for (prefix, rooms) in BELONGS_TO {
                let is_it = other == *prefix
                    || other
                        .strip_prefix(prefix)
                        .is_some_and(|rest| rest.starts_with('-'));
                if is_it && !for_tests && !rooms.contains(&name) {
                    broken.push(format!(
                        "{name} must not depend on {other}, which belongs to {}",
                        rooms.join(", ")
                    ));
                }
            }
        }
    }
    broken
}

fn row<'a>(table: &'a [(&str, &'a [&'a str])], name: &str) -> Option<&'a [&'a str]> {
    table
        .iter()
        .find(|(room, _)| *room == name)
        .map(|(_, names)| *names)
}

struct Source {
    path: PathBuf,
    text: String,
    lines: usize,
}

impl Source {
    fn is_generated(&self) -> bool {
        self.path.ends_with("bindings.ts")
    }
}

fn broken_names(source: &Source) -> Vec<String> {
    let path = source.path.to_string_lossy().replace('\\', "/");
    let web = path.starts_with("ui/src/") && !path.starts_with("ui/src/ipc/");
    let native = path.starts_with("crates/");
    source
        .text
        .lines()
        .enumerate()
        .filter_map(|(index, line)| {
            let number = index + 1;
            if web && line.contains("@tauri-apps/") {
                Some(format!(
                    "{path}:{number} names @tauri-apps, which belongs to ui/src/ipc"
                ))
            } else if native && (line.contains("tauri::") || line.contains("tauri_plugin")) {
                Some(format!(
                    "{path}:{number} names Tauri, which belongs to src-tauri"
                ))
            } else {
                None
            }
        })
        .collect()
}

/// The project's own sources; what is generated or downloaded lies in none of these folders.
fn sources(root: &Path) -> Result<Vec<Source>> {
    let mut folders: Vec<PathBuf> = ["crates", "src-tauri", "ui/src", "tests", "xtask"]
        .iter()
        .map(|name| root.join(name))
        .collect();
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let entry = entry?;
            let path = entry.path();
            if entry.file_type()?.is_dir() {
                let name = entry.file_name();
                if name != "node_modules" && name != "target" && name != "gen" && name != "dist" {
                    folders.push(path);
                }
                continue;
            }
            let ending = path
                .extension()
                .and_then(|ending| ending.to_str())
                .unwrap_or_default();
            if ["rs", "ts", "svelte", "css"].contains(&ending) {
                let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
                let lines = text.lines().count();
                found.push(Source {
                    path: path.strip_prefix(root)?.to_path_buf(),
                    text,
                    lines,
                });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn package(name: &str, dependency: &str, kind: &Value) -> Value {
        json!({"packages": [{"name": name, "dependencies": [{"name": dependency, "kind": kind}]}]})
    }

    #[test]
    fn looking_up_and_sideways_is_refused() {
        for (name, other) in [
            ("keydesk-vault", "keydesk-core"),
            ("keydesk-core", "keydesk-providers"),
            ("keydesk-server", "keydesk-core"),
            ("keydesk-core", "tauri"),
            ("keydesk-providers", "tauri-plugin-dialog"),
            ("keydesk-core", "reqwest"),
        ] {
            let broken = broken_dependencies(&package(name, other, &Value::Null));
            assert_eq!(broken.len(), 1, "{name} knows {other}");
        }
    }

    #[test]
    fn the_provider_knows_the_real_server_in_tests_alone() {
        let pair =
            |kind| broken_dependencies(&package("keydesk-providers", "keydesk-server", &kind));
        assert!(pair(json!("dev")).is_empty());
        assert_eq!(pair(Value::Null).len(), 1);
    }

    #[test]
    fn a_crate_without_a_row_is_noticed() {
        assert_eq!(
            broken_dependencies(&package("keydesk-new", "serde", &Value::Null)).len(),
            1
        );
    }

    #[test]
    fn names_are_looked_for_in_the_right_rooms() {
        let source = |path: &str, text: &str| Source {
            path: path.into(),
            text: text.to_owned(),
            lines: 1,
        };
        let import = "import { invoke } from '@tauri-apps/api/core'";
        assert_eq!(
            broken_names(&source("ui/src/features/a.ts", import)).len(),
            1
        );
        assert!(broken_names(&source("ui/src/ipc/host.ts", import)).is_empty());
        assert_eq!(
            broken_names(&source("crates/core/src/a.rs", "use tauri::State;")).len(),
            1
        );
        assert!(broken_names(&source("src-tauri/src/a.rs", "use tauri::State;")).is_empty());
    }

    #[test]
    fn this_project_keeps_its_own_rules() {
        check().unwrap();
    }
}
