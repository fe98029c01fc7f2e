CREATE TABLE audit_entries (
  id uuid PRIMARY KEY NOT NULL,
  at timestamptz(3) NOT NULL,
  brand_id uuid,
  actor_kind text NOT NULL,
  actor_id uuid,
  action text NOT NULL,
  outcome text NOT NULL,
  code text,
  subject_type text,
  subject_id uuid,
  reason text,
  before jsonb,
  after jsonb,
  request_id text NOT NULL
);
CREATE INDEX audit_entries_brand ON audit_entries (brand_id,id);
CREATE INDEX audit_entries_subject ON audit_entries (subject_id,id);
CREATE INDEX audit_entries_actor ON audit_entries (actor_id,id);
CREATE TABLE mutation_keys (
  brand_id uuid NOT NULL,
  actor_id uuid NOT NULL,
  mutation text NOT NULL,
  key text COLLATE "C" NOT NULL,
  input_hash bytea NOT NULL,
  result jsonb NOT NULL,
  created_at timestamptz(3) NOT NULL,
  CONSTRAINT mutation_keys_pkey PRIMARY KEY(brand_id,actor_id,mutation,key)
);
