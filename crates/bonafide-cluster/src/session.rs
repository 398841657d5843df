//! Settings that all parts have to agree on, and the client's connection.

use ballista_core::extension::{SessionConfigExt, SessionStateExt};
use datafusion::execution::SessionStateBuilder;
use datafusion::prelude::{SessionConfig, SessionContext};

use crate::scheduler::MESSAGE;
use crate::{Address, ClusterError, Exposure};

/// Ballista's own settings, over connections that `exposure` asks for.
pub(crate) fn configuration(exposure: &Exposure) -> SessionConfig {
    let config =
        SessionConfig::new_with_ballista().with_ballista_grpc_client_max_message_size(MESSAGE);
    match exposure.tls() {
        None => config,
        Some(tls) => config
            .with_ballista_use_tls(true)
            .with_ballista_override_create_grpc_client_endpoint(tls.on_endpoints()),
    }
}

/// A session whose queries the scheduler at `address` plans and its executors answer.
pub(crate) fn connect(
    address: &Address,
    exposure: &Exposure,
    partitions: usize,
) -> Result<SessionContext, ClusterError> {
    exposure.permit(address)?;
    let config = configuration(exposure)
        .with_target_partitions(partitions.max(1))
        // What files say about themselves is not believed.
        .with_collect_statistics(false);
    let scheme = match exposure.tls() {
        Some(_) => "https",
        None => "http",
    };
    let state = SessionStateBuilder::new()
        .with_default_features()
        .with_config(config)
        .build()
        .upgrade_for_ballista(format!("{scheme}://{address}"))
        .map_err(ClusterError::engine("cannot make a session"))?;
    Ok(SessionContext::new_with_state(state))
}
