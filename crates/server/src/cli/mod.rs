//! The command line. What is asked for goes to standard output, and nothing else does; logs
//! and errors go to standard error. Passwords come from standard input, never from arguments,
//! which other users can read.

mod api_keys;
mod organizations;

use std::io::{self, BufRead, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Parser, Subcommand};
use keydesk_server::{
    AccountsError, Administration, DEFAULT_ACCOUNT_NAME, DEFAULT_LISTEN, Field, NewUser, OpenError,
    PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS, PortalRole, Problem, ServeOptions, SignInMethod,
    StartError, start,
};
use tracing_subscriber::EnvFilter;
use zeroize::Zeroizing;

use api_keys::ApiKey;
use organizations::Organization;

/// The Keydesk settings server: accounts, profiles and API keys in one folder.
#[derive(Parser)]
#[command(version)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve a data folder until SIGTERM or Ctrl-C; prints the URL on one line when ready
    Serve(Serve),
    /// Manage accounts, also while the folder is served
    #[command(subcommand)]
    User(User),
    /// Manage organizations and who belongs to them, also while the folder is served
    #[command(subcommand)]
    Organization(Organization),
    /// Make API keys, also while the folder is served
    #[command(subcommand)]
    ApiKey(ApiKey),
}

#[derive(Args)]
struct Serve {
    /// Where to listen; port 0 takes a free one. HTTP is not encrypted: for other machines,
    /// put a gateway with TLS in front
    #[arg(long, value_name = "ADDRESS:PORT", default_value_t = DEFAULT_LISTEN)]
    listen: SocketAddr,
    /// The folder with the database and the key file; made where it does not exist
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// A name under which a gateway reaches this server, as NAME or NAME:PORT; may be repeated
    #[arg(long = "allow-host", value_name = "HOST")]
    allowed_hosts: Vec<String>,
    /// Behave as the cloud does: every request needs the headers Authorization and
    /// Access-token, and nobody signs in by password
    #[arg(long)]
    require_access_token: bool,
    /// How the server calls itself in the AIMMS dialect
    #[arg(long, value_name = "NAME", default_value = DEFAULT_ACCOUNT_NAME,
        value_parser = NonEmptyStringValueParser::new())]
    account_name: String,
    /// How long a session lasts
    #[arg(long, value_name = "HOURS", default_value_t = 168,
        value_parser = clap::value_parser!(u64).range(1..=8760))]
    session_hours: u64,
}

#[derive(Subcommand)]
enum User {
    /// Make an account
    Add(Add),
    /// Switch an account off: its sessions end, its keys are refused
    Deactivate(Whose),
    /// Switch an account on again
    Activate(Whose),
    /// Delete an account with everything that belongs to it, and the organizations that have
    /// nobody else
    Delete(Whose),
    /// Set a new password for somebody who forgot it; their sessions end
    Password(Password),
    /// Let an account be tried again after too many failed sign-ins
    Unlock(Whose),
    /// Remove the second factor of somebody who lost both app and recovery codes
    RemoveSecondFactor(Whose),
    /// Issue a session token for an account that signs in elsewhere
    Session(Session),
}

#[derive(Args)]
struct Whose {
    /// The data folder
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// The account's email
    #[arg(long)]
    email: String,
}

#[derive(Args)]
struct Add {
    #[command(flatten)]
    whose: Whose,
    #[arg(long)]
    first_name: String,
    #[arg(long)]
    last_name: String,
    #[arg(long, default_value = "user")]
    role: String,
    /// The account belongs to the admin portal, with this role: super-admin, admin or
    /// read-only; may be repeated
    #[arg(long = "portal-role", value_name = "ROLE")]
    portal_roles: Vec<PortalRole>,
    /// The account signs in at an identity provider and has no password here
    #[arg(long, conflicts_with = "password_stdin")]
    sso: bool,
    /// Read the password from the first line of standard input
    #[arg(long, required_unless_present = "sso")]
    password_stdin: bool,
}

#[derive(Args)]
struct Password {
    #[command(flatten)]
    whose: Whose,
    /// Read the password from the first line of standard input
    #[arg(long, required = true)]
    password_stdin: bool,
}

