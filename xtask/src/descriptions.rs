//! Holds the descriptions that our server gives of itself against what it does: no answer that is
//! not described, and no failure, whatever it is asked.
//!
//! Not here: what the server should do. Its own tests say that.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::process;

/// How long the server may take to say where it listens.
const PATIENCE: Duration = Duration::from_secs(30);

/// Who asks, and by which description.
struct Asker {
    name: &'static str,
    description: &'static str,
    header: &'static str,
    /// Operations that would end the asker's own sign-in.
    without: &'static [&'static str],
    credential: fn(&Server) -> Result<String>,
}

const ASKERS: [Asker; 4] = [
    Asker {
        name: "admin portal",
        description: "/openapi.json",
        header: "Authorization",
        without: &["/portal/v1/sessions/current"],
        credential: |server| {
            server.user("admin@example.com", &["--portal-role", "super-admin"])?;
            server.session("admin@example.com")
        },
    },
    Asker {
        name: "organization portal",
        description: "/openapi.json",
        header: "Authorization",
        without: &["/portal/v1/sessions/current"],
        credential: |server| {
            server.user("owner@example.com", &[])?;
            server.organization("owner@example.com")?;
            server.session("owner@example.com")
        },
    },
    Asker {
        name: "user manager service",
        description: "/pro/user-manager/v1/openapi.yaml",
        header: "apikey",
        without: &[],
        credential: |server| {
            server.user("modeller@example.com", &[])?;
            server.service_key("modeller@example.com")
        },
    },
    Asker {
        name: "settings",
        description: "/q/openapi",
        header: "Authorization",
        without: &["/api/v1/users/logout"],
        credential: |server| {
            server.user("settings@example.com", &[])?;
            server.session("settings@example.com")
        },
    },
];

/// Asks everything, as each of the askers.
pub(crate) fn check() -> Result<()> {
    let program = schemathesis()?;
    let mut failed = Vec::new();
    for asker in &ASKERS {
        // A server each: what one leaves behind must not explain what another finds.
        let server = Server::start()?;
        let credential = (asker.credential)(&server)?;
        println!("   as {}", asker.name);
        let mut command = process::program(&program);
        command
            // It leaves notes for a later run where it stands.
            .current_dir(server.data.path())
            .arg("--config-file")
            .arg(process::root().join("xtask/descriptions/schemathesis.toml"))
            .args(["run", "--no-color", "--url", &server.url])
            .env("KEYDESK_HEADER", asker.header)
            .env("KEYDESK_CREDENTIAL", credential);
        for path in asker.without {
            command.args(["--exclude-path", path]);
        }
        command.arg(format!("{}{}", server.url, asker.description));
        let (succeeded, output) = process::capture(&mut command)?;
        if !succeeded {
            println!("{output}");
            failed.push(asker.name);
        }
    }
    if failed.is_empty() {
        return Ok(());
    }
    bail!("not as described: {}", failed.join(", "))
}

/// The program, in a folder of its own under `target/tools`.
fn schemathesis() -> Result<PathBuf> {
    let folder = process::target().join("tools/descriptions");
    let program = folder.join("bin/schemathesis");
    let wanted = process::root().join("xtask/descriptions/requirements.txt");
    let stamp = folder.join("requirements.txt");
    let same = |one: &Path, other: &Path| matches!((std::fs::read(one), std::fs::read(other)), (Ok(one), Ok(other)) if one == other);
    if program.is_file() && same(&wanted, &stamp) {
        return Ok(program);
    }
    println!("   schemathesis goes into {}", folder.display());
    process::expect(
        process::program("python3")
            .args(["-m", "venv"])
            .arg(&folder),
    )?;
    process::expect(
        process::program(folder.join("bin/pip"))
            .args(["install", "--quiet", "--disable-pip-version-check", "-r"])
            .arg(&wanted),
    )?;
    std::fs::copy(&wanted, &stamp)?;
    Ok(program)
}

/// A real server with data of its own, ended and wiped when dropped.
struct Server {
    child: Child,
    data: tempfile::TempDir,
    url: String,
}

impl Server {
    fn start() -> Result<Self> {
        let data = tempfile::tempdir()?;
        let log = data.path().join("server.log");
        let child = keydesk_server()
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data.path().join("data"))
            .stdout(std::fs::File::create(&log)?)
            // A line for each of thousands of requests.
            .stderr(std::fs::File::create(data.path().join("requests.log"))?)
            .spawn()
            .context("the server does not start")?;
        let mut server = Self {
            child,
            data,
            url: String::new(),
        };
        let deadline = Instant::now() + PATIENCE;
        while server.url.is_empty() {
            let printed = std::fs::read_to_string(&log)?;
            if let Some(line) = printed.lines().find(|line| line.contains("http://")) {
                let from = line.find("http://").unwrap_or_default();
                line.get(from..)
                    .unwrap_or_default()
                    .trim()
                    .clone_into(&mut server.url);
            } else if Instant::now() > deadline {
                bail!("the server does not say where it listens: {printed}");
            } else {
                std::thread::sleep(Duration::from_millis(50));
            }
        }
        Ok(server)
    }

    fn user(&self, email: &str, more: &[&str]) -> Result<()> {
        let mut command = keydesk_server();
        command
            .args(["user", "add", "--email", email])
            .args(["--first-name", "Ada", "--last-name", "Lovelace"])
            .args(more)
            .arg("--password-stdin");
        self.run(&mut command, "Seven grey herons wade 7!\n")
            .map(drop)
    }

    fn organization(&self, owner: &str) -> Result<()> {
        let mut add = keydesk_server();
        add.args(["organization", "add", "--name", "Analytical Engines"]);
        let id = self.run(&mut add, "")?;
        let mut member = keydesk_server();
        member
            .args(["organization", "member", "add", "--email", owner])
            .args(["--role", "owner", "--organization", id.trim()]);
        self.run(&mut member, "").map(drop)
    }

    /// The header of a signed-in session.
    fn session(&self, email: &str) -> Result<String> {
        let mut command = keydesk_server();
        command.args(["user", "session", "--email", email]);
        Ok(format!("Bearer {}", self.run(&mut command, "")?.trim()))
    }

    fn service_key(&self, email: &str) -> Result<String> {
        let mut command = keydesk_server();
        command.args(["api-key", "add", "--email", email, "--name", "first"]);
        for scope in ["APIKey", "Authentication", "PublishApp", "Tasks", "Session"] {
            command.args(["--scope", scope]);
        }
        Ok(self.run(&mut command, "")?.trim().to_owned())
    }

    fn run(&self, command: &mut Command, input: &str) -> Result<String> {
        let mut child = command
            .arg("--data")
            .arg(self.data.path().join("data"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(input.as_bytes())?;
        }
        let output = child.wait_with_output()?;
        if !output.status.success() {
            bail!("`{}` failed", process::spelled(command));
        }
        Ok(String::from_utf8(output.stdout)?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn keydesk_server() -> Command {
    process::program(process::target().join(format!(
        "debug/keydesk-server{}",
        std::env::consts::EXE_SUFFIX
    )))
}
