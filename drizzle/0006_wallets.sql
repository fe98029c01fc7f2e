-- fillfactor: balances change often and no index holds them, so updates stay on their page.
CREATE TABLE wallets (
  id uuid PRIMARY KEY NOT NULL,
  brand_id uuid NOT NULL,
  player_id uuid NOT NULL,
  currency text NOT NULL,
  cash_minor bigint NOT NULL,
  bonus_minor bigint NOT NULL,
  owed_minor bigint NOT NULL,
  version bigint NOT NULL,
  created_at timestamptz(3) NOT NULL,
  CONSTRAINT wallets_player_currency UNIQUE(player_id,currency),
  CONSTRAINT wallets_cash CHECK (cash_minor >= 0),
  CONSTRAINT wallets_bonus CHECK (bonus_minor >= 0),
  CONSTRAINT wallets_owed CHECK (owed_minor <= 0)
) WITH (fillfactor = 60);
ALTER TABLE wallets ADD CONSTRAINT wallets_player_id_players_id_fk FOREIGN KEY (player_id) REFERENCES players(id);
CREATE TABLE ledger_entries (
  lane smallint NOT NULL,
  seq bigint NOT NULL,
  leg smallint NOT NULL,
  brand_id uuid NOT NULL,
  player_id uuid NOT NULL,
  wallet_id uuid NOT NULL,
  transaction_id uuid NOT NULL,
  round_id uuid,
  bet_id uuid,
  account text NOT NULL,
  amount_minor bigint NOT NULL,
  currency text NOT NULL,
  balance_after bigint,
  wallet_version bigint,
  recorded_at timestamptz(6) NOT NULL,
  CONSTRAINT ledger_entries_pkey PRIMARY KEY(lane,seq,leg),
  CONSTRAINT ledger_entries_balance CHECK (case when account in ('CASH', 'BONUS') then coalesce(balance_after, -1) >= 0 when account = 'OWED' then coalesce(balance_after, 1) <= 0 else balance_after is null end),
  CONSTRAINT ledger_entries_version CHECK ((wallet_version is not null) = (account in ('CASH', 'BONUS', 'OWED')))
) PARTITION BY RANGE (seq);
CREATE INDEX ledger_entries_wallet ON ledger_entries (wallet_id,wallet_version) WHERE wallet_version is not null;
CREATE INDEX ledger_entries_bet ON ledger_entries (bet_id) WHERE bet_id is not null;
