//! One connection, from its handshake to its end.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use super::RunOptions;
use super::activity::Activity;
use super::watched::Watched;
use crate::limits::Held;
use crate::tls::Tls;

/// The least that hyper takes for a buffer.
const LEAST_BUFFER: usize = 8 << 10;

/// How often a client of HTTP/2 is asked whether it is still there, and how long it may take to answer.
const PING: Duration = Duration::from_secs(20);

/// How long a connection without a request may take to close, and its client to read more of the last answer.
const CLOSE: Duration = Duration::from_secs(5);

/// How all connections are served, and when they end.
pub(super) struct Connections {
    app: Router,
    builder: Builder<TokioExecutor>,
    tls: Option<Tls>,
    header_timeout: Duration,
    idle_timeout: Duration,
    finish: CancellationToken,
    cut_off: CancellationToken,
}

impl Connections {
    pub(super) fn new(app: Router, options: &RunOptions) -> Self {
        let mut builder = Builder::new(TokioExecutor::new());
        let header_bytes = usize::try_from(options.max_header_bytes).unwrap_or(usize::MAX);
        builder
            .http1()
            .timer(TokioTimer::new())
            // `Activity` looks after all of these times.
            .header_read_timeout(None)
            .max_buf_size(header_bytes.max(LEAST_BUFFER))
            .max_headers(options.max_headers);
        builder
            .http2()
            .timer(TokioTimer::new())
            .keep_alive_interval(PING)
            .keep_alive_timeout(PING)
            .max_concurrent_streams(options.max_streams)
            .max_header_list_size(options.max_header_bytes);
        Self {
            app,
            builder,
            tls: options.tls.clone(),
            header_timeout: options.header_timeout,
            idle_timeout: options.idle_timeout,
            finish: CancellationToken::new(),
            cut_off: CancellationToken::new(),
        }
    }

    /// Lets connections end: those without a request now, others after their answers.
    pub(super) fn finish(&self) {
        self.finish.cancel();
    }

    /// Ends all connections now.
    pub(super) fn cut_off(&self) {
        self.cut_off.cancel();
    }

    /// Serves one connection to its end.
    pub(super) async fn serve(&self, stream: TcpStream, peer: SocketAddr) {
        let Some(tls) = &self.tls else { return self.serve_http(stream, peer).await };
        let handshake = timeout(self.header_timeout, tls.accept(stream));
        let accepted = tokio::select! {
            accepted = handshake => accepted,
            () = self.finish.cancelled() => return,
        };
        match accepted {
            Ok(Ok(stream)) => self.serve_http(stream, peer).await,
            Ok(Err(error)) => tracing::debug!(%peer, %error, "no TLS"),
            Err(_) => tracing::debug!(%peer, "no TLS in time"),
        }
    }

    async fn serve_http(&self, stream: impl AsyncRead + AsyncWrite + Unpin + 'static, peer: SocketAddr) {
        let activity = Activity::new();
        let service = service_fn(|mut request: Request<Incoming>| {
            let in_flight = activity.begin();
            request.extensions_mut().insert(ConnectInfo(peer));
            let answer = self.app.clone().oneshot(request.map(Body::new));
            async move {
                let response: Response<Body> = answer.await?;
                Ok::<_, Infallible>(response.map(|body| Held::new(body, in_flight)))
            }
        });
        let stream = TokioIo::new(Watched::new(stream, activity.clone()));
        let mut connection = pin!(self.builder.serve_connection(stream, service));
        let (mut first, mut later) = (self.header_timeout, self.idle_timeout);
        let mut is_ending = false;
        loop {
            tokio::select! {
                ended = connection.as_mut() => {
                    if let Err(error) = ended {
                        tracing::debug!(%peer, %error, "a connection failed");
                    }
                    return;
                }
                () = self.cut_off.cancelled() => return,
                () = self.finish.cancelled(), if !is_ending => {}
                () = activity.idle(first, later) => {
                    if is_ending {
                        return;
                    }
                }
            }
            connection.as_mut().graceful_shutdown();
            is_ending = true;
            activity.begin_anew();
            (first, later) = (CLOSE, CLOSE);
        }
    }
}
