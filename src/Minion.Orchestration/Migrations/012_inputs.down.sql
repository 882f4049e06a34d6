ALTER TABLE orchestration.runs DROP COLUMN tainted;
ALTER TABLE orchestration.inbox DROP COLUMN form, DROP COLUMN url;
