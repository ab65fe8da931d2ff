//! The connection to Redis: there or away, and which of the two is logged when it changes.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, RedisResult};
use tokio::time::timeout;

use super::super::{Health, SharedError};

/// How long an answer may take before Redis counts as away.
const PATIENCE: Duration = Duration::from_millis(500);

/// How long connecting may take.
const PATIENCE_TO_CONNECT: Duration = Duration::from_secs(2);

#[derive(Debug)]
pub(super) struct Link {
    client: Client,
    /// Host and port: the address without its password.
    place: String,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// Counts connections, so that an old one's failure says nothing about a newer one.
    generation: u64,
    connection: Result<MultiplexedConnection, String>,
}

impl Link {
    /// A link that is not established.
    pub(super) fn new(url: &str) -> Result<Self, SharedError> {
        // For `rediss://`; where a program has chosen another provider, that one stays.
        rustls::crypto::ring::default_provider().install_default().ok();
        let client = Client::open(url).map_err(|error| SharedError::Address(error.category().to_owned()))?;
        let place = client.get_connection_info().addr().to_string();
        let state = State { generation: 0, connection: Err("not connected yet".to_owned()) };
        Ok(Self { client, place, state: Mutex::new(state) })
    }

    /// Connects, if `confirm` finds the connection fit for use.
    pub(super) async fn establish(
        &self,
        confirm: impl AsyncFnOnce(MultiplexedConnection) -> RedisResult<()>,
    ) -> Result<(), SharedError> {
        let connecting = async {
            let config = AsyncConnectionConfig::new()
                .set_connection_timeout(Some(PATIENCE_TO_CONNECT))
                .set_response_timeout(Some(PATIENCE));
            let connection = self.client.get_multiplexed_async_connection_with_config(&config).await?;
            confirm(connection.clone()).await?;
            RedisResult::Ok(connection)
        };
        let connected = timeout(2 * PATIENCE_TO_CONNECT, connecting).await;
        let connection = match connected {
            Ok(Ok(connection)) => connection,
            Ok(Err(error)) => return Err(self.unreachable(error.to_string())),
            Err(_) => return Err(self.unreachable("no answer".to_owned())),
        };
        let mut state = self.state();
        state.generation += 1;
        state.connection = Ok(connection);
        tracing::info!(redis = self.place, "limits, sessions and keys are shared through Redis");
        Ok(())
    }

    /// Asks Redis, if it is there.
    pub(super) async fn ask<T, F>(
        &self,
        question: impl FnOnce(MultiplexedConnection) -> F,
    ) -> Result<T, SharedError>
    where
        F: Future<Output = RedisResult<T>>,
    {
        let (generation, connection) = {
            let state = self.state();
            let connection = state.connection.clone().map_err(|why| self.unreachable(why))?;
            (state.generation, connection)
        };
        let why = match timeout(PATIENCE, question(connection)).await {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(error)) => error.to_string(),
            Err(_) => format!("no answer within {} ms", PATIENCE.as_millis()),
        };
        self.lose(generation, &why);
        Err(self.unreachable(why))
    }

    pub(super) fn health(&self) -> Health {
        match &self.state().connection {
            Ok(_) => Health::Whole,
            Err(why) => Health::Degraded(format!("Redis at {} cannot be used: {why}", self.place)),
        }
    }

    fn lose(&self, generation: u64, why: &str) {
        let mut state = self.state();
        if state.generation == generation && state.connection.is_ok() {
            state.connection = Err(why.to_owned());
            tracing::warn!(redis = self.place, why, "Redis is away: limits hold for this replica only");
        }
    }

    fn unreachable(&self, why: String) -> SharedError {
        SharedError::Unreachable { place: self.place.clone(), why }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
