-- Messages between agents, and what agents coordinate with. See docs/messages.md.

-- What was sent. Kept as long as a delivery is, and for the retention of messages.
CREATE TABLE orchestration.messages (
  tenant text NOT NULL,
  id uuid NOT NULL,
  sender text NOT NULL,
  receiver text NOT NULL,
  performative text NOT NULL,
  key text,
  -- SHA-256 over what was asked, so that a key that is used for something else is noticed.
  hash bytea NOT NULL,
  conversation_id text NOT NULL,
  in_reply_to uuid,
  reply_by timestamptz,
  expires_at timestamptz,
  payload jsonb NOT NULL,
  receivers int NOT NULL DEFAULT 0,
  sent_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX messages_key ON orchestration.messages (tenant, sender, key) WHERE key IS NOT NULL;
CREATE INDEX messages_age ON orchestration.messages (sent_at);

-- One row for each sender and receiver: it numbers the messages, and says when the first that is open may be handed out; null when none is.
-- While that one is leased, ready_at is when it is handed out again unless it is acknowledged before. Whoever changes deliveries locks it first.
CREATE TABLE orchestration.lanes (
  tenant text NOT NULL,
  receiver text NOT NULL,
  sender text NOT NULL,
  next_seq bigint NOT NULL DEFAULT 2,
  ready_at timestamptz,
  used_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant, receiver, sender)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX lanes_ready ON orchestration.lanes (tenant, receiver, ready_at) WHERE ready_at IS NOT NULL;
CREATE INDEX lanes_starts ON orchestration.lanes (ready_at) WHERE ready_at IS NOT NULL AND receiver LIKE 'starts:%';

-- One row for each message and receiver. Acknowledged and dead ones are kept for their retention.
CREATE TABLE orchestration.deliveries (
  tenant text NOT NULL,
  id uuid NOT NULL,
  message_id uuid NOT NULL,
  receiver text NOT NULL,
  sender text NOT NULL,
  seq bigint NOT NULL,
  status text NOT NULL CHECK (status IN ('pending', 'leased', 'acknowledged', 'dead')),
  attempt int NOT NULL DEFAULT 0,
  lease_id uuid,
  leased_until timestamptz,
  -- The key of the tool call that took it.
  taken_by text,
  expires_at timestamptz,
  reason text,
  detail text,
  ended_at timestamptz,
  PRIMARY KEY (tenant, id)
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX deliveries_open ON orchestration.deliveries (tenant, receiver, sender, seq) WHERE ended_at IS NULL;
CREATE INDEX deliveries_expiring ON orchestration.deliveries (expires_at) WHERE ended_at IS NULL AND expires_at IS NOT NULL;
CREATE INDEX deliveries_dead ON orchestration.deliveries (tenant, id) WHERE status = 'dead';
CREATE INDEX deliveries_ended ON orchestration.deliveries (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX deliveries_taken ON orchestration.deliveries (tenant, taken_by) WHERE taken_by IS NOT NULL;
CREATE INDEX deliveries_message ON orchestration.deliveries (tenant, message_id);

-- Who gets what is sent to a topic; an empty topic is what is sent to the agent itself. The runs that it starts have the principal and the
-- permissions of who subscribed.
CREATE TABLE orchestration.subscriptions (
  tenant text NOT NULL,
  topic text NOT NULL,
  subscriber text NOT NULL,
  starts_run boolean NOT NULL DEFAULT false,
  input text NOT NULL DEFAULT '',
  principal text NOT NULL,
  permissions text[] NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant, topic, subscriber)
);
CREATE INDEX subscriptions_subscriber ON orchestration.subscriptions (tenant, subscriber);

-- Numbers that only grow: places in a line, and fences.
CREATE SEQUENCE orchestration.fences;

CREATE TABLE orchestration.semaphores (
  tenant text NOT NULL,
  name text NOT NULL,
  permits int NOT NULL,
  PRIMARY KEY (tenant, name)
);

-- Who holds a permit (with a fence) or waits for one (without), until its lease is over. Whoever changes them locks the semaphore first.
CREATE TABLE orchestration.semaphore_places (
  tenant text NOT NULL,
  name text NOT NULL,
  holder text NOT NULL,
  ticket bigint NOT NULL,
  fence bigint,
  lease interval NOT NULL,
  since timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant, name, holder)
);

CREATE TABLE orchestration.barriers (
  tenant text NOT NULL,
  name text NOT NULL,
  parties int NOT NULL,
  generation bigint NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, name)
);

CREATE TABLE orchestration.barrier_arrivals (
  tenant text NOT NULL,
  name text NOT NULL,
  party text NOT NULL,
  key text NOT NULL,
  generation bigint NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (tenant, name, party, key)
);
CREATE INDEX barrier_arrivals_age ON orchestration.barrier_arrivals (at);

CREATE TABLE orchestration.queue_items (
  tenant text NOT NULL,
  queue text NOT NULL,
  id uuid NOT NULL,
  seq bigint GENERATED ALWAYS AS IDENTITY,
  key text,
  payload jsonb NOT NULL,
  attempt int NOT NULL DEFAULT 0,
  fence bigint NOT NULL DEFAULT 0,
  holder text,
  leased_until timestamptz,
  pushed_at timestamptz NOT NULL,
  PRIMARY KEY (tenant, queue, id)
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
CREATE UNIQUE INDEX queue_items_key ON orchestration.queue_items (tenant, queue, key) WHERE key IS NOT NULL;
CREATE INDEX queue_items_order ON orchestration.queue_items (tenant, queue, seq);

DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY[
    'messages', 'lanes', 'deliveries', 'subscriptions', 'semaphores', 'semaphore_places', 'barriers', 'barrier_arrivals', 'queue_items'] LOOP
    EXECUTE format('ALTER TABLE orchestration.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', t);
    EXECUTE format(
      'CREATE POLICY tenant_only ON orchestration.%I TO {role:orchestration} USING (tenant = nullif(current_setting(''minion.tenant'', true), ''''))', t);
    EXECUTE format('CREATE POLICY engine ON orchestration.%I TO {role:engine} USING (true)', t);
    EXECUTE format('CREATE POLICY migrator ON orchestration.%I TO {role:migrator} USING (true)', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON orchestration.%I TO {role:orchestration}, {role:engine}', t);
  END LOOP;
END $$;

GRANT USAGE ON SEQUENCE orchestration.fences TO {role:orchestration}, {role:engine};
