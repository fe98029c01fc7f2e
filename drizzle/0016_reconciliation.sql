-- Providers' reports compared with the books: a row for each comparison, and one for each mismatch it found.
CREATE TABLE reconciliations (
  id uuid PRIMARY KEY NOT NULL,
  brand_id uuid NOT NULL,
  provider_account_id uuid NOT NULL,
  format text NOT NULL,
  from_at timestamptz(3) NOT NULL,
  to_at timestamptz(3) NOT NULL,
  margin_ms integer NOT NULL,
  status text NOT NULL,
  failure text,
  actor_kind text NOT NULL,
  actor_id uuid,
  lines_read bigint NOT NULL,
  books_read bigint NOT NULL,
  matched bigint NOT NULL,
  counts jsonb NOT NULL,
  started_at timestamptz(3) NOT NULL,
  read_at timestamptz(3) NOT NULL,
  finished_at timestamptz(3)
);
CREATE INDEX reconciliations_brand ON reconciliations (brand_id,id);
CREATE INDEX reconciliations_account ON reconciliations (provider_account_id,id);
CREATE INDEX reconciliations_running ON reconciliations (id) WHERE status in ('READING', 'COMPARING');
CREATE TABLE reconciliation_items (
  id uuid PRIMARY KEY NOT NULL,
  reconciliation_id uuid NOT NULL,
  brand_id uuid NOT NULL,
  provider_account_id uuid NOT NULL,
  bucket text NOT NULL,
  line bigint,
  reason text,
  transaction_key text COLLATE "C",
  theirs jsonb,
  ours jsonb,
  transaction_id uuid,
  bet_id uuid,
  player_id uuid,
  state text NOT NULL,
  owner_id uuid,
  resolution text,
  note text,
  resolved_by_id uuid,
  resolved_at timestamptz(3),
  previous_id uuid,
  CONSTRAINT reconciliation_items_resolved CHECK ((state = 'RESOLVED') = (resolution is not null and note is not null and resolved_at is not null)),
  CONSTRAINT reconciliation_items_owned CHECK ((state <> 'IN_PROGRESS') or (owner_id is not null))
);
CREATE INDEX reconciliation_items_brand ON reconciliation_items (brand_id,id);
CREATE INDEX reconciliation_items_reconciliation ON reconciliation_items (reconciliation_id,id);
CREATE INDEX reconciliation_items_key ON reconciliation_items (provider_account_id,transaction_key,id);
CREATE INDEX reconciliation_items_owner ON reconciliation_items (owner_id,id) WHERE owner_id is not null;
