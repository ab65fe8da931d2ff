-- What a test or demonstration may change of the world.

ALTER TABLE account ADD COLUMN registered INTEGER NOT NULL DEFAULT 1; -- the number is on WhatsApp

-- Where a manual clock stands, and the seed of all chance. A reset leaves them.
CREATE TABLE world (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
