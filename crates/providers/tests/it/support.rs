//! Instances, providers, the real server, and the values that tests plant.

use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use keydesk_core::api_key::{Expiration, NewApiKey};
use keydesk_core::credential::Credential;
use keydesk_core::instance::{Instance, ServerKind, SignInMethod};
use keydesk_core::profile::{Profile, ProfileChange, ProfileEdit};
use keydesk_core::server_url::ServerUrl;
use keydesk_core::{Error, ErrorCode, Provider};
use keydesk_providers::{Limits, ProviderOptions};
use keydesk_server::{NewUser, Running, ServeOptions, start};
use keydesk_vault::SecretString;
use tempfile::TempDir;

pub(crate) const EMAIL: &str = "ada@example.org";
pub(crate) const PASSWORD: &str = "seven grey herons wade";
/// A token that no test may ever find outside its server.
pub(crate) const TOKEN: &str = "eyJhbGciOiJub25lIn0.cGxhbnRlZC1hcy1hLWNhbmFyeQ.Zx81mN04pQ7t";
/// The same for the cloud's second token.
pub(crate) const ACCESS_TOKEN: &str = "Ac3ssT0k3n-planted-as-a-canary-9Kd2";

/// Deadlines that a test can wait for; a loaded machine may miss them with a quick server too.
pub(crate) fn short() -> Limits {
    Limits {
        connect: Duration::from_secs(2),
        read: Duration::from_millis(400),
        total: Duration::from_millis(900),
        upload: Duration::from_millis(900),
        brief: Duration::from_millis(300),
        first_pause: Duration::from_millis(5),
        patience: Duration::from_millis(500),
    }
}

/// Deadlines that do not pass, on a slow machine either.
pub(crate) fn patient() -> Limits {
    Limits {
        read: Duration::from_secs(10),
        total: Duration::from_secs(20),
        upload: Duration::from_secs(20),
        ..short()
    }
}

pub(crate) fn secret(text: &str) -> SecretString {
    SecretString::from(text.to_owned())
}

/// What a person makes of the profile that they see.
pub(crate) fn change(seen: &Profile, edit: impl FnOnce(&mut ProfileEdit)) -> ProfileChange {
    let before = ProfileEdit::of(seen);
    let mut after = before.clone();
    edit(&mut after);
    ProfileChange { before, after }
}

pub(crate) fn session() -> Credential {
    Credential::Session(secret(TOKEN))
}

pub(crate) fn cloud_tokens() -> Credential {
    Credential::CloudTokens {
        authorization: secret(TOKEN),
        access_token: secret(ACCESS_TOKEN),
    }
}

pub(crate) fn instance(url: &str, kind: ServerKind) -> Instance {
    let url = ServerUrl::parse(url, true).unwrap();
    Instance::new(kind, url, SignInMethod::Password)
}

pub(crate) fn provider_of(instance: &Instance, limits: Limits) -> Arc<dyn Provider> {
    let options = ProviderOptions {
        limits,
        ..ProviderOptions::default()
    };
    keydesk_providers::build(instance, options).unwrap()
}

/// A provider for a server that answers at once, whatever it answers.
pub(crate) fn provider(url: &str) -> Arc<dyn Provider> {
    provider_of(&instance(url, ServerKind::IdmpSelfHosted), patient())
}

/// A provider for a server whose answer does not come.
pub(crate) fn hurried(url: &str) -> Arc<dyn Provider> {
    provider_of(&instance(url, ServerKind::IdmpSelfHosted), short())
}

/// A key to be made that nothing is asked of but its title.
pub(crate) fn new_key(title: &str) -> NewApiKey {
    NewApiKey {
        title: title.to_owned(),
        description: String::new(),
        scopes: Vec::new(),
        expiration: Expiration::Never,
    }
}

/// The code of an error; `Ok` is no code.
pub(crate) fn code<T: std::fmt::Debug>(outcome: Result<T, Error>) -> ErrorCode {
    outcome.unwrap_err().code
}

/// Runs a test in a process of its own, with these variables, and returns what [`print_outcome`]
/// printed there: the environment belongs to the whole process.
pub(crate) async fn outcome_of(test: &str, variables: &[(&str, &str)]) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture"]);
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"] {
        command.env_remove(name).env_remove(name.to_lowercase());
    }
    command.envs(variables.iter().copied());
    let output = tokio::task::spawn_blocking(move || command.output().unwrap())
        .await
        .unwrap();
    let output = String::from_utf8_lossy(&output.stdout).into_owned();
    let outcome = output.lines().find_map(|line| line.split_once("outcome="));
    outcome
        .unwrap_or_else(|| panic!("no outcome in {output}"))
        .1
        .to_owned()
}

/// Asks for the account and prints how that ended.
pub(crate) async fn print_outcome(provider: &dyn Provider) {
    match provider.account(&session(), None).await {
        Ok(account) => println!("outcome=ok {}", account.profile.email),
        Err(error) => println!("outcome={:?} {:?}", error.code, error.detail),
    }
}

/// The settings server on a port of its own, with one account.
pub(crate) struct RealServer {
    pub(crate) running: Running,
    pub(crate) provider: Arc<dyn Provider>,
    _data: TempDir,
}

impl RealServer {
    pub(crate) async fn self_hosted() -> Self {
        Self::start(ServerKind::IdmpSelfHosted, |_| {}).await
    }

    pub(crate) async fn start(kind: ServerKind, change: impl FnOnce(&mut ServeOptions)) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut options = ServeOptions::new(data.path().join("data"));
        options.listen = "127.0.0.1:0".parse().unwrap();
        change(&mut options);
        let running = start(options).await.unwrap();
        let ada = NewUser::with_password("Ada", "Lovelace", EMAIL, PASSWORD.to_owned().into());
        running.add_user(ada).await.unwrap();
        let provider = provider_of(&instance(running.url(), kind), Limits::default());
        Self {
            running,
            provider,
            _data: data,
        }
    }

    pub(crate) async fn sign_in(&self) -> Credential {
        let signed_in = self.provider.sign_in(EMAIL, &secret(PASSWORD), None).await;
        signed_in.unwrap().credential
    }
}

/// The smallest PNG that is one: a single pixel.
pub(crate) fn png() -> Vec<u8> {
    let hex = "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753\
               de0000000c4944415478da63b810c8040003180124712656ab0000000049454e\
               44ae426082";
    let digits: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(byte).collect()
}
