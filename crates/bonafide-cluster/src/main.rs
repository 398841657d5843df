//! `bonafide-cluster`: scheduler, executor, and the client that asks them.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use bonafide_cluster::executor::{Executor, ExecutorOptions};
use bonafide_cluster::scheduler::{SHORTEST_TIMEOUT, Scheduler, SchedulerOptions};
use bonafide_cluster::{
    Address, ClusterError, Columns, Exposure, Found, Request, Scan, Tls, TlsFiles, scan,
};
use bonafide_dataset::Answer;
use clap::{Args, Parser, Subcommand, ValueEnum};

/// The exact checks of datasets on many machines.
#[derive(Parser)]
#[command(version)]
struct Command {
    #[command(subcommand)]
    part: Part,
}

#[derive(Subcommand)]
enum Part {
    /// Plan queries and hand out their tasks.
    Scheduler(OfScheduler),
    /// Read files and compute, for one scheduler.
    Executor(OfExecutor),
    /// Ask for equal records, conflicting labels, overlap of splits, and counts.
    Scan(OfScan),
}

/// What protects connections.
#[derive(Args)]
struct Protection {
    /// This part's certificate in PEM, for servers and clients alike, with intermediates.
    #[arg(
        long,
        value_name = "FILE",
        requires = "tls_key",
        requires = "tls_authority"
    )]
    tls_certificate: Option<PathBuf>,
    /// Its private key in PEM.
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    tls_key: Option<PathBuf>,
    /// The authority in PEM that signs the certificates of all parts.
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    tls_authority: Option<PathBuf>,
    /// Use addresses that others reach although nothing tells who they are. Whoever
    /// reaches a part can read what it can read.
    #[arg(long, conflicts_with = "tls_certificate")]
    danger_no_authentication: bool,
}

impl Protection {
    fn exposure(self) -> Result<Exposure, ClusterError> {
        let files = match (self.tls_certificate, self.tls_key, self.tls_authority) {
            (Some(certificate), Some(key), Some(authority)) => Some(TlsFiles {
                certificate,
                key,
                authority,
            }),
            _ => None,
        };
        let tls = files.as_ref().map(Tls::read).transpose()?;
        Ok(Exposure::of(tls, self.danger_no_authentication))
    }
}

#[derive(Args)]
struct OfScheduler {
    /// Where to listen; port 0 for any that is free.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:50050")]
    bind: Address,
    /// After how many seconds without a word an executor's work is given to others.
    #[arg(long, value_name = "SECONDS", default_value_t = 30,
          value_parser = clap::value_parser!(u64).range(SHORTEST_TIMEOUT..=86_400))]
    executor_timeout: u64,
    #[command(flatten)]
    protection: Protection,
}

#[derive(Args)]
struct OfExecutor {
    /// The scheduler to work for.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:50050")]
    scheduler: Address,
    /// Where others fetch results; port 0 for any that is free.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:0")]
    bind: Address,
    /// The name or address by which others reach this executor, if not that of --bind.
    #[arg(long, value_name = "HOST")]
    advertise: Option<String>,
    /// Tasks at a time; 0 for as many as there are cores.
    #[arg(long, default_value_t = 0)]
    tasks: usize,
    /// Most MiB in memory, all tasks together; what is beyond goes to disk. By default 70 %
    /// of what the machine or its container has.
    #[arg(long, value_name = "MIB", value_parser = clap::value_parser!(u64).range(1..=1 << 24))]
    memory: Option<u64>,
    /// Below which folder results and spills are kept.
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// How long to wait for the scheduler.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    connect_timeout: u16,
    #[command(flatten)]
    protection: Protection,
}

#[derive(Args)]
struct OfScan {
    /// A Parquet file, or a folder with such files, which scheduler and executors see at
    /// the same path.
    root: PathBuf,
    /// The scheduler.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:50050")]
    scheduler: Address,
    /// The column with the label.
    #[arg(long, value_name = "COLUMN")]
    label: Option<String>,
    /// The column that names each record, and is not compared.
    #[arg(long, value_name = "COLUMN")]
    key: Option<String>,
    /// A column to compare records by; may be given more than once. All but label and key
    /// if not given.
    #[arg(long, value_name = "COLUMN")]
    text: Vec<String>,
    /// A column whose values are counted; may be given more than once.
    #[arg(long, value_name = "COLUMN")]
    attribute: Vec<String>,
    /// How the result is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// How many clusters of each kind are shown.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(..=1_000))]
    examples: u16,
    /// Into how many parts tables are divided: at least as many as executors do tasks.
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=4_096))]
    partitions: u16,
    /// How long to wait for the result.
    #[arg(long, value_name = "SECONDS", default_value_t = 3_600)]
    timeout: u64,
    #[command(flatten)]
    protection: Protection,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

