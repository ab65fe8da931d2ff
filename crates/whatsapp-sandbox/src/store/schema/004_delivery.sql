-- What is told to webhooks, and where the bytes of media are.

-- The bytes of media are files, each with a name that one row holds.
ALTER TABLE media ADD COLUMN file TEXT;
ALTER TABLE media ADD COLUMN expires_at INTEGER;
ALTER TABLE media ADD COLUMN copy_key TEXT;  -- of the lasting copy, in the store of copies
ALTER TABLE media ADD COLUMN copy_url TEXT;

CREATE UNIQUE INDEX media_by_file ON media (file) WHERE file IS NOT NULL;
CREATE INDEX media_by_message ON media (message_id);

-- Names of files whose row is gone.
CREATE TABLE stray_file (
    name TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TRIGGER media_leaves_its_file AFTER DELETE ON media WHEN old.file IS NOT NULL
BEGIN
    INSERT OR IGNORE INTO stray_file (name) VALUES (old.file);
END;

ALTER TABLE webhook ADD COLUMN first_event INTEGER NOT NULL DEFAULT 0; -- it is told of events after this one
ALTER TABLE webhook ADD COLUMN down INTEGER NOT NULL DEFAULT 0;        -- its target is played as unreachable

-- One thing to tell, with the body as it is sent: the same for every webhook and every attempt.
CREATE TABLE notice (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL,                -- of the event, in the words of the API
    session    TEXT NOT NULL,
    body       BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What sessions that are off the network will hear of when they are back.
CREATE TABLE missed_event (
    session  TEXT NOT NULL,
    event_id INTEGER NOT NULL,
    PRIMARY KEY (session, event_id)
) STRICT, WITHOUT ROWID;

-- A notice on its way to one webhook. What shares a lane arrives in order: only the first of a lane that waits has a
-- due_at, and it gives way to the next when it is settled.
CREATE TABLE delivery (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    notice_id   TEXT NOT NULL REFERENCES notice (id),
    webhook_id  INTEGER NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
    lane        TEXT NOT NULL,               -- the session and the chat
    state       TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'dead')),
    attempts    INTEGER NOT NULL DEFAULT 0,
    due_at      INTEGER,
    status      INTEGER,                     -- of the last answer
    error       TEXT,                        -- of the last attempt
    updated_at  INTEGER NOT NULL
) STRICT;

CREATE INDEX delivery_due ON delivery (webhook_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX delivery_lane ON delivery (webhook_id, lane, id) WHERE state = 'waiting';
CREATE INDEX delivery_by_state ON delivery (state, id);
CREATE INDEX delivery_by_notice ON delivery (notice_id);

CREATE TRIGGER notice_goes_with_its_last_delivery AFTER DELETE ON delivery
WHEN NOT EXISTS (SELECT 1 FROM delivery WHERE notice_id = old.notice_id)
BEGIN
    DELETE FROM notice WHERE id = old.notice_id;
END;