#[derive(Args)]
struct Session {
    #[command(flatten)]
    whose: Whose,
    /// Print both tokens that a server with --require-access-token asks for, as the two
    /// headers
    #[arg(long)]
    require_access_token: bool,
}

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Start(#[from] StartError),
    #[error("{}", describe(.0))]
    Accounts(#[from] AccountsError),
    #[error("standard input or output: {0}")]
    Io(#[from] io::Error),
}

/// Runs what the command line asks for.
pub(crate) fn run(arguments: Arguments) -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .with_ansi(false)
        .with_env_filter(
            EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info")),
        )
        .init();
    std::panic::set_hook(Box::new(|panic| {
        // Its message may hold anything that was sent.
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "work was given up: this is an error of the program");
    }));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let outcome = runtime.map_err(Failure::from).and_then(|runtime| {
        runtime.block_on(async {
            match arguments.command {
                Command::Serve(options) => serve(options).await,
                Command::User(command) => user(command).await,
                Command::ApiKey(command) => api_keys::run(command).await,
                Command::Organization(command) => organizations::run(command).await,
            }
        })
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Where standard error is closed, the exit code still says it.
            let _ = writeln!(io::stderr(), "keydesk-server: {failure}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(options: Serve) -> Result<(), Failure> {
    // Armed before the URL is printed: whoever reads it may end the server at once.
    let end = end_signal()?;
    let running = start(ServeOptions {
        listen: options.listen,
        allowed_hosts: options.allowed_hosts,
        require_access_token: options.require_access_token,
        session_life: Duration::from_hours(options.session_hours),
        account_name: options.account_name,
        ..ServeOptions::new(options.data)
    })
    .await?;
    print(running.url())?;
    end.await;
    tracing::info!("ending");
    running.shutdown().await;
    Ok(())
}

/// Resolves when the process is asked to end.
fn end_signal() -> io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    #[cfg(unix)]
    let mut interrupt = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt())?;
    #[cfg(windows)]
    let mut terminate = tokio::signal::windows::ctrl_close()?;
    #[cfg(windows)]
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

async fn user(command: User) -> Result<(), Failure> {
    match command {
        User::Add(add) => {
            let sign_in = if add.sso {
                SignInMethod::Elsewhere
            } else {
                SignInMethod::Password(password_from_stdin()?)
            };
            let new = NewUser {
                first_name: add.first_name,
                last_name: add.last_name,
                email: add.whose.email,
                role: add.role,
                sign_in,
            };
            let administration = Administration::open(&add.whose.data)?;
            administration
                .add_portal_user(new, add.portal_roles)
                .await?;
        }
        User::Deactivate(whose) => whose.administration()?.deactivate(&whose.email).await?,
        User::Activate(whose) => whose.administration()?.activate(&whose.email).await?,
        User::Delete(whose) => whose.administration()?.delete_user(&whose.email).await?,
        User::Unlock(whose) => whose.administration()?.unlock(&whose.email).await?,
        User::RemoveSecondFactor(whose) => {
            let administration = whose.administration()?;
            administration.remove_second_factor(&whose.email).await?;
        }
        User::Password(Password { whose, .. }) => {
            let password = password_from_stdin()?;
            whose
                .administration()?
                .set_password(&whose.email, password)
                .await?;
        }
        User::Session(session) => issue_session(&session).await?,
    }
    Ok(())
}

async fn issue_session(session: &Session) -> Result<(), Failure> {
    let whose = &session.whose;
    let issued = whose.administration()?.issue_session(&whose.email).await?;
    if session.require_access_token {
        let headers = Zeroizing::new(format!(
            "Authorization: Bearer {}\nAccess-token: {}",
            *issued.authorization, *issued.access_token
        ));
        print(&headers)?;
    } else {
        print(&issued.authorization)?;
    }
    Ok(())
}

impl Whose {
    fn administration(&self) -> Result<Administration, OpenError> {
        Administration::open(&self.data)
    }
}

/// The first line of standard input, without its end.
fn password_from_stdin() -> io::Result<Zeroizing<String>> {
    let mut line = Zeroizing::new(String::new());
    io::stdin().lock().read_line(&mut line)?;
    let password = line.strip_suffix('\n').unwrap_or(&line);
    let password = password.strip_suffix('\r').unwrap_or(password);
    Ok(Zeroizing::new(password.to_owned()))
}

fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()
}

/// A refusal in the words of the command line.
fn describe(error: &AccountsError) -> String {
    match error {
        AccountsError::Invalid { field, problem } => {
            format!("{} {}", option(*field), complaint(*problem))
        }
        AccountsError::NotFound => {
            "there is no such account or organization, or it is switched off".to_owned()
        }
        AccountsError::TitleTaken => "there is a key with this name already".to_owned(),
        AccountsError::EmailTaken => "there is an account with this email already".to_owned(),
        other => other.to_string(),
    }
}

fn option(field: Field) -> &'static str {
    match field {
        Field::Email => "--email",
        Field::FirstName => "--first-name",
        Field::LastName => "--last-name",
        Field::Role => "--role",
        Field::NewPassword => "the password",
        Field::OrganizationName | Field::Title => "--name",
        Field::Scopes => "--scope",
        _ => "an entry",
    }
}

fn complaint(problem: Problem) -> String {
    match problem {
        Problem::Empty => "may not be empty".to_owned(),
        Problem::TooShort { min } => format!(
            "needs at least {min} characters (passwords have {PASSWORD_MIN_CHARS} to \
             {PASSWORD_MAX_CHARS})"
        ),
        Problem::TooLong { max } => format!("may have at most {max} characters"),
        Problem::ForbiddenCharacter => "holds control characters".to_owned(),
        Problem::UnknownValue => "is not among those that there are".to_owned(),
        Problem::TooCommon => "is too easily guessed".to_owned(),
        _ => "is not of the right form".to_owned(),
    }
}
