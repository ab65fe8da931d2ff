-- The simulated network. Instants are milliseconds since 1970; phone numbers and LIDs are digits.

CREATE TABLE picture (
    id        TEXT PRIMARY KEY,
    mime_type TEXT,
    url       TEXT,                          -- where it was given by URL; otherwise the bytes are here
    bytes     BLOB
) STRICT;

CREATE TABLE account (
    id              INTEGER PRIMARY KEY,
    phone           TEXT NOT NULL UNIQUE,
    lid             TEXT NOT NULL UNIQUE,
    push_name       TEXT NOT NULL,
    about           TEXT NOT NULL DEFAULT '',
    business_name   TEXT,                    -- set for business accounts only
    picture_id      TEXT REFERENCES picture (id),
    character       TEXT NOT NULL CHECK (character IN ('owner', 'reader', 'echo')),
    open_to_groups  INTEGER NOT NULL DEFAULT 1, -- others may add it to groups
    available       INTEGER NOT NULL DEFAULT 0,
    last_seen       INTEGER
) STRICT;

-- Numbers that people dial and that lead to an account registered under another one.
CREATE TABLE dialled_number (
    digits     TEXT PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES account (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
    name        TEXT PRIMARY KEY,
    account_id  INTEGER REFERENCES account (id), -- null until it is paired
    state       TEXT NOT NULL,
    epoch       INTEGER NOT NULL DEFAULT 0,  -- counts the starts and stops, so that a late task can see it is late
    qr          TEXT,
    qr_round    INTEGER NOT NULL DEFAULT 0,
    pair_code   TEXT,
    pair_phone  TEXT,
    phone_called INTEGER NOT NULL DEFAULT 0, -- the simulated phone is on its way to this epoch's code
    proxy       TEXT,
    config      TEXT,                        -- the caller's own, as JSON
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX session_by_account ON session (account_id) WHERE account_id IS NOT NULL;

CREATE TABLE contact (
    account_id INTEGER NOT NULL REFERENCES account (id),
    peer_id    INTEGER NOT NULL REFERENCES account (id),
    name       TEXT,                         -- in the address book; null for people only met in chats
    blocked    INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, peer_id)
) STRICT, WITHOUT ROWID;

-- Two people, a group, a channel, or one account's status posts. For people, low_id <= high_id.
CREATE TABLE conversation (
    id      INTEGER PRIMARY KEY,
    kind    TEXT NOT NULL CHECK (kind IN ('direct', 'group', 'channel', 'status')),
    low_id  INTEGER REFERENCES account (id),
    high_id INTEGER REFERENCES account (id),
    UNIQUE (kind, low_id, high_id)
) STRICT;

CREATE TABLE group_chat (
    id          INTEGER PRIMARY KEY REFERENCES conversation (id),
    digits      TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    owner_id    INTEGER NOT NULL REFERENCES account (id),
    picture_id  TEXT REFERENCES picture (id),
    invite_code TEXT NOT NULL UNIQUE,
    created_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE participant (
    group_id   INTEGER NOT NULL REFERENCES group_chat (id),
    account_id INTEGER NOT NULL REFERENCES account (id),
    rank       INTEGER NOT NULL DEFAULT 0,   -- 0 member, 1 admin, 2 superadmin
    joined_at  INTEGER NOT NULL,
    PRIMARY KEY (group_id, account_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX participant_by_account ON participant (account_id);

CREATE TABLE channel (
    id          INTEGER PRIMARY KEY REFERENCES conversation (id),
    digits      TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    owner_id    INTEGER NOT NULL REFERENCES account (id),
    picture_id  TEXT REFERENCES picture (id),
    created_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE follower (
    channel_id INTEGER NOT NULL REFERENCES channel (id),
    account_id INTEGER NOT NULL REFERENCES account (id),
    muted      INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (channel_id, account_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX follower_by_account ON follower (account_id);

CREATE TABLE message (
    id              INTEGER PRIMARY KEY,
    wire_id         TEXT NOT NULL UNIQUE,
    conversation_id INTEGER NOT NULL REFERENCES conversation (id),
    sender_id       INTEGER NOT NULL REFERENCES account (id),
    sent_at         INTEGER NOT NULL,
    content         TEXT NOT NULL,           -- JSON; '{"type":"revoked"}' once deleted for everyone
    quoted_id       INTEGER REFERENCES message (id),
    mentions        TEXT NOT NULL DEFAULT '', -- JIDs, separated by spaces
    forwarded       INTEGER NOT NULL DEFAULT 0,
    accepted        INTEGER NOT NULL DEFAULT 0, -- the server has it: pending becomes sent
    edited_at       INTEGER,
    revoked_at      INTEGER
) STRICT;

CREATE INDEX message_by_conversation ON message (conversation_id, id);

-- One row for each recipient that the message may reach. status: 1 sent, 2 delivered, 3 read; it only grows.
CREATE TABLE receipt (
    message_id   INTEGER NOT NULL REFERENCES message (id),
    account_id   INTEGER NOT NULL REFERENCES account (id),
    status       INTEGER NOT NULL DEFAULT 1,
    delivered_at INTEGER,
    read_at      INTEGER,
    PRIMARY KEY (message_id, account_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX receipt_unread ON receipt (account_id, status, message_id) WHERE status < 3;

CREATE TRIGGER receipts_only_grow BEFORE UPDATE OF status ON receipt WHEN new.status < old.status
BEGIN
    SELECT RAISE(ABORT, 'a receipt never goes backwards');
END;

CREATE TABLE chat (
    account_id      INTEGER NOT NULL REFERENCES account (id),
    conversation_id INTEGER NOT NULL REFERENCES conversation (id),
    archived        INTEGER NOT NULL DEFAULT 0,
    unread          INTEGER NOT NULL DEFAULT 0,
    last_message_id INTEGER REFERENCES message (id),
    PRIMARY KEY (account_id, conversation_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX chat_by_activity ON chat (account_id, last_message_id);

CREATE TABLE reaction (
    message_id INTEGER NOT NULL REFERENCES message (id),
    account_id INTEGER NOT NULL REFERENCES account (id),
    emoji      TEXT NOT NULL,
    reacted_at INTEGER NOT NULL,
    PRIMARY KEY (message_id, account_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE star (
    account_id INTEGER NOT NULL REFERENCES account (id),
    message_id INTEGER NOT NULL REFERENCES message (id),
    PRIMARY KEY (account_id, message_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE media (
    id          TEXT PRIMARY KEY,
    mime_type   TEXT NOT NULL,
    file_length INTEGER NOT NULL,            -- bytes; 0 while it is known by URL only
    filename    TEXT,
    url         TEXT,
    message_id  INTEGER REFERENCES message (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE media_content (
    media_id TEXT PRIMARY KEY REFERENCES media (id),
    bytes    BLOB NOT NULL
) STRICT;

-- What an account does in a conversation right now, until the instant given.
CREATE TABLE activity (
    conversation_id INTEGER NOT NULL REFERENCES conversation (id),
    account_id      INTEGER NOT NULL REFERENCES account (id),
    doing           TEXT NOT NULL CHECK (doing IN ('composing', 'recording')),
    until           INTEGER NOT NULL,
    PRIMARY KEY (conversation_id, account_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE presence_subscription (
    account_id      INTEGER NOT NULL REFERENCES account (id),
    conversation_id INTEGER NOT NULL REFERENCES conversation (id),
    PRIMARY KEY (account_id, conversation_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE label (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES account (id),
    name       TEXT NOT NULL,
    color      INTEGER NOT NULL,
    UNIQUE (account_id, name)
) STRICT;

CREATE TABLE label_chat (
    label_id        INTEGER NOT NULL REFERENCES label (id) ON DELETE CASCADE,
    conversation_id INTEGER NOT NULL REFERENCES conversation (id),
    PRIMARY KEY (label_id, conversation_id)
) STRICT, WITHOUT ROWID;

-- What the network will do by itself, and when.
CREATE TABLE agenda (
    id     INTEGER PRIMARY KEY,
    due_at INTEGER NOT NULL,
    task   TEXT NOT NULL                     -- JSON
) STRICT;

CREATE INDEX agenda_by_time ON agenda (due_at, id);
