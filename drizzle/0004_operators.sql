CREATE TABLE operators (
  id uuid PRIMARY KEY NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  login text COLLATE "C" NOT NULL,
  role text NOT NULL,
  status text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  CONSTRAINT operators_login_unique UNIQUE(login)
);
CREATE TABLE operator_brands (
  operator_id uuid NOT NULL,
  brand_id uuid NOT NULL,
  CONSTRAINT operator_brands_pkey PRIMARY KEY(operator_id,brand_id)
);
ALTER TABLE operator_brands ADD CONSTRAINT operator_brands_operator_id_operators_id_fk FOREIGN KEY (operator_id) REFERENCES operators(id);
ALTER TABLE operator_brands ADD CONSTRAINT operator_brands_brand_id_brands_id_fk FOREIGN KEY (brand_id) REFERENCES brands(id);
CREATE INDEX operator_brands_brand ON operator_brands (brand_id);
CREATE TABLE api_tokens (
  id uuid PRIMARY KEY NOT NULL,
  operator_id uuid NOT NULL,
  name text NOT NULL,
  token_hash bytea NOT NULL,
  permissions text[],
  brand_ids uuid[],
  created_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  revoked_at timestamptz(3),
  last_used_at timestamptz(3),
  CONSTRAINT api_tokens_token_hash_unique UNIQUE(token_hash)
);
ALTER TABLE api_tokens ADD CONSTRAINT api_tokens_operator_id_operators_id_fk FOREIGN KEY (operator_id) REFERENCES operators(id);
CREATE INDEX api_tokens_operator ON api_tokens (operator_id);
