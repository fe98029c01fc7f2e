-- Limits on bets, what they are counted with, self-exclusion, and the limit that a refused bet ran into.
CREATE TABLE limits (
  id uuid PRIMARY KEY NOT NULL,
  brand_id uuid NOT NULL,
  player_id uuid,
  game_id uuid,
  kind text NOT NULL,
  period text,
  currency text NOT NULL,
  amount_minor bigint NOT NULL,
  effective_from timestamptz(3) NOT NULL,
  pending_minor bigint,
  pending_from timestamptz(3),
  CONSTRAINT limits_place UNIQUE NULLS NOT DISTINCT (brand_id,player_id,game_id,kind,period,currency),
  CONSTRAINT limits_brand_id_brands_id_fk FOREIGN KEY (brand_id) REFERENCES brands (id),
  CONSTRAINT limits_player_id_players_id_fk FOREIGN KEY (player_id) REFERENCES players (id),
  CONSTRAINT limits_game_id_games_id_fk FOREIGN KEY (game_id) REFERENCES games (id),
  CONSTRAINT limits_level CHECK (player_id is null or game_id is null),
  CONSTRAINT limits_kind CHECK (case when kind in ('STAKE_PER_BET', 'STAKE_PER_ROUND') then period is null
    else kind in ('STAKE', 'LOSS') and period in ('DAY', 'WEEK', 'MONTH') and period is not null and game_id is null end),
  CONSTRAINT limits_amount CHECK (amount_minor >= 0 and coalesce(pending_minor, 0) >= 0),
  CONSTRAINT limits_pending CHECK (pending_minor is null or pending_from is not null)
);
CREATE INDEX limits_player ON limits (player_id) WHERE player_id is not null;
CREATE INDEX limits_per_round ON limits (brand_id) WHERE kind = 'STAKE_PER_ROUND';
ALTER TABLE brands ADD COLUMN cooling_off_hours integer DEFAULT 24 NOT NULL;
ALTER TABLE brands ADD CONSTRAINT brands_cooling_off CHECK (cooling_off_hours >= 0);
ALTER TABLE players ADD COLUMN excluded_until timestamptz(3);
ALTER TABLE player_profiles ADD COLUMN excluded_reason text;
ALTER TABLE player_profiles ADD COLUMN excluded_at timestamptz(3);
ALTER TABLE transactions ADD COLUMN refused_limit text;
ALTER TABLE wallets ADD COLUMN counted_day integer DEFAULT 0 NOT NULL;
ALTER TABLE wallets ADD COLUMN day_staked_minor bigint DEFAULT 0 NOT NULL;
ALTER TABLE wallets ADD COLUMN day_returned_minor bigint DEFAULT 0 NOT NULL;
ALTER TABLE wallets ADD COLUMN week_staked_minor bigint DEFAULT 0 NOT NULL;
ALTER TABLE wallets ADD COLUMN week_returned_minor bigint DEFAULT 0 NOT NULL;
ALTER TABLE wallets ADD COLUMN month_staked_minor bigint DEFAULT 0 NOT NULL;
ALTER TABLE wallets ADD COLUMN month_returned_minor bigint DEFAULT 0 NOT NULL;
