//! Moves bytes that an earlier version kept in the database to files.

use bytes::Bytes;

use super::Files;
use crate::network::{Network, Refusal};
use crate::store::Sql as _;

/// Moves what is still in the database, one file at a time, so that it may be interrupted.
pub(crate) async fn run(network: &Network, files: &Files) -> Result<(), Refusal> {
    let sql = "SELECT media_id, bytes FROM media_content LIMIT 1";
    while let Some((id, bytes)) = network
        .read(move |view| {
            Ok(view.first(sql, (), |row| Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?)))?)
        })
        .await?
    {
        let file = files.put(Bytes::from(bytes)).await?;
        let name = file.name().to_owned();
        network
            .change(move |change| {
                change.run("UPDATE media SET file = ?2 WHERE id = ?1", (&id, &name))?;
                change.run("DELETE FROM media_content WHERE media_id = ?1", (&id,))?;
                Ok(())
            })
            .await?;
    }
    Ok(())
}
