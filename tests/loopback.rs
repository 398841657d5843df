//! Servers on loopback for the tests of the network code: good ones, and those
//! that hang, drip and lie. Each lasts as long as its value, and no connection
//! lasts long.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::harness::fixture;

/// How long a connection may last, so that no test hangs.
const LONGEST: Duration = Duration::from_secs(8);

/// What a server does with a request.
#[derive(Clone)]
pub enum Behaviour {
    /// Serves directories laid over each other.
    Files(Vec<PathBuf>),
    /// Accepts and says nothing.
    Hang,
    /// Sends a byte from time to time.
    Drip,
    /// Answers with this status line and these headers, and no content.
    Answer(&'static str),
    /// Content without an end.
    Endless,
}

/// A server on loopback, until it is dropped.
pub struct Server {
    pub port: u16,
    asked: Arc<Mutex<Vec<String>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub fn start(behaviour: Behaviour) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let stop = Arc::new(AtomicBool::new(false));
        let (log, end) = (Arc::clone(&asked), Arc::clone(&stop));
        let thread = std::thread::spawn(move || {
            let mut answers = Vec::new();
            for stream in listener.incoming() {
                if end.load(Ordering::SeqCst) {
                    break;
                }
                let (behaviour, log, end) = (behaviour.clone(), log.clone(), end.clone());
                let stream = stream.unwrap();
                // A client that has seen enough hangs up; that is no error of a server.
                answers.push(std::thread::spawn(move || {
                    let _ = answer(&stream, &behaviour, &log, &end);
                }));
            }
            for thread in answers {
                thread.join().unwrap();
            }
        });
        Self {
            port,
            asked,
            stop,
            thread: Some(thread),
        }
    }

    pub fn of(directories: &[&str]) -> Self {
        let directories = directories
            .iter()
            .map(|name| fixture("tuf").join(name))
            .collect();
        Self::start(Behaviour::Files(directories))
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // Wakes up the thread that waits for a connection.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

fn answer(
    mut stream: &TcpStream,
    behaviour: &Behaviour,
    asked: &Mutex<Vec<String>>,
    stop: &AtomicBool,
) -> std::io::Result<()> {
    stream.set_read_timeout(Some(LONGEST))?;
    stream.set_write_timeout(Some(LONGEST))?;
    let mut lines = BufReader::new(stream).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    while lines
        .next()
        .transpose()?
        .is_some_and(|line| !line.is_empty())
    {}
    let name = request.split(' ').nth(1).unwrap_or_default();
    let name = name.trim_start_matches('/').to_owned();
    asked.lock().unwrap().push(name.clone());
    let until = Instant::now() + LONGEST;
    let goes_on = || !stop.load(Ordering::SeqCst) && Instant::now() < until;
    match behaviour {
        Behaviour::Files(directories) => {
            let found = directories
                .iter()
                .find_map(|directory| std::fs::read(directory.join(&name)).ok());
            let (status, content) = match found {
                Some(content) => ("200 OK", content),
                None => ("404 Not Found", Vec::new()),
            };
            let length = content.len();
            write!(
                stream,
                "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
            )?;
            stream.write_all(&content)
        }
        Behaviour::Answer(head) => {
            write!(stream, "HTTP/1.1 {head}\r\nConnection: close\r\n\r\n")
        }
        Behaviour::Hang => {
            while goes_on() {
                std::thread::sleep(Duration::from_millis(20));
            }
            Ok(())
        }
        Behaviour::Drip => {
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n")?;
            while goes_on() {
                stream.write_all(b" ")?;
                std::thread::sleep(Duration::from_millis(50));
            }
            Ok(())
        }
        Behaviour::Endless => {
            write!(stream, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
            while goes_on() {
                stream.write_all(&[b' '; 65_536])?;
            }
            Ok(())
        }
    }
}
