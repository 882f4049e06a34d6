DROP FUNCTION tools.prune_results(int);
DROP TABLE tools.rates;
DROP TABLE tools.approvals;
DROP TABLE tools.results;
DROP TABLE tools.tool_versions;
DROP TABLE tools.policies;
DROP TABLE tools.sources;
DROP INDEX tools.calls_by_run;
DROP INDEX tools.calls_by_tool;
DROP INDEX tools.calls_by_time;
ALTER TABLE tools.calls
    DROP COLUMN source, DROP COLUMN session_id, DROP COLUMN arguments, DROP COLUMN decision, DROP COLUMN rule, DROP COLUMN message,
    DROP COLUMN cost_usd, DROP COLUMN tainted, DROP COLUMN untrusted, DROP COLUMN repairs, DROP COLUMN result_bytes, DROP COLUMN idempotency_key;
