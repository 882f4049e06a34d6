-- Tokens that a person's consent has brought a source, encrypted by the tool service for this source at its address. Retention: as long as the source.
CREATE TABLE tools.source_tokens (
    tenant     text NOT NULL,
    source     text NOT NULL,
    locked     bytea NOT NULL CHECK (octet_length(locked) <= 65536),
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, source),
    FOREIGN KEY (tenant, source) REFERENCES tools.sources (tenant, name) ON DELETE CASCADE
);

ALTER TABLE tools.source_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE tools.source_tokens FORCE ROW LEVEL SECURITY;
CREATE POLICY source_tokens_of_tenant ON tools.source_tokens TO {role:tools}
    USING (tenant = nullif(current_setting('minion.tenant', true), ''));
CREATE POLICY source_tokens_of_all ON tools.source_tokens TO {role:migrator} USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON tools.source_tokens TO {role:tools};
