//! A child process that answers each line of JSON with another.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A running program, stopped on drop.
#[derive(Debug)]
pub struct Process {
    version: String,
    pipes: Mutex<Pipes>,
}

#[derive(Debug)]
struct Pipes {
    child: Child,
    /// Dropping it stops the program.
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Process {
    /// Starts a program and reads the version that it prints first.
    ///
    /// # Errors
    /// The reason why it does not start.
    pub fn start(command: &mut Command) -> Result<Self, String> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{}: {error}", command.get_program().display()))?;
        let (requests, answers) = (child.stdin.take(), child.stdout.take().ok_or("no output")?);
        let mut pipes = Pipes {
            child,
            requests,
            answers: BufReader::new(answers),
        };
        Ok(Self {
            version: pipes.answer()?,
            pipes: Mutex::new(pipes),
        })
    }

    /// The version that the program printed.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Sends a request and returns the answer.
    ///
    /// # Errors
    /// The program has exited, or its answer has another type.
    pub fn ask<A: DeserializeOwned>(&self, request: &impl Serialize) -> Result<A, String> {
        let mut line = serde_json::to_vec(request).map_err(|error| error.to_string())?;
        line.push(b'\n');
        let mut pipes = self.pipes.lock().unwrap_or_else(PoisonError::into_inner);
        let requests = pipes.requests.as_mut().ok_or("no input")?;
        requests
            .write_all(&line)
            .map_err(|error| error.to_string())?;
        pipes.answer()
    }
}

impl Pipes {
    fn answer<A: DeserializeOwned>(&mut self) -> Result<A, String> {
        let mut line = String::new();
        match self.answers.read_line(&mut line) {
            Ok(0) => Err("the program has ended".to_owned()),
            Ok(_) => serde_json::from_str(&line).map_err(|error| format!("{error}: {line}")),
            Err(error) => Err(error.to_string()),
        }
    }
}

impl Drop for Pipes {
    fn drop(&mut self) {
        self.requests = None; // closes its input, on which it exits
        let _ = self.child.wait();
    }
}
