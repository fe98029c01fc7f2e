-- Calls counted by the hour too: a window of weeks has too many minutes.
CREATE TABLE call_hours (
  provider_account_id uuid NOT NULL,
  hour timestamptz(3) NOT NULL,
  lane smallint NOT NULL,
  direction text NOT NULL,
  bucket smallint NOT NULL,
  calls integer NOT NULL,
  duplicates integer NOT NULL,
  declined integer NOT NULL,
  errors integer NOT NULL,
  CONSTRAINT call_hours_pkey PRIMARY KEY(provider_account_id,hour,lane,direction,bucket)
) WITH (fillfactor = 70);
INSERT INTO call_hours
SELECT provider_account_id, date_bin('1 hour', minute, 'epoch'), lane, direction, bucket, sum(calls), sum(duplicates),
  sum(declined), sum(errors)
FROM call_minutes GROUP BY 1, 2, 3, 4, 5;
