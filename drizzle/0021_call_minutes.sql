-- Calls counted by minute and latency, and the indexes that a player's screen needs: the newest leg of an account that
-- seldom moves, and a player's open rounds. Rows of the present minute change all the time: pages keep room for it.
CREATE TABLE call_minutes (
  provider_account_id uuid NOT NULL,
  minute timestamptz(3) NOT NULL,
  lane smallint NOT NULL,
  direction text NOT NULL,
  bucket smallint NOT NULL,
  calls integer NOT NULL,
  duplicates integer NOT NULL,
  declined integer NOT NULL,
  errors integer NOT NULL,
  CONSTRAINT call_minutes_pkey PRIMARY KEY(provider_account_id,minute,lane,direction,bucket)
) WITH (fillfactor = 70);
INSERT INTO call_minutes
SELECT provider_account_id, date_bin('1 minute', received_at, 'epoch'), -1, direction,
  floor(8 * ln(greatest(latency_us, 1)::float8) / ln(2::float8))::smallint, count(*),
  count(*) FILTER (WHERE effect = 'DUPLICATE'), count(*) FILTER (WHERE effect = 'DECLINED'),
  count(*) FILTER (WHERE effect = 'REJECTED')
FROM provider_calls GROUP BY 1, 2, 4, 5;
CREATE INDEX rounds_open_player ON rounds (player_id,id) WHERE status = 'OPEN';
CREATE INDEX ledger_entries_rare ON ledger_entries (wallet_id,account,wallet_version) WHERE account in ('BONUS', 'OWED');
