-- Seals: chains of signed digests over what is written once. Insert-only for the server's role (src/db/grants.ts).
CREATE TABLE seals (
  chain text COLLATE "C" NOT NULL,
  number bigint NOT NULL,
  after_key text COLLATE "C" NOT NULL,
  last_key text COLLATE "C" NOT NULL,
  rows integer NOT NULL,
  legs integer NOT NULL,
  first_at timestamptz(6) NOT NULL,
  last_at timestamptz(6) NOT NULL,
  digest bytea NOT NULL,
  prev_digest bytea NOT NULL,
  seal_digest bytea NOT NULL,
  public_key bytea NOT NULL,
  signature bytea NOT NULL,
  sealed_at timestamptz(3) NOT NULL,
  CONSTRAINT seals_pkey PRIMARY KEY(chain,number)
);
