//! The app on the embedded server, for tests.
//!
//! The configuration cannot be written here, so that secrets stay in memory and nobody's keyring
//! is touched.

use std::fs;

use keydesk_core::instance::InstanceId;
use keydesk_vault::SecretString;

use crate::connections::local_account;
use crate::state::{App, Folders};

/// The account's email.
pub const EMAIL: &str = "jane@example.com";

/// The account's password.
pub fn password() -> SecretString {
    SecretString::from("canary Password 1!".to_owned())
}

/// The app with an account that is signed in.
pub struct Desk {
    /// The app.
    pub app: App,
    /// The account.
    pub id: InstanceId,
    _folder: tempfile::TempDir,
}

impl Desk {
    /// Opens it.
    pub async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let app = App::open(Folders {
            configuration: file.join("no-folder"),
            data: folder.path().join("data"),
            clipboard_note: None,
        });
        let password = password();
        let added = app
            .local_server
            .add_account("Jane", "Doe", EMAIL, &password);
        added.await.unwrap();
        let id = sign_in(&app).await;
        Self {
            app,
            id,
            _folder: folder,
        }
    }

    /// Whether the session at hand, and one as after a restart, are signed in.
    pub async fn is_signed_in(&self) -> bool {
        let at_hand = self.app.session(&self.id).await.unwrap();
        let restarted = self.app.connect(self.app.instance(&self.id).unwrap());
        let restarted = restarted.unwrap().account(None).await.is_ok();
        let at_hand = at_hand.account(None).await.is_ok();
        assert_eq!(at_hand, restarted);
        at_hand
    }
}

/// Signs in with the password.
pub async fn sign_in(app: &App) -> InstanceId {
    let signed_in = local_account::sign_in(app, EMAIL, password(), None).await;
    signed_in.unwrap().instance.id
}
