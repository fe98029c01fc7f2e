-- What bets come to, added up from the journal by the fold. On a database whose oldest months are gone already, figures
-- begin with the first day that is whole.
CREATE TABLE figure_groups (
  id uuid PRIMARY KEY NOT NULL,
  level text NOT NULL,
  brand_id uuid NOT NULL,
  provider_account_id uuid NOT NULL,
  game_id uuid NOT NULL,
  currency text NOT NULL,
  kind text NOT NULL,
  country text NOT NULL,
  device text NOT NULL
);
CREATE TABLE figures (
  group_id uuid NOT NULL,
  grain text NOT NULL,
  starts_at timestamptz(0) NOT NULL,
  bets bigint NOT NULL,
  stake_minor bigint NOT NULL,
  bonus_stake_minor bigint NOT NULL,
  stake_squares numeric NOT NULL,
  win_minor bigint NOT NULL,
  jackpot_minor bigint NOT NULL,
  CONSTRAINT figures_pkey PRIMARY KEY(grain,group_id,starts_at)
) WITH (fillfactor = 80);
CREATE TABLE player_figures (
  player_id uuid NOT NULL,
  starts_at timestamptz(0) NOT NULL,
  group_id uuid NOT NULL,
  bets bigint NOT NULL,
  stake_minor bigint NOT NULL,
  bonus_stake_minor bigint NOT NULL,
  stake_squares numeric NOT NULL,
  win_minor bigint NOT NULL,
  jackpot_minor bigint NOT NULL,
  biggest_win_minor bigint NOT NULL,
  CONSTRAINT player_figures_pkey PRIMARY KEY(player_id,starts_at,group_id)
) WITH (fillfactor = 80);
CREATE INDEX player_figures_window ON player_figures USING brin (starts_at);
CREATE TABLE figure_state (
  id integer PRIMARY KEY NOT NULL,
  places bigint[] NOT NULL,
  as_of timestamptz(6),
  kept_from timestamptz(6),
  since timestamptz(6),
  steps bigint NOT NULL,
  folded_at timestamptz(3),
  CONSTRAINT figure_state_one CHECK (id = 1)
) WITH (fillfactor = 20);
INSERT INTO figure_state (id, places, kept_from, since, steps)
SELECT 1, array_fill(0::bigint, array[64]), max(recorded_at), max(recorded_at), 0 FROM lane_floors;
