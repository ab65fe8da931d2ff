-- What has happened on the network, for everyone who tells it to others. Rows are written in the transaction that makes
-- them true and never change.

CREATE TABLE event (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    at              INTEGER NOT NULL,
    kind            TEXT NOT NULL GENERATED ALWAYS AS (body ->> 'kind') VIRTUAL,
    conversation_id INTEGER,
    account_id      INTEGER,                 -- whose doing or whose state it is
    session         TEXT,
    observers       TEXT NOT NULL,           -- the accounts that it is told to, as a JSON array
    body            TEXT NOT NULL            -- JSON; all that is needed to tell it, whatever has changed since
) STRICT;

-- How far each reader has come; what all of them have read may be forgotten.
CREATE TABLE event_cursor (
    reader   TEXT PRIMARY KEY,
    event_id INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What else the network keeps of accounts, sessions, messages, groups and channels.

ALTER TABLE account ADD COLUMN phone_on INTEGER NOT NULL DEFAULT 1;
ALTER TABLE account ADD COLUMN catching_up INTEGER NOT NULL DEFAULT 0; -- what was waiting for it comes first
ALTER TABLE account ADD COLUMN presence_to TEXT NOT NULL DEFAULT 'everyone' CHECK (presence_to IN ('everyone', 'contacts', 'nobody'));
ALTER TABLE account ADD COLUMN picture_to TEXT NOT NULL DEFAULT 'everyone' CHECK (picture_to IN ('everyone', 'contacts', 'nobody'));
ALTER TABLE account ADD COLUMN read_receipts INTEGER NOT NULL DEFAULT 1;

ALTER TABLE session ADD COLUMN synced INTEGER NOT NULL DEFAULT 100; -- how much of the history has come, in percent
ALTER TABLE session ADD COLUMN until INTEGER;                       -- when a state ends that ends by itself
ALTER TABLE session ADD COLUMN pair_expires INTEGER;                -- when the pairing code on show dies

ALTER TABLE message ADD COLUMN automatic INTEGER NOT NULL DEFAULT 0; -- the simulation wrote it, and will not answer it

-- Status 4 is played, which only voice messages reach.
ALTER TABLE receipt ADD COLUMN played_at INTEGER;
ALTER TABLE receipt ADD COLUMN concealed INTEGER NOT NULL DEFAULT 0; -- the sender is not told that it was read

ALTER TABLE group_chat ADD COLUMN announce INTEGER NOT NULL DEFAULT 0; -- only admins write
ALTER TABLE group_chat ADD COLUMN locked INTEGER NOT NULL DEFAULT 1;   -- only admins change name, description and picture

ALTER TABLE channel ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0;

CREATE INDEX contact_by_peer ON contact (peer_id);
CREATE INDEX conversation_by_high ON conversation (kind, high_id);
CREATE INDEX presence_subscription_by_conversation ON presence_subscription (conversation_id);

-- Pairing codes that were asked for lately, of which there may be few.
CREATE TABLE pairing_request (
    phone TEXT NOT NULL,
    at    INTEGER NOT NULL
) STRICT;

ALTER TABLE chat ADD COLUMN muted INTEGER NOT NULL DEFAULT 0;

-- Messages that an account has deleted for itself alone.
CREATE TABLE removal (
    message_id INTEGER NOT NULL REFERENCES message (id),
    account_id INTEGER NOT NULL REFERENCES account (id),
    PRIMARY KEY (message_id, account_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE poll_vote (
    message_id INTEGER NOT NULL REFERENCES message (id),
    account_id INTEGER NOT NULL REFERENCES account (id),
    option     INTEGER NOT NULL,             -- its place in the poll, from 0
    voted_at   INTEGER NOT NULL,
    PRIMARY KEY (message_id, account_id, option)
) STRICT, WITHOUT ROWID;

-- A way into a group for one person, whom only contacts may add.
CREATE TABLE personal_invite (
    code       TEXT PRIMARY KEY,
    group_id   INTEGER NOT NULL REFERENCES group_chat (id),
    account_id INTEGER NOT NULL REFERENCES account (id),
    inviter_id INTEGER NOT NULL REFERENCES account (id),
    expires_at INTEGER NOT NULL,
    UNIQUE (group_id, account_id)
) STRICT, WITHOUT ROWID;

-- What WhatsApp does to an account, until the instant given.
CREATE TABLE fault (
    account_id INTEGER NOT NULL REFERENCES account (id),
    kind       TEXT NOT NULL CHECK (kind IN ('temporary_ban', 'time_lock')),
    until      INTEGER NOT NULL,
    PRIMARY KEY (account_id, kind)
) STRICT, WITHOUT ROWID;

-- What an account answers by itself to what it gets.
CREATE TABLE reply_rule (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES account (id),
    matching   TEXT NOT NULL,                -- a regular expression
    reply      TEXT NOT NULL,                -- JSON
    delay_ms   INTEGER NOT NULL
) STRICT;

CREATE INDEX reply_rule_by_account ON reply_rule (account_id);

CREATE TABLE call (
    id        TEXT PRIMARY KEY,
    caller_id INTEGER NOT NULL REFERENCES account (id),
    callee_id INTEGER NOT NULL REFERENCES account (id),
    video     INTEGER NOT NULL,
    phase     TEXT NOT NULL,
    began_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
