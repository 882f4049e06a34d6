-- What a tool asks a person to fill in, or to open; null for none.
ALTER TABLE orchestration.inbox ADD COLUMN form text, ADD COLUMN url text;

-- Whether what the run was begun with came in part from untrusted sources: what its own calls bring is in its journal.
ALTER TABLE orchestration.runs ADD COLUMN tainted boolean NOT NULL DEFAULT false;
