//! The baseline of `cargo xtask bench`: the least a Tauri window can be, from the same versions as
//! the app. Nothing of Keydesk is in it.

fn main() -> tauri::Result<()> {
    tauri::Builder::default().run(tauri::generate_context!(
        "tests/bench/empty-window/tauri.conf.json"
    ))
}
