DROP TABLE orchestration.workers, orchestration.blobs, orchestration.signals, orchestration.entries, orchestration.ready, orchestration.runs;
