-- What people have said of their preferences; agents that work for them are told. Retention: people's own data, kept until they remove it; at
-- most 100 for a person.
CREATE TABLE tools.preferences (
    tenant     text NOT NULL,
    principal  text NOT NULL,
    name       text NOT NULL,
    value      text NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, principal, name)
);

ALTER TABLE tools.preferences ENABLE ROW LEVEL SECURITY;
ALTER TABLE tools.preferences FORCE ROW LEVEL SECURITY;
CREATE POLICY preferences_of_tenant ON tools.preferences TO {role:tools}
    USING (tenant = nullif(current_setting('minion.tenant', true), ''));
CREATE POLICY preferences_of_all ON tools.preferences TO {role:migrator} USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON tools.preferences TO {role:tools};
