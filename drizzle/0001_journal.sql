-- The journal: partitions are attached ahead by the partition job, never here.
CREATE TABLE journal (
  lane smallint NOT NULL,
  seq bigint NOT NULL,
  prev bigint NOT NULL,
  id uuid NOT NULL,
  type text NOT NULL,
  version smallint NOT NULL,
  brand_id uuid,
  player_id uuid,
  player_version bigint,
  session_id uuid,
  game_id uuid,
  provider_account_id uuid,
  round_id uuid,
  bet_id uuid,
  transaction_id uuid,
  amount_minor bigint,
  currency text,
  occurred_at timestamptz(3) NOT NULL,
  recorded_at timestamptz(6) NOT NULL,
  actor_kind text NOT NULL,
  actor_id uuid,
  trace text NOT NULL,
  facts jsonb NOT NULL,
  CONSTRAINT journal_pkey PRIMARY KEY(lane,seq)
) PARTITION BY RANGE (seq);
CREATE INDEX journal_player ON journal (player_id,player_version) WHERE player_id is not null;
CREATE INDEX journal_round ON journal (round_id) WHERE round_id is not null;
