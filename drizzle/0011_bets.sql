CREATE TABLE bets (
  id uuid PRIMARY KEY NOT NULL,
  brand_id uuid NOT NULL,
  player_id uuid NOT NULL,
  wallet_id uuid NOT NULL,
  session_id uuid NOT NULL,
  round_id uuid NOT NULL,
  game_id uuid NOT NULL,
  provider_account_id uuid NOT NULL,
  transaction_id uuid NOT NULL,
  transaction_key text COLLATE "C" NOT NULL,
  status text NOT NULL,
  result text,
  kind text NOT NULL,
  currency text NOT NULL,
  stake_minor bigint NOT NULL,
  payout_minor bigint NOT NULL,
  late boolean NOT NULL,
  placed_at timestamptz(3) NOT NULL,
  settled_at timestamptz(3),
  version bigint NOT NULL,
  lane smallint NOT NULL,
  seq bigint NOT NULL,
  CONSTRAINT bets_stake_positive CHECK (stake_minor >= 0),
  CONSTRAINT bets_payout_positive CHECK (payout_minor >= 0),
  CONSTRAINT bets_settled CHECK ((status <> 'SETTLED') or (result is not null))
) WITH (fillfactor = 85);
CREATE INDEX bets_brand ON bets (brand_id,id);
CREATE INDEX bets_player ON bets (player_id,id);
CREATE INDEX bets_session ON bets (session_id,id);
CREATE INDEX bets_round ON bets (round_id,id);
CREATE INDEX bets_game ON bets (game_id,id);
CREATE INDEX bets_stake ON bets (brand_id,stake_minor,id);
