//! The contract with the page, generated: every command and event with its types, written to
//! `ui/src/ipc/bindings.ts`, committed, and held against the code by a test.

use tauri_specta::{Builder, ErrorHandlingMode, collect_commands, collect_events};

use crate::commands::{
    administration, api_keys, clipboard, connect, contract, frame, profile, security,
};
use crate::ipc::views::{ClipboardChanged, CloseRequested};

/// All commands and events of the app.
pub fn builder() -> Builder<tauri::Wry> {
    Builder::<tauri::Wry>::new()
        .commands(collect_commands![
            frame::start,
            frame::set_preferences,
            frame::select_instance,
            frame::instances,
            frame::rename_instance,
            frame::keyring_status,
            frame::retry_keyring,
            frame::keep_until_quit,
            frame::cancel,
            frame::copy_text,
            frame::note_unsaved,
            frame::hold_close,
            frame::close_window,
            connect::check_server,
            connect::inspect_certificate,
            connect::choose_authority_file,
            connect::read_pasted_request,
            connect::tokens_from_sign_in_page,
            connect::forget_pasted_request,
            connect::sign_in,
            connect::sign_in_again,
            connect::request_password_reset,
            connect::local_account_exists,
            connect::create_local_account,
            connect::sign_in_locally,
            connect::sign_out,
            connect::remove_instance,
            connect::connection_details,
            connect::set_trust,
            profile::last_known,
            profile::account,
            profile::save_profile,
            profile::avatar,
            profile::choose_avatar,
            profile::take_avatar,
            profile::discard_avatar,
            profile::upload_avatar,
            api_keys::api_keys,
            api_keys::create_api_key,
            api_keys::copy_created_api_key,
            api_keys::close_created_api_key,
            api_keys::copy_api_key,
            api_keys::set_api_key_expiration,
            api_keys::delete_api_key,
            api_keys::revoke_api_key,
            api_keys::api_key_details,
            api_keys::key_metrics,
            api_keys::forget_kept_key,
            security::second_factor,
            security::begin_second_factor,
            security::confirm_second_factor,
            security::remove_second_factor,
            security::replace_recovery_codes,
            security::copy_shown_secret,
            security::close_shown_secret,
            security::account_sessions,
            security::end_account_session,
            security::end_other_sessions,
            security::security_log,
            security::deletion_terms,
            security::delete_account,
            administration::organizations,
            administration::select_organization,
            administration::users,
            administration::create_user,
            administration::edit_user,
            administration::reset_user_password,
            administration::delete_user,
            administration::look_up,
            contract::keep_contract_current,
            contract::learn_contract,
            contract::forget_contract,
            contract::import_contract,
            contract::confirm_operation,
            contract::open_portal_page,
            clipboard::clipboard_state,
            clipboard::clear_clipboard,
        ])
        .events(collect_events![ClipboardChanged, CloseRequested])
        .error_handling(ErrorHandlingMode::Result)
        // Times are milliseconds, exact in a JavaScript number for longer than anyone will ask.
        .dangerously_cast_bigints_to_number()
        // One shape per type: nothing here reads differently from how it is written.
        .disable_serde_phases()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    const ROOT: &str = env!("CARGO_MANIFEST_DIR");

    /// With `KEYDESK_WRITE_BINDINGS=1` the file is written; otherwise it must be up to date.
    #[test]
    fn export_bindings() {
        let target = Path::new(ROOT).join("ui/src/ipc/bindings.ts");
        assert!(
            target.parent().is_some_and(Path::is_dir),
            "ui/src/ipc is missing"
        );
        let folder = tempfile::tempdir().unwrap();
        let fresh = folder.path().join("bindings.ts");
        builder()
            .export(
                specta_typescript::Typescript::default().header(
                    "// Generated from src-tauri/src/ipc/bindings.rs by `cargo xtask bindings`.\n",
                ),
                &fresh,
            )
            .unwrap();
        let fresh = std::fs::read_to_string(&fresh).unwrap();
        if std::env::var_os("KEYDESK_WRITE_BINDINGS").is_some() {
            std::fs::write(&target, &fresh).unwrap();
        }
        let committed = std::fs::read_to_string(&target).unwrap_or_default();
        assert!(
            committed == fresh,
            "ui/src/ipc/bindings.ts is not what the commands say: run `cargo xtask bindings`"
        );
    }

    /// A command that no permission names could not be called; a permission for a command that
    /// does not exist would be a door without a room.
    #[test]
    fn permissions_name_exactly_the_commands() {
        let source = include_str!("bindings.rs");
        let list = source.split("collect_commands![").nth(1).unwrap();
        let commands: BTreeSet<_> = list
            .split(']')
            .next()
            .unwrap()
            .split(',')
            .filter_map(|path| path.trim().split("::").nth(1))
            .map(str::to_owned)
            .collect();
        let mut permitted = BTreeSet::new();
        for file in std::fs::read_dir(Path::new(ROOT).join("src-tauri/permissions")).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            let (_, allowed) = text.split_once("commands.allow = [").unwrap();
            permitted.extend(allowed.split('"').skip(1).step_by(2).map(str::to_owned));
        }
        assert_eq!(commands, permitted);
        assert!(commands.len() > 40, "the list was not read: {commands:?}");
    }
}
