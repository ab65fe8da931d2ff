-- What the REST APIs in front of the network keep.

CREATE TABLE api_key (
    id         TEXT PRIMARY KEY,
    digest     BLOB NOT NULL UNIQUE,         -- SHA-256 of the key
    label      TEXT NOT NULL,
    scopes     TEXT NOT NULL,                -- separated by spaces
    active     INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL,
    expires_at INTEGER
) STRICT, WITHOUT ROWID;

-- Answers of sends that carried an idempotency key.
CREATE TABLE idempotent_answer (
    api_key_id TEXT NOT NULL REFERENCES api_key (id) ON DELETE CASCADE,
    key        TEXT NOT NULL,
    request    BLOB NOT NULL,                -- SHA-256 of the request
    answer     TEXT NOT NULL,                -- JSON
    created_at INTEGER NOT NULL,
    PRIMARY KEY (api_key_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE webhook (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    registration TEXT NOT NULL,              -- JSON, in the shape of the API that it was registered with
    created_at   INTEGER NOT NULL
) STRICT;