fn main() -> ExitCode {
    let part = Command::parse().part;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        // Plans of many files are deep, and are walked by recursion.
        .thread_stack_size(8 << 20)
        .build();
    let done = match runtime {
        Ok(runtime) => runtime.block_on(run(part)),
        Err(error) => Err(error.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::from(2)
        }
    }
}

async fn run(part: Part) -> Result<(), Box<dyn std::error::Error>> {
    match part {
        Part::Scheduler(of) => {
            let scheduler = Scheduler::bind(SchedulerOptions {
                bind: of.bind,
                exposure: of.protection.exposure()?,
                executor_timeout_seconds: of.executor_timeout,
            })
            .await?;
            say(&format!("scheduler on {}\n", scheduler.address()))?;
            let stop = async {
                let _ = tokio::signal::ctrl_c().await;
            };
            scheduler.serve(stop).await?;
        }
        Part::Executor(of) => {
            let executor = Executor::bind(ExecutorOptions {
                scheduler: of.scheduler,
                bind: of.bind,
                advertise: of.advertise,
                exposure: of.protection.exposure()?,
                tasks: of.tasks,
                memory: of.memory.map(|mebibytes| mebibytes << 20),
                folder: of.folder,
                connect_seconds: of.connect_timeout,
            })
            .await?;
            say(&format!("executor on {}\n", executor.address()))?;
            executor.serve().await?;
        }
        Part::Scan(of) => {
            let request = Request {
                root: of.root,
                columns: Columns {
                    label: of.label,
                    key: of.key,
                    text: of.text,
                    attributes: of.attribute,
                },
                scheduler: of.scheduler,
                exposure: of.protection.exposure()?,
                partitions: usize::from(of.partitions),
                examples: usize::from(of.examples),
                timeout_seconds: of.timeout,
            };
            let found = scan(&request).await?;
            match of.format {
                Format::Json => say(&format!("{}\n", serde_json::to_string_pretty(&found)?))?,
                Format::Text => say(&text(&found))?,
            }
        }
    }
    Ok(())
}

fn say(text: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// For people. What comes from the data is written as Rust writes strings, so that it
/// cannot move the cursor of a terminal.
fn text(found: &Scan) -> String {
    let mut lines = vec![format!(
        "{} files, compared by {}",
        found.files,
        quoted(&found.compared)
    )];
    for (name, reason) in &found.skipped {
        lines.push(format!("skipped {name:?}: {reason}"));
    }
    match &found.duplicates {
        Answer::Inconclusive(reason) => lines.push(format!("inconclusive: {reason}")),
        Answer::Known(duplicates) => {
            lines.push(format!(
                "{} records, {} without a value",
                duplicates.records, duplicates.empty
            ));
            lines.push(format!(
                "{} clusters of equal records, {} records in them",
                duplicates.clusters, duplicates.clustered
            ));
            lines.extend(duplicates.largest.shown.iter().map(example));
            for (what, clusters) in [
                ("with more than one label", &duplicates.conflicts),
                ("in more than one split", &duplicates.leaks),
            ] {
                lines.push(format!("{} clusters {what}", clusters.total));
                lines.extend(clusters.shown.iter().map(example));
            }
            for (label, records) in &duplicates.labels {
                lines.push(format!("label {label:?}: {records} records"));
            }
        }
    }
    for population in &found.populations {
        for (value, records) in &population.values {
            lines.push(format!(
                "{:?} {value:?}: {records} records",
                population.column
            ));
        }
        lines.push(format!(
            "{:?}: {} records with other values, {} with none",
            population.column, population.others, population.null
        ));
    }
    lines.push(String::new());
    lines.join("\n")
}

fn quoted(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
    names.join(", ")
}

fn example(found: &Found) -> String {
    format!(
        "  {} records, labels {:?}, splits {:?}, equal in {:?}",
        found.records, found.labels, found.splits, found.equal
    )
}
