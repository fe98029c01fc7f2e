CREATE TABLE sessions (
  id uuid PRIMARY KEY NOT NULL,
  brand_id uuid NOT NULL,
  player_id uuid NOT NULL,
  wallet_id uuid NOT NULL,
  provider_account_id uuid NOT NULL,
  game_id uuid NOT NULL,
  currency text NOT NULL,
  token_hash bytea NOT NULL,
  status text NOT NULL,
  ip text,
  device text,
  country text,
  opened_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  closed_at timestamptz(3),
  close_reason text,
  CONSTRAINT sessions_token_hash_unique UNIQUE(token_hash)
);
CREATE INDEX sessions_player ON sessions (player_id,id);
CREATE INDEX sessions_brand ON sessions (brand_id,id);
CREATE INDEX sessions_open ON sessions (opened_at) WHERE status = 'OPEN';
