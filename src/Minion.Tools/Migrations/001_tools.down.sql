DROP FUNCTION tools.prune_calls(interval, int);
DROP TABLE tools.notes;
DROP TABLE tools.calls;
