DROP TABLE tools.source_tokens;
