//! The menu bar of macOS: the usual one, with a "Quit" of our own.
//!
//! The system's own ends the program without a word to it, whatever is unsaved. Not here: what
//! quitting from the Dock, or logging out, does; of these Keydesk learns too late to ask.

use tauri::menu::{Menu, MenuEvent, MenuItem, MenuItemKind};
use tauri::{AppHandle, Builder, Wry};

use crate::window;

const QUIT: &str = "quit";

/// Gives the app its menu bar.
pub fn install(builder: Builder<Wry>) -> Builder<Wry> {
    builder
        .menu(bar)
        .on_menu_event(|app, event| chosen(app, &event))
}

fn bar(app: &AppHandle) -> tauri::Result<Menu<Wry>> {
    let bar = Menu::default(app)?;
    // The first menu is the app's own, and its last entry quits.
    if let Some(MenuItemKind::Submenu(own)) = bar.items()?.first()
        && let Some(last) = own.items()?.len().checked_sub(1)
    {
        let name = &app.package_info().name;
        let quit = MenuItem::with_id(app, QUIT, format!("Quit {name}"), true, Some("Cmd+Q"))?;
        own.remove_at(last)?;
        own.append(&quit)?;
    }
    Ok(bar)
}

fn chosen(app: &AppHandle, event: &MenuEvent) {
    if event.id() == QUIT {
        window::ask_to_close(app);
    }
}
