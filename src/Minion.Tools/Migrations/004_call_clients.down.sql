ALTER TABLE tools.calls DROP COLUMN client;
