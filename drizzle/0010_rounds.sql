CREATE TABLE rounds (
  id uuid PRIMARY KEY NOT NULL,
  brand_id uuid NOT NULL,
  player_id uuid NOT NULL,
  session_id uuid NOT NULL,
  game_id uuid NOT NULL,
  provider_account_id uuid NOT NULL,
  round_key text COLLATE "C" NOT NULL,
  currency text NOT NULL,
  status text NOT NULL,
  result jsonb,
  started_at timestamptz(3) NOT NULL,
  completed_at timestamptz(3),
  version bigint NOT NULL,
  CONSTRAINT rounds_key UNIQUE(provider_account_id,player_id,round_key)
) WITH (fillfactor = 85);
CREATE INDEX rounds_player ON rounds (player_id,id);
CREATE INDEX rounds_brand ON rounds (brand_id,id);
CREATE INDEX rounds_session ON rounds (session_id,id);
CREATE INDEX rounds_open ON rounds (brand_id,id) WHERE status = 'OPEN';
