-- Every message updates its session's row: what it changes (next_seq, updated_at, expires_at) is in no index, and pages keep room, so that the
-- update stays within the page.
CREATE TABLE orchestration.sessions (
  tenant text NOT NULL,
  id uuid NOT NULL,
  -- Empty when the session is open to any agent.
  agent text NOT NULL DEFAULT '',
  title text NOT NULL DEFAULT '',
  status text NOT NULL CHECK (status IN ('active', 'closed', 'expired', 'archived')),
  -- The number of the next message.
  next_seq bigint NOT NULL DEFAULT 1,
  time_to_live interval,
  expires_at timestamptz,
  -- When the sweep looks at the session next: to expire it, or to delete what expired long ago. Not moved by a message: the sweep finds the
  -- later expires_at and comes back then.
  sweep_at timestamptz,
  metadata jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant, id)
) WITH (fillfactor = 70);
CREATE INDEX sessions_sweep ON orchestration.sessions (sweep_at) WHERE sweep_at IS NOT NULL;

CREATE TABLE orchestration.session_messages (
  tenant text NOT NULL,
  session_id uuid NOT NULL,
  seq bigint NOT NULL,
  role text NOT NULL CHECK (role IN ('user', 'assistant', 'system', 'tool')),
  content text NOT NULL,
  -- [{"tool", "arguments", "result", "failed"}], in order.
  tool_calls jsonb,
  run_id uuid,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant, session_id, seq),
  FOREIGN KEY (tenant, session_id) REFERENCES orchestration.sessions (tenant, id) ON DELETE CASCADE
);

ALTER TABLE orchestration.sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE orchestration.sessions FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_only ON orchestration.sessions TO {role:orchestration}
  USING (tenant = nullif(current_setting('minion.tenant', true), ''));
CREATE POLICY migrator ON orchestration.sessions TO {role:migrator} USING (true);
CREATE POLICY engine ON orchestration.sessions TO {role:engine} USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON orchestration.sessions TO {role:orchestration};
GRANT SELECT, INSERT, UPDATE, DELETE ON orchestration.sessions TO {role:engine};

ALTER TABLE orchestration.session_messages ENABLE ROW LEVEL SECURITY;
ALTER TABLE orchestration.session_messages FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_only ON orchestration.session_messages TO {role:orchestration}
  USING (tenant = nullif(current_setting('minion.tenant', true), ''));
CREATE POLICY migrator ON orchestration.session_messages TO {role:migrator} USING (true);
CREATE POLICY engine ON orchestration.session_messages TO {role:engine} USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON orchestration.session_messages TO {role:orchestration};
GRANT SELECT, INSERT, UPDATE, DELETE ON orchestration.session_messages TO {role:engine};
