-- Counts what operators did with an item, so that one of them can say which state of it they acted upon.
ALTER TABLE reconciliation_items ADD COLUMN version bigint DEFAULT 0 NOT NULL;
