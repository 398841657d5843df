//! The part that reads files and computes.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use arrow_flight::flight_service_server::FlightServiceServer;
use ballista_core::ConfigProducer;
use ballista_core::config::TaskSchedulingPolicy;
use ballista_core::error::BallistaError;
use ballista_executor::ArrowFlightServerProvider;
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use ballista_executor::flight_service::BallistaFlightService;
use tokio::net::TcpListener;

use crate::scheduler::{MESSAGE, incoming, listen, server};
use crate::session::configuration;
use crate::{Address, ClusterError, Exposure};

/// How an executor is run.
#[derive(Debug, Clone)]
pub struct ExecutorOptions {
    /// The scheduler that it works for.
    pub scheduler: Address,
    /// Where others fetch its results; port 0 for any that is free.
    pub bind: Address,
    /// The name or IP address by which others reach it, if it is not that of `bind`.
    pub advertise: Option<String>,
    /// What protects both.
    pub exposure: Exposure,
    /// Tasks that it does at a time; 0 for as many as it has cores.
    pub tasks: usize,
    /// Most bytes that all its tables hold together; what is beyond goes to disk. None
    /// for 70 % of what the machine, or its container, has.
    pub memory: Option<u64>,
    /// Below which folder it keeps results and spills; the system's folder if not given.
    pub folder: Option<PathBuf>,
    /// How long it waits for the scheduler at its start, in seconds.
    pub connect_seconds: u16,
}

/// An executor that has its port, and does nothing yet.
#[derive(Debug)]
pub struct Executor {
    listener: TcpListener,
    address: Address,
    options: ExecutorOptions,
}

impl Executor {
    /// Takes the port.
    pub async fn bind(options: ExecutorOptions) -> Result<Self, ClusterError> {
        options.exposure.permit(&options.bind)?;
        options.exposure.permit(&options.scheduler)?;
        if let Some(name) = &options.advertise {
            // Others put it into a URL.
            let _: Address = format!("{name}:0").parse()?;
        } else if options.bind.is_everywhere() {
            return Err(ClusterError::Address {
                given: options.bind.to_string(),
                reason: "others cannot dial it; say by which name they reach this executor",
            });
        }
        let (listener, address) = listen(&options.bind).await?;
        Ok(Self {
            listener,
            address,
            options,
        })
    }

    /// Where others fetch its results.
    #[must_use]
    pub const fn address(&self) -> &Address {
        &self.address
    }

    /// Works until the process is told to stop, by `SIGTERM` or `SIGINT`.
    pub async fn serve(self) -> Result<(), ClusterError> {
        let mut folder = tempfile::Builder::new();
        folder.prefix("bonafide-cluster-");
        // Results of other people's data: nobody else may look, and nothing stays behind.
        let work = match &self.options.folder {
            Some(below) => folder.tempdir_in(below),
            None => folder.tempdir(),
        }
        .map_err(ClusterError::engine("cannot make a folder to work in"))?;
        let path = work.path().to_str().ok_or_else(|| ClusterError::File {
            file: work.path().to_owned(),
            reason: "the name of the folder is not UTF-8".to_owned(),
        })?;
        let tls = self.options.exposure.tls();
        let producer: ConfigProducer = {
            let exposure = self.options.exposure.clone();
            Arc::new(move || configuration(&exposure))
        };
        let message = u32::try_from(MESSAGE).unwrap_or(u32::MAX);
        let config = ExecutorProcessConfig {
            bind_host: self.address.host(),
            external_host: Some(match &self.options.advertise {
                Some(name) => name.clone(),
                None => self.address.host(),
            }),
            port: self.address.port(),
            // Nothing listens there: this executor asks for work and is never called.
            grpc_port: 0,
            scheduler_host: self.options.scheduler.host(),
            scheduler_port: self.options.scheduler.port(),
            scheduler_connect_timeout_seconds: self.options.connect_seconds.max(1),
            vcores: self.options.tasks,
            task_scheduling_policy: TaskSchedulingPolicy::PullStaged,
            work_dir: Some(path.to_owned()),
            grpc_max_decoding_message_size: message,
            grpc_max_encoding_message_size: message,
            memory_pool_size: self.options.memory,
            override_config_producer: Some(producer),
            override_create_grpc_client_endpoint: tls.map(crate::Tls::on_endpoints),
            override_arrow_flight_service: Some(results(
                self.listener,
                self.options.exposure.clone(),
            )),
            ..ExecutorProcessConfig::default()
        };
        start_executor_process(Arc::new(config))
            .await
            .map_err(ClusterError::engine("the executor stopped"))
    }
}

/// The server from which others fetch results, on a port that is taken already.
fn results(listener: TcpListener, exposure: Exposure) -> Arc<ArrowFlightServerProvider> {
    let listener = Mutex::new(Some(listener));
    Arc::new(move |folder, _, mut shutdown, _| {
        let taken = listener.lock().ok().and_then(|mut held| held.take());
        let exposure = exposure.clone();
        tokio::spawn(async move {
            let failed = |reason: String| BallistaError::General(reason);
            let listener = taken.ok_or_else(|| failed("started twice".to_owned()))?;
            let service = FlightServiceServer::new(BallistaFlightService::new(folder))
                .max_decoding_message_size(MESSAGE)
                .max_encoding_message_size(MESSAGE);
            server(&exposure)
                .map_err(|error| failed(error.to_string()))?
                .add_service(service)
                .serve_with_incoming_shutdown(incoming(listener), async move {
                    shutdown.recv().await;
                })
                .await
                .map_err(BallistaError::TonicError)
        })
    })
}
