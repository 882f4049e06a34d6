-- Whether another service of Minion vouched for run, step, call, agent and session; otherwise whoever called directly only claimed them.
-- Null in rows from before this was known.
ALTER TABLE tools.calls ADD COLUMN attested boolean;
