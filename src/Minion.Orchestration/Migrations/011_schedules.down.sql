DROP TABLE orchestration.schedule_fires, orchestration.schedules;
