-- Sixteen hash partitions: the key is unique for ever, so it cannot be partitioned by time.
CREATE TABLE transactions (
  scope_id uuid NOT NULL,
  transaction_key text COLLATE "C" NOT NULL,
  id uuid NOT NULL,
  brand_id uuid NOT NULL,
  provider_account_id uuid,
  kind text NOT NULL,
  verdict text NOT NULL,
  fingerprint bytea NOT NULL,
  reference_key text COLLATE "C",
  player_id uuid,
  wallet_id uuid,
  session_id uuid,
  round_id uuid,
  bet_id uuid,
  amount_minor bigint,
  currency text,
  reversed_by_id uuid,
  provider_time timestamptz(3),
  recorded_at timestamptz(3) NOT NULL,
  lane smallint NOT NULL,
  seq bigint NOT NULL,
  CONSTRAINT transactions_pkey PRIMARY KEY(scope_id,transaction_key)
) PARTITION BY HASH (transaction_key);
CREATE TABLE transactions_00 PARTITION OF transactions FOR VALUES WITH (MODULUS 16, REMAINDER 0);
CREATE TABLE transactions_01 PARTITION OF transactions FOR VALUES WITH (MODULUS 16, REMAINDER 1);
CREATE TABLE transactions_02 PARTITION OF transactions FOR VALUES WITH (MODULUS 16, REMAINDER 2);
CREATE TABLE transactions_03 PARTITION OF transactions FOR VALUES WITH (MODULUS 16, REMAINDER 3);
CREATE TABLE transactions_04 PARTITION OF transactions FOR VALUES WITH (MODULUS 16, REMAINDER 4);
CREATE TABLE transactions_05 PARTITION OF transactions FOR VALUES WITH (MODULUS 16, REMAINDER 5);
CREATE TABLE transactions_06 PARTITION OF transactions FOR VALUES WITH (MODULUS 16, REMAINDER 6);
CREATE TABLE transactions_07 PARTITION OF transactions FOR VALUES WITH (MODULUS 16, REMAINDER 7);
CREATE TABLE transactions_08 PARTITION OF transactions FOR VALUES WITH (MODULUS 16, REMAINDER 8);
CREATE TABLE transactions_09 PARTITION OF transactions FOR VALUES WITH (MODULUS 16, REMAINDER 9);
CREATE TABLE transactions_10 PARTITION OF transactions FOR VALUES WITH (MODULUS 16, REMAINDER 10);
CREATE TABLE transactions_11 PARTITION OF transactions FOR VALUES WITH (MODULUS 16, REMAINDER 11);
CREATE TABLE transactions_12 PARTITION OF transactions FOR VALUES WITH (MODULUS 16, REMAINDER 12);
CREATE TABLE transactions_13 PARTITION OF transactions FOR VALUES WITH (MODULUS 16, REMAINDER 13);
CREATE TABLE transactions_14 PARTITION OF transactions FOR VALUES WITH (MODULUS 16, REMAINDER 14);
CREATE TABLE transactions_15 PARTITION OF transactions FOR VALUES WITH (MODULUS 16, REMAINDER 15);
CREATE INDEX transactions_id ON transactions (id);
CREATE INDEX transactions_round ON transactions (round_id) WHERE round_id is not null;
