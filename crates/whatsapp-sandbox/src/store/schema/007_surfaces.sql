-- Webhooks and deliveries of several APIs.

ALTER TABLE webhook ADD COLUMN api TEXT NOT NULL DEFAULT 'titan';  -- the API that it was registered with
ALTER TABLE webhook ADD COLUMN tenant TEXT NOT NULL DEFAULT '';    -- whose it is, where the API knows several
ALTER TABLE webhook ADD COLUMN public_id TEXT;                     -- what the API calls it, if not by its number
ALTER TABLE webhook ADD COLUMN failures INTEGER NOT NULL DEFAULT 0; -- attempts in a row that failed
ALTER TABLE webhook ADD COLUMN updated_at INTEGER;

CREATE UNIQUE INDEX webhook_by_public_id ON webhook (public_id) WHERE public_id IS NOT NULL;

ALTER TABLE delivery ADD COLUMN public_id TEXT;                    -- what the API calls it, if not by its number
ALTER TABLE delivery ADD COLUMN replayed_from TEXT;                -- the public id of the one that it repeats

CREATE UNIQUE INDEX delivery_by_public_id ON delivery (public_id) WHERE public_id IS NOT NULL;
