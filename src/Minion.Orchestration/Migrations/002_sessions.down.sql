DROP TABLE orchestration.session_messages;
DROP TABLE orchestration.sessions;
