-- The program that called on its user's behalf, as it named itself (a client of MCP: name and version). Retention: with its row.
ALTER TABLE tools.calls ADD COLUMN client text NOT NULL DEFAULT '';
