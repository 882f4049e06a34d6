-- What runs wait for people to say. A row is written with the entry that asks and decides which answer counts: the first one that
-- finds it open and not overdue. Kept as long as its run.
CREATE TABLE orchestration.inbox (
  tenant text NOT NULL,
  id uuid NOT NULL,
  run_id uuid NOT NULL,
  question text NOT NULL,
  agent text NOT NULL,
  requested_by text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('approval', 'question', 'uncertain')),
  step int NOT NULL,
  call int NOT NULL,
  text text NOT NULL,
  choices text[] NOT NULL,
  tool text NOT NULL,
  arguments text NOT NULL,
  assignee text,
  asked_at timestamptz NOT NULL,
  due_at timestamptz,
  on_timeout text CHECK (on_timeout IN ('deny', 'approve', 'escalate')),
  escalate_to text,
  escalated boolean NOT NULL DEFAULT false,
  status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'answered', 'expired', 'withdrawn')),
  choice text,
  answer text,
  edited text,
  answered_by text,
  closed_at timestamptz,
  history jsonb NOT NULL DEFAULT '[]',
  PRIMARY KEY (tenant, id)
) WITH (autovacuum_vacuum_scale_factor = 0.05);

CREATE INDEX inbox_run ON orchestration.inbox (tenant, run_id, id);
CREATE INDEX inbox_open ON orchestration.inbox (tenant, id) WHERE status = 'open';
CREATE INDEX inbox_assignee ON orchestration.inbox (tenant, assignee, id) WHERE status = 'open' AND assignee IS NOT NULL;

ALTER TABLE orchestration.inbox ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_only ON orchestration.inbox TO {role:orchestration} USING (tenant = nullif(current_setting('minion.tenant', true), ''));
CREATE POLICY engine ON orchestration.inbox TO {role:engine} USING (true);
CREATE POLICY migrator ON orchestration.inbox TO {role:migrator} USING (true);
GRANT SELECT, UPDATE, DELETE ON orchestration.inbox TO {role:orchestration};
GRANT SELECT, INSERT, UPDATE, DELETE ON orchestration.inbox TO {role:engine};

-- Runs that wait already ask in the inbox too.
INSERT INTO orchestration.inbox
  (tenant, id, run_id, question, agent, requested_by, kind, step, call, text, choices, tool, arguments, asked_at)
SELECT r.tenant, gen_random_uuid(), r.id, q ->> 'id', r.agent, r.principal, 'uncertain', (q ->> 'step')::int, (q ->> 'call')::int, q ->> 'text',
  ARRAY(SELECT jsonb_array_elements_text(q -> 'choices')), q ->> 'tool', q ->> 'arguments', (q ->> 'asked_at')::timestamptz
FROM orchestration.runs r CROSS JOIN LATERAL jsonb_array_elements(r.waiting) q
WHERE r.status = 'waiting' AND jsonb_typeof(r.waiting) = 'array';
