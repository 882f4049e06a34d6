ALTER TABLE tools.calls DROP COLUMN attested;
