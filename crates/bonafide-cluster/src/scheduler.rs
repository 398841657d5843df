//! The part that plans queries and hands out their tasks.

use std::future::Future;
use std::sync::Arc;

use ballista_core::config::TaskSchedulingPolicy;
use ballista_core::serde::protobuf::scheduler_grpc_server::SchedulerGrpcServer;
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::SchedulerConfig;
use ballista_scheduler::scheduler_process::create_scheduler;
use datafusion_proto::protobuf::{LogicalPlanNode, PhysicalPlanNode};
use tokio::net::TcpListener;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;

use crate::tls::chain;
use crate::{Address, ClusterError, Exposure};

/// Largest message that goes in or out, in bytes. Plans name every file.
pub(crate) const MESSAGE: usize = 64 << 20;

/// Shortest time after which an executor may count as lost, in seconds. One that is busy
/// is heard every 5 seconds.
pub const SHORTEST_TIMEOUT: u64 = 8;

/// How a scheduler is run.
#[derive(Debug, Clone)]
pub struct SchedulerOptions {
    /// Where it listens; port 0 for any that is free.
    pub bind: Address,
    /// What protects that.
    pub exposure: Exposure,
    /// After how many seconds without a word an executor is lost and its work given to
    /// others; at least [`SHORTEST_TIMEOUT`].
    pub executor_timeout_seconds: u64,
}

/// A scheduler that has its port, and does nothing yet.
#[derive(Debug)]
pub struct Scheduler {
    listener: TcpListener,
    address: Address,
    options: SchedulerOptions,
}

impl Scheduler {
    /// Takes the port.
    pub async fn bind(options: SchedulerOptions) -> Result<Self, ClusterError> {
        options.exposure.permit(&options.bind)?;
        let (listener, address) = listen(&options.bind).await?;
        Ok(Self {
            listener,
            address,
            options,
        })
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> &Address {
        &self.address
    }

    /// Works until `stop` is ready. Jobs that are under way then are lost.
    pub async fn serve(self, stop: impl Future<Output = ()>) -> Result<(), ClusterError> {
        let timeout = self.options.executor_timeout_seconds.max(SHORTEST_TIMEOUT);
        let tls = self.options.exposure.tls();
        let config = SchedulerConfig {
            bind_host: self.address.host(),
            external_host: self.address.host(),
            bind_port: self.address.port(),
            // Executors ask for work, so none of them has to accept a connection from here.
            scheduling_policy: TaskSchedulingPolicy::PullStaged,
            executor_timeout_seconds: timeout,
            expire_dead_executor_interval_seconds: (timeout / 4).max(1),
            no_executors_grace_period_seconds: timeout,
            use_tls: tls.is_some(),
            override_create_grpc_client_endpoint: tls.map(crate::Tls::on_endpoints),
            ..SchedulerConfig::default()
        };
        const START: &str = "cannot start the scheduler";
        let cluster = BallistaCluster::new_from_config(&config)
            .await
            .map_err(ClusterError::engine(START))?;
        let scheduler =
            create_scheduler::<LogicalPlanNode, PhysicalPlanNode>(cluster, Arc::new(config))
                .await
                .map_err(ClusterError::engine(START))?;
        let service = SchedulerGrpcServer::new(scheduler)
            .max_decoding_message_size(MESSAGE)
            .max_encoding_message_size(MESSAGE);
        // Only what executors and clients need is served: none of Ballista's web pages.
        server(&self.options.exposure)?
            .add_service(service)
            .serve_with_incoming_shutdown(incoming(self.listener), stop)
            .await
            .map_err(|error| ClusterError::Engine {
                what: "the scheduler stopped",
                reason: chain(&error),
            })
    }
}

/// A server that turns away who has no certificate, if there are certificates.
pub(crate) fn server(exposure: &Exposure) -> Result<Server, ClusterError> {
    let server = Server::builder();
    match exposure.tls() {
        None => Ok(server),
        Some(tls) => server
            .tls_config(tls.of_server())
            .map_err(ClusterError::engine("cannot set up TLS")),
    }
}

pub(crate) fn incoming(listener: TcpListener) -> TcpIncoming {
    TcpIncoming::from(listener).with_nodelay(Some(true))
}

/// Listens, and says where if any port would do.
pub(crate) async fn listen(bind: &Address) -> Result<(TcpListener, Address), ClusterError> {
    let failed = |error: std::io::Error| ClusterError::Engine {
        what: "cannot listen",
        reason: format!("{bind}: {error}"),
    };
    let listener = TcpListener::bind(bind.to_string()).await.map_err(failed)?;
    let port = listener.local_addr().map_err(failed)?.port();
    Ok((listener, bind.with_port(port)))
}
