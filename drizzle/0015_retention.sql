-- What stands for dropped partitions: where lanes go on, what wallets open with, and which partitions went.
CREATE TABLE lane_floors (
  lane smallint PRIMARY KEY NOT NULL,
  seq bigint NOT NULL,
  event_id uuid NOT NULL,
  recorded_at timestamptz(6) NOT NULL
);
CREATE TABLE ledger_openings (
  wallet_id uuid NOT NULL,
  account text NOT NULL,
  brand_id uuid NOT NULL,
  player_id uuid NOT NULL,
  currency text NOT NULL,
  amount_minor bigint NOT NULL,
  wallet_version bigint,
  CONSTRAINT ledger_openings_pkey PRIMARY KEY(wallet_id,account)
);
CREATE TABLE retention_drops (
  partition_name text PRIMARY KEY NOT NULL,
  table_name text NOT NULL,
  below_seq bigint,
  started_at timestamptz(3) NOT NULL,
  archive text,
  archive_digest text,
  dropped_at timestamptz(3)
);
CREATE INDEX retention_drops_table ON retention_drops (table_name,below_seq);
