//! Reading again what may change while the server runs.

use toolwright_http::CurrentAccess;
use toolwright_http::access::Access;

/// On SIGHUP reads again who may call. What cannot be used is logged, and what was before stays. Never ends. The signal is
/// taken before the future is first polled: from then on it does not end the process.
#[cfg(unix)]
pub(super) fn reload_on_hangup(
    read: impl Fn() -> anyhow::Result<Access>,
    current: CurrentAccess,
) -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut hangups = signal(SignalKind::hangup()).ok();
    async move {
        while let Some(hangups) = &mut hangups
            && hangups.recv().await.is_some()
        {
            match read() {
                Ok(access) => {
                    current.replace(access);
                    tracing::warn!("who may call was read again");
                }
                Err(error) => tracing::error!("who may call stays as it was: {error:#}"),
            }
        }
        std::future::pending::<()>().await;
    }
}

/// There is no such signal here. Never ends.
#[cfg(not(unix))]
pub(super) async fn reload_on_hangup(_: impl Fn() -> anyhow::Result<Access>, _: CurrentAccess) {
    std::future::pending::<()>().await;
}
