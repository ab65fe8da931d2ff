//! Lasting copies of media, in an S3-compatible store or a folder.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{
    Attribute, Attributes, BackoffConfig, ObjectStore, ObjectStoreExt as _, PutOptions, RetryConfig,
};
use tokio::sync::OnceCell;
use tokio::task::spawn_blocking;

use super::extension;
use crate::egress::S3Connector;
use crate::network::media::Persisted;

/// How long copying one file may take.
const TIMEOUT: Duration = Duration::from_secs(30);
/// How often a request to an S3 store is repeated.
const RETRIES: usize = 2;

/// Where media goes that is to be kept.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum MediaStore {
    /// A folder of this machine, made if it is not there.
    Folder(PathBuf),
    /// A bucket of Amazon S3 or of a store that speaks its protocol.
    S3(S3Bucket),
}

/// A bucket and what opens it. [`fmt::Debug`] hides the keys.
#[derive(Clone)]
pub struct S3Bucket {
    /// The store's address, such as `http://127.0.0.1:9000`; the bucket is the first segment of the path. `None` is
    /// Amazon's own.
    pub endpoint: Option<String>,
    /// The region, such as `us-east-1`.
    pub region: String,
    /// The bucket's name.
    pub bucket: String,
    /// The id of the access key.
    pub access_key_id: String,
    /// The secret of the access key.
    pub secret_access_key: String,
}

impl fmt::Debug for S3Bucket {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("S3Bucket")
            .field("endpoint", &self.endpoint)
            .field("region", &self.region)
            .field("bucket", &self.bucket)
            .finish_non_exhaustive()
    }
}

/// Why a copy cannot be made or read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CopyError {
    #[error("the media store cannot be used: {0}")]
    Store(#[from] object_store::Error),
    #[error("the media store took longer than {} seconds", TIMEOUT.as_secs())]
    Timeout,
    #[error("the media store cannot be set up: {0}")]
    SetUp(String),
}

/// The copies. The store behind them is opened when it is first needed; clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Copies {
    settings: Option<Arc<MediaStore>>,
    opened: Arc<OnceCell<Opened>>,
}

#[derive(Debug)]
struct Opened {
    store: Box<dyn ObjectStore>,
    /// What stands before a key in the address of a copy.
    base: String,
    /// Whether the store keeps the media type beside the bytes.
    has_types: bool,
}

impl Copies {
    /// `None` keeps copies in memory.
    pub(crate) fn new(settings: Option<MediaStore>) -> Self {
        Self { settings: settings.map(Arc::new), opened: Arc::default() }
    }

    /// Copies the bytes of a file.
    pub(crate) async fn make(
        &self,
        media_id: &str,
        mime_type: &str,
        bytes: Bytes,
    ) -> Result<Persisted, CopyError> {
        let key = format!("{media_id}.{}", extension(mime_type));
        within(async {
            let opened = self.open().await?;
            let mut options = PutOptions::default();
            if opened.has_types {
                options.attributes = Attributes::from_iter([(Attribute::ContentType, mime_type.to_owned())]);
            }
            opened.store.put_opts(&Path::from(key.as_str()), bytes.into(), options).await?;
            Ok(Persisted { url: format!("{}/{key}", opened.base), key })
        })
        .await
    }

    /// The bytes of a copy; `None` if it is gone.
    pub(crate) async fn get(&self, key: &str) -> Result<Option<Bytes>, CopyError> {
        within(async {
            match self.open().await?.store.get(&Path::from(key)).await {
                Ok(found) => Ok(Some(found.bytes().await?)),
                Err(object_store::Error::NotFound { .. }) => Ok(None),
                Err(error) => Err(error.into()),
            }
        })
        .await
    }

    async fn open(&self) -> Result<&Opened, CopyError> {
        let settings = self.settings.clone();
        self.opened
            .get_or_try_init(|| async move {
                let opened = spawn_blocking(move || open(settings.as_deref())).await;
                opened.map_err(|error| CopyError::SetUp(error.to_string()))?
            })
            .await
    }
}

async fn within<T>(work: impl Future<Output = Result<T, CopyError>>) -> Result<T, CopyError> {
    tokio::time::timeout(TIMEOUT, work).await.unwrap_or(Err(CopyError::Timeout))
}

/// Opening reads root certificates and makes folders, so it blocks.
fn open(settings: Option<&MediaStore>) -> Result<Opened, CopyError> {
    match settings {
        None => Ok(Opened {
            store: Box::new(InMemory::new()),
            base: "memory://media".to_owned(),
            has_types: true,
        }),
        Some(MediaStore::Folder(folder)) => {
            let set_up = |error: std::io::Error| CopyError::SetUp(error.to_string());
            std::fs::create_dir_all(folder).map_err(set_up)?;
            let folder = folder.canonicalize().map_err(set_up)?;
            let base = url::Url::from_directory_path(&folder)
                .map_err(|()| CopyError::SetUp("the folder has no address".to_owned()))?;
            let store = LocalFileSystem::new_with_prefix(&folder)?.with_fsync(true);
            let base = base.as_str().trim_end_matches('/').to_owned();
            Ok(Opened { store: Box::new(store), base, has_types: false })
        }
        Some(MediaStore::S3(bucket)) => open_s3(bucket),
    }
}

fn open_s3(settings: &S3Bucket) -> Result<Opened, CopyError> {
    let S3Bucket { endpoint, region, bucket, access_key_id, secret_access_key } = settings;
    let endpoint = endpoint.as_deref().map(|it| it.trim_end_matches('/'));
    let is_tls = endpoint.is_none_or(|it| it.starts_with("https://"));
    let retry = RetryConfig {
        backoff: BackoffConfig { init_backoff: Duration::from_millis(100), ..BackoffConfig::default() },
        max_retries: RETRIES,
        retry_timeout: TIMEOUT,
    };
    let mut builder = AmazonS3Builder::new()
        .with_region(region)
        .with_bucket_name(bucket)
        .with_access_key_id(access_key_id)
        .with_secret_access_key(secret_access_key)
        .with_allow_http(!is_tls)
        .with_retry(retry)
        .with_http_connector(S3Connector { is_tls });
    let base = match endpoint {
        Some(endpoint) => {
            builder = builder.with_endpoint(endpoint);
            format!("{endpoint}/{bucket}")
        }
        None => format!("https://s3.{region}.amazonaws.com/{bucket}"),
    };
    Ok(Opened { store: Box::new(builder.build()?), base, has_types: true })
}
