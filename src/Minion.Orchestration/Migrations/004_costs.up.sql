-- What model and tool calls cost, in USD: of an entry, and the sum over the run's entries.
ALTER TABLE orchestration.runs ADD COLUMN cost_usd numeric(24, 12) NOT NULL DEFAULT 0;
ALTER TABLE orchestration.entries ADD COLUMN cost_usd numeric(24, 12) NOT NULL DEFAULT 0;
