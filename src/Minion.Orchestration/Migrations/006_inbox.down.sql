DROP TABLE orchestration.inbox;
