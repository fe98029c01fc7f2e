CREATE TABLE games (
  id uuid PRIMARY KEY NOT NULL,
  provider_id uuid NOT NULL,
  code text COLLATE "C" NOT NULL,
  name text NOT NULL,
  category text NOT NULL,
  declared_rtp numeric(8, 6),
  declared_deviation numeric(12, 6),
  status text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  CONSTRAINT games_code UNIQUE(provider_id,code)
);
ALTER TABLE games ADD CONSTRAINT games_provider_id_providers_id_fk FOREIGN KEY (provider_id) REFERENCES providers(id);
