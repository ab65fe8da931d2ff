//! Something on loopback that answers only when it is let: an address of a picture, or a webhook's target.

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use tokio::net::TcpListener;
use tokio::sync::watch;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\0";

/// Answers nothing until it is released.
pub(crate) struct Slow {
    pub(crate) url: String,
    asked: watch::Sender<usize>,
    released: watch::Sender<bool>,
}

impl Slow {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/picture.png", listener.local_addr().unwrap());
        let (asked, released) = (watch::Sender::new(0), watch::Sender::new(false));
        let (asks, release) = (asked.clone(), released.clone());
        let router = Router::new().fallback(move || {
            let (asks, mut released) = (asks.clone(), release.subscribe());
            async move {
                asks.send_modify(|count| *count += 1);
                released.wait_for(|it| *it).await.unwrap();
                ([(CONTENT_TYPE, "image/png")], PNG)
            }
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, asked, released }
    }

    /// Waits until it has been asked this often.
    pub(crate) async fn is_asked(&self, times: usize) {
        self.asked.subscribe().wait_for(|count| *count >= times).await.unwrap();
    }

    /// Lets all answers go.
    pub(crate) fn release(&self) {
        self.released.send_replace(true);
    }
}
