-- Who may do what through the REST APIs, and what they asked to be done later.

-- A caller is the id of an API key, or the name of a client token's holder.
CREATE TABLE kept_answer (
    caller     TEXT NOT NULL,
    key        TEXT NOT NULL,
    request    BLOB NOT NULL,                -- SHA-256 of the request
    answer     TEXT NOT NULL,                -- JSON
    created_at INTEGER NOT NULL,
    PRIMARY KEY (caller, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX kept_answer_by_age ON kept_answer (created_at);

INSERT INTO kept_answer (caller, key, request, answer, created_at)
SELECT api_key_id, key, request, answer, created_at FROM idempotent_answer;

DROP TABLE idempotent_answer;

-- What signs tokens.
CREATE TABLE secret (
    name  TEXT PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Settings of the instance, as JSON.
CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE client_rules (
    session         TEXT PRIMARY KEY REFERENCES session (name) ON DELETE CASCADE,
    recipient_mode  TEXT NOT NULL,
    allowed_actions TEXT NOT NULL,           -- separated by commas
    rate_limit      INTEGER NOT NULL,        -- requests a minute and person; 0 for no limit
    max_daily       INTEGER NOT NULL,        -- sends a day and person; 0 for no limit
    allowed_origins TEXT NOT NULL,           -- separated by commas; empty for all
    enabled         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- How much the holders of client tokens have sent.
CREATE TABLE client_usage (
    session      TEXT NOT NULL REFERENCES session (name) ON DELETE CASCADE,
    ephemeral_id TEXT NOT NULL,
    day          INTEGER NOT NULL,           -- since 1970, in UTC
    sends        INTEGER NOT NULL,
    PRIMARY KEY (session, ephemeral_id, day)
) STRICT, WITHOUT ROWID;

CREATE INDEX client_usage_by_day ON client_usage (day);

-- Requests that were accepted to be carried out later, the oldest first.
CREATE TABLE command (
    number     INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT NOT NULL UNIQUE,         -- the correlation id
    caller     TEXT NOT NULL,
    session    TEXT NOT NULL,
    method     TEXT NOT NULL,
    target     TEXT NOT NULL,                -- path and query
    repeat_key TEXT NOT NULL,                -- the idempotency key
    body       BLOB NOT NULL
) STRICT;

CREATE INDEX command_by_session ON command (session, number);
