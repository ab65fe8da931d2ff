-- What a test or demonstration may change of the world.

ALTER TABLE account ADD COLUMN registered INTEGER NOT NULL DEFAULT 1; -- the number is on WhatsApp
