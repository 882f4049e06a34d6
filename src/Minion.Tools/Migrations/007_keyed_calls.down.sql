DROP FUNCTION tools.prune_keyed_calls(int);
DROP TABLE tools.keyed_calls;
