//! Named, timed steps: the first failure ends the run with a clear line, the summary tells where
//! the time went.

use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};

use crate::process;

/// The steps of one run, in the order in which they ended.
pub(crate) struct Steps {
    started: Instant,
    done: Vec<(String, Duration)>,
}

/// Steps that run beside others; their output is shown once they are waited for.
pub(crate) struct Lane {
    name: &'static str,
    thread: thread::JoinHandle<LaneReport>,
}

struct LaneReport {
    done: Vec<(String, Duration)>,
    output: String,
    outcome: Result<()>,
}

impl Steps {
    pub(crate) fn new() -> Self {
        Self {
            started: Instant::now(),
            done: Vec::new(),
        }
    }

    /// Runs a step in the foreground.
    pub(crate) fn step(&mut self, name: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
        println!("\n── {name}");
        let started = Instant::now();
        let outcome = work();
        let taken = started.elapsed();
        match &outcome {
            Ok(()) => println!("   {name}: done in {}", seconds(taken)),
            Err(_) => println!("   {name}: FAILED after {}", seconds(taken)),
        }
        self.done.push((name.to_owned(), taken));
        outcome.with_context(|| format!("step \"{name}\""))
    }

    /// A step that is one command.
    pub(crate) fn command(&mut self, name: &str, mut command: Command) -> Result<()> {
        self.step(name, || process::expect(&mut command))
    }

    /// Starts commands that run one after another beside what follows.
    pub(crate) fn beside(name: &'static str, commands: Vec<(&'static str, Command)>) -> Lane {
        println!("\n── {name}: started beside the next steps");
        Lane {
            name,
            thread: thread::spawn(move || run_lane(commands)),
        }
    }

    /// Waits for a lane, shows what it printed, and fails if one of its steps did.
    pub(crate) fn join(&mut self, lane: Lane) -> Result<()> {
        let name = lane.name;
        let report = lane
            .thread
            .join()
            .map_err(|_| anyhow!("\"{name}\" broke off"))?;
        println!("\n── {name}: what it printed\n{}", report.output.trim_end());
        self.done.extend(report.done);
        report.outcome
    }

    /// Prints where the time went.
    pub(crate) fn summary(&self) {
        println!(
            "\n── Everything passed in {}",
            seconds(self.started.elapsed())
        );
        for (name, taken) in &self.done {
            println!("   {:>8}  {name}", seconds(*taken));
        }
    }
}

fn run_lane(commands: Vec<(&'static str, Command)>) -> LaneReport {
    let mut report = LaneReport {
        done: Vec::new(),
        output: String::new(),
        outcome: Ok(()),
    };
    for (name, mut command) in commands {
        let started = Instant::now();
        let result = process::capture(&mut command);
        report.done.push((name.to_owned(), started.elapsed()));
        match result {
            Ok((succeeded, text)) => {
                report.output.push_str(&text);
                if !succeeded {
                    let spelled = process::spelled(&command);
                    report.outcome = Err(anyhow!("step \"{name}\": `{spelled}` failed"));
                    break;
                }
            }
            Err(error) => {
                report.outcome = Err(error);
                break;
            }
        }
    }
    report
}

fn seconds(taken: Duration) -> String {
    let whole = taken.as_secs();
    if whole < 60 {
        format!("{:.1} s", taken.as_secs_f64())
    } else {
        format!("{} min {:02} s", whole / 60, whole % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_names_itself_and_keeps_the_cause() {
        let error = Steps::new()
            .step("lint", || Err(anyhow!("three warnings")))
            .unwrap_err();
        assert_eq!(format!("{error:#}"), "step \"lint\": three warnings");
    }

    #[test]
    fn a_lane_stops_at_its_first_failure() {
        let lane = Steps::beside(
            "lane",
            vec![
                ("fails", Command::new("false")),
                ("never runs", Command::new("true")),
            ],
        );
        let mut steps = Steps::new();
        let error = steps.join(lane).unwrap_err();
        assert!(error.to_string().contains("\"fails\""), "{error}");
        assert_eq!(
            steps.done.len(),
            1,
            "what stands behind a failure must not run"
        );
    }

    #[test]
    fn times_read_well_short_and_long() {
        assert_eq!(seconds(Duration::from_millis(1_540)), "1.5 s");
        assert_eq!(seconds(Duration::from_secs(187)), "3 min 07 s");
    }
}
