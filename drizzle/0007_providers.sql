CREATE TABLE providers (
  id uuid PRIMARY KEY NOT NULL,
  code text COLLATE "C" NOT NULL,
  name text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  CONSTRAINT providers_code_unique UNIQUE(code)
);
CREATE TABLE provider_accounts (
  id uuid PRIMARY KEY NOT NULL,
  brand_id uuid NOT NULL,
  provider_id uuid NOT NULL,
  code text COLLATE "C" NOT NULL,
  dialect text NOT NULL,
  public_keys text[] NOT NULL,
  status text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  CONSTRAINT provider_accounts_code_unique UNIQUE(code)
);
ALTER TABLE provider_accounts ADD CONSTRAINT provider_accounts_brand_id_brands_id_fk FOREIGN KEY (brand_id) REFERENCES brands(id);
ALTER TABLE provider_accounts ADD CONSTRAINT provider_accounts_provider_id_providers_id_fk FOREIGN KEY (provider_id) REFERENCES providers(id);
CREATE INDEX provider_accounts_brand ON provider_accounts (brand_id);
CREATE INDEX provider_accounts_provider ON provider_accounts (provider_id);
CREATE TABLE provider_calls (
  id uuid PRIMARY KEY NOT NULL,
  brand_id uuid NOT NULL,
  provider_account_id uuid NOT NULL,
  direction text NOT NULL,
  operation text NOT NULL,
  path text NOT NULL,
  signature text NOT NULL,
  verdict text NOT NULL,
  effect text NOT NULL,
  http_status smallint NOT NULL,
  attempt_key text,
  transaction_key text COLLATE "C",
  player_id uuid,
  session_id uuid,
  round_id uuid,
  bet_id uuid,
  transaction_id uuid,
  provider_time timestamptz(3),
  received_at timestamptz(3) NOT NULL,
  decided_at timestamptz(3) NOT NULL,
  latency_us integer NOT NULL,
  request_id text NOT NULL,
  request_bytes integer NOT NULL,
  request_digest bytea NOT NULL,
  request_body bytea NOT NULL,
  request_truncated boolean NOT NULL,
  request_headers jsonb NOT NULL,
  reply_body bytea NOT NULL
) PARTITION BY RANGE (id);
CREATE INDEX provider_calls_account ON provider_calls (provider_account_id,id);
CREATE INDEX provider_calls_player ON provider_calls (player_id,id) WHERE player_id is not null;
CREATE INDEX provider_calls_round ON provider_calls (round_id,id) WHERE round_id is not null;
