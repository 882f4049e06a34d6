DROP FUNCTION models.prepare_vectors(int);
DROP FUNCTION models.prune_cached_answers(timestamptz, int, int);
DROP TABLE models.cached_answers;
