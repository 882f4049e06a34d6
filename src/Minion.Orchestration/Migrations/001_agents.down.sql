DROP TABLE orchestration.clusters;
DROP TABLE orchestration.models;
DROP TABLE orchestration.agent_versions;
DROP TABLE orchestration.agents;
