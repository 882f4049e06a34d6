-- Turns, workspace, pinned messages and summaries of sessions.

-- turns: what becomes of a run that is started while another is under way. current_run: the run whose turn it is.
-- full_through: messages up to here were in a summary that was undone.
ALTER TABLE orchestration.sessions
  ADD COLUMN turns text NOT NULL DEFAULT 'queue' CHECK (turns IN ('queue', 'reject', 'interrupt')),
  ADD COLUMN current_run uuid,
  ADD COLUMN full_through bigint NOT NULL DEFAULT 0;

-- Deleted: nobody's any more; it goes when its runs have gone.
ALTER TABLE orchestration.sessions DROP CONSTRAINT sessions_status_check;
ALTER TABLE orchestration.sessions
  ADD CONSTRAINT sessions_status_check CHECK (status IN ('active', 'closed', 'expired', 'archived', 'deleted'));

ALTER TABLE orchestration.session_messages
  ADD COLUMN pinned boolean NOT NULL DEFAULT false,
  ADD COLUMN interrupted boolean NOT NULL DEFAULT false;
CREATE INDEX session_messages_pinned ON orchestration.session_messages (tenant, session_id, seq) WHERE pinned;

-- The runs that wait for their turn. The append that ends a run takes the first of them, under the session's lock.
CREATE TABLE orchestration.session_turns (
  tenant text NOT NULL,
  session_id uuid NOT NULL,
  position bigint NOT NULL,
  run_id uuid NOT NULL,
  PRIMARY KEY (tenant, session_id, position),
  UNIQUE (tenant, run_id)
);

-- What stands for messages in prompts. Written by the append of the run that made it; undone ones stay, because journals refer to them.
CREATE TABLE orchestration.session_summaries (
  tenant text NOT NULL,
  session_id uuid NOT NULL,
  id int NOT NULL,
  first_seq bigint NOT NULL,
  last_seq bigint NOT NULL,
  content text NOT NULL,
  run_id uuid NOT NULL,
  step int NOT NULL,
  created_at timestamptz NOT NULL,
  undone_at timestamptz,
  undone_by text,
  PRIMARY KEY (tenant, session_id, id),
  FOREIGN KEY (tenant, session_id) REFERENCES orchestration.sessions (tenant, id) ON DELETE CASCADE
);

CREATE TABLE orchestration.session_values (
  tenant text NOT NULL,
  session_id uuid NOT NULL,
  key text COLLATE "C" NOT NULL,
  -- JSON, as it was given.
  value text NOT NULL,
  etag uuid NOT NULL,
  updated_at timestamptz NOT NULL,
  updated_by text NOT NULL,
  PRIMARY KEY (tenant, session_id, key),
  FOREIGN KEY (tenant, session_id) REFERENCES orchestration.sessions (tenant, id) ON DELETE CASCADE
);

DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['session_turns', 'session_summaries', 'session_values'] LOOP
    EXECUTE format('ALTER TABLE orchestration.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', t);
    EXECUTE format(
      'CREATE POLICY tenant_only ON orchestration.%I TO {role:orchestration} USING (tenant = nullif(current_setting(''minion.tenant'', true), ''''))', t);
    EXECUTE format('CREATE POLICY engine ON orchestration.%I TO {role:engine} USING (true)', t);
    EXECUTE format('CREATE POLICY migrator ON orchestration.%I TO {role:migrator} USING (true)', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON orchestration.%I TO {role:orchestration}, {role:engine}', t);
  END LOOP;
END $$;

-- A session goes with its runs and their journals.
GRANT DELETE ON orchestration.entries, orchestration.signals TO {role:engine};
