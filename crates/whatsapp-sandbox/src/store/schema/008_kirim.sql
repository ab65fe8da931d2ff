-- What the Kirim API keeps beside the network: its customers, and its own records of people, chats and messages.

CREATE TABLE kirim_organization (
    id               TEXT PRIMARY KEY,
    name             TEXT NOT NULL,
    tier             TEXT NOT NULL,
    write_per_minute INTEGER NOT NULL,
    read_per_minute  INTEGER NOT NULL,
    created_at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE kirim_key (
    id              TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES kirim_organization (id),
    digest          BLOB NOT NULL UNIQUE,    -- SHA-256 of the key
    label           TEXT NOT NULL,
    last4           TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER
) STRICT, WITHOUT ROWID;

-- Those to whom conversations are assigned.
CREATE TABLE kirim_user (
    id              TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES kirim_organization (id),
    name            TEXT NOT NULL,
    email           TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- An account of the network as a number of an organisation. The id is Meta's.
CREATE TABLE kirim_number (
    id              TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES kirim_organization (id),
    account_id      INTEGER NOT NULL UNIQUE REFERENCES account (id),
    linked          INTEGER NOT NULL,        -- it is connected through sessions, rather than by Meta itself
    created_at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE kirim_contact (
    id         TEXT PRIMARY KEY,
    number_id  TEXT NOT NULL REFERENCES kirim_number (id),
    phone      TEXT NOT NULL,                -- digits
    name       TEXT,
    email      TEXT,
    metadata   TEXT,                         -- JSON
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (number_id, phone)
) STRICT, WITHOUT ROWID;

CREATE TABLE kirim_conversation (
    id              TEXT PRIMARY KEY,
    contact_id      TEXT NOT NULL UNIQUE REFERENCES kirim_contact (id) ON DELETE CASCADE,
    status          TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'resolved', 'pending')),
    assignee_id     TEXT REFERENCES kirim_user (id),
    unread          INTEGER NOT NULL DEFAULT 0,
    last_message_at INTEGER,
    last_inbound_at INTEGER,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE kirim_message (
    number          INTEGER PRIMARY KEY AUTOINCREMENT,
    id              TEXT NOT NULL UNIQUE,
    conversation_id TEXT NOT NULL REFERENCES kirim_conversation (id) ON DELETE CASCADE,
    wire_id         TEXT NOT NULL,           -- the network's id, if the network has it
    direction       TEXT NOT NULL CHECK (direction IN ('inbound', 'outbound')),
    kind            TEXT NOT NULL,
    status          TEXT NOT NULL,
    fields          TEXT NOT NULL,           -- JSON: what the message shows, by its kind
    error           TEXT,                    -- JSON
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL
) STRICT;

CREATE INDEX kirim_message_by_conversation ON kirim_message (conversation_id, number);
CREATE INDEX kirim_message_by_wire_id ON kirim_message (wire_id);

CREATE TABLE kirim_template (
    id         TEXT PRIMARY KEY,
    number_id  TEXT NOT NULL REFERENCES kirim_number (id),
    name       TEXT NOT NULL,
    language   TEXT NOT NULL,
    status     TEXT NOT NULL,
    category   TEXT NOT NULL,
    header     TEXT,                         -- its type; a text header stands in header_text
    header_text TEXT,
    body       TEXT NOT NULL,
    footer     TEXT,
    buttons    TEXT NOT NULL,                -- JSON
    UNIQUE (number_id, name, language)
) STRICT, WITHOUT ROWID;

CREATE TABLE kirim_label (
    id              TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES kirim_organization (id),
    name            TEXT NOT NULL,
    color           TEXT NOT NULL,
    team_id         TEXT,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX kirim_label_by_name ON kirim_label (organization_id, coalesce(team_id, ''), name);

CREATE TABLE kirim_contact_label (
    contact_id TEXT NOT NULL REFERENCES kirim_contact (id) ON DELETE CASCADE,
    label_id   TEXT NOT NULL REFERENCES kirim_label (id) ON DELETE CASCADE,
    PRIMARY KEY (contact_id, label_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE kirim_conversation_label (
    conversation_id TEXT NOT NULL REFERENCES kirim_conversation (id) ON DELETE CASCADE,
    label_id        TEXT NOT NULL REFERENCES kirim_label (id) ON DELETE CASCADE,
    PRIMARY KEY (conversation_id, label_id)
) STRICT, WITHOUT ROWID;

-- How the next message of a number fails, on demand.
CREATE TABLE kirim_failure (
    number_id TEXT PRIMARY KEY REFERENCES kirim_number (id),
    code      TEXT NOT NULL
) STRICT, WITHOUT ROWID;
