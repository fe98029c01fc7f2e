-- Counts the changes of a limit, so that an operator can say which state of it they acted upon.
ALTER TABLE limits ADD COLUMN version bigint DEFAULT 1 NOT NULL;
