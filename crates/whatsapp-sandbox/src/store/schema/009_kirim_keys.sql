-- A key that is taken back stays known, and opens nothing.
ALTER TABLE kirim_key ADD COLUMN revoked_at INTEGER;
