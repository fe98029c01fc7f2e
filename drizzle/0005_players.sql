-- fillfactor: version and last_at change with every event of the player.
CREATE TABLE players (
  id uuid PRIMARY KEY NOT NULL,
  brand_id uuid NOT NULL,
  external_id text COLLATE "C" NOT NULL,
  status text NOT NULL,
  country text NOT NULL,
  version bigint NOT NULL,
  last_at timestamptz(6) NOT NULL,
  created_at timestamptz(3) NOT NULL,
  CONSTRAINT players_external UNIQUE(brand_id,external_id),
  CONSTRAINT players_status CHECK (status in ('ACTIVE', 'BLOCKED'))
) WITH (fillfactor = 70);
ALTER TABLE players ADD CONSTRAINT players_brand_id_brands_id_fk FOREIGN KEY (brand_id) REFERENCES brands(id);
CREATE INDEX players_brand ON players (brand_id,id);
CREATE TABLE player_profiles (
  player_id uuid PRIMARY KEY NOT NULL,
  name text,
  email text,
  phone text,
  birth_date date,
  blocked_reason text,
  blocked_at timestamptz(3)
);
ALTER TABLE player_profiles ADD CONSTRAINT player_profiles_player_id_players_id_fk FOREIGN KEY (player_id) REFERENCES players(id);
CREATE TABLE activities (
  id uuid PRIMARY KEY NOT NULL,
  brand_id uuid NOT NULL,
  player_id uuid NOT NULL,
  session_id uuid,
  type text NOT NULL,
  occurred_at timestamptz(3) NOT NULL,
  recorded_at timestamptz(3) NOT NULL,
  ip text,
  device text,
  country text,
  facts jsonb NOT NULL
);
ALTER TABLE activities ADD CONSTRAINT activities_player_id_players_id_fk FOREIGN KEY (player_id) REFERENCES players(id);
CREATE INDEX activities_player ON activities (player_id,id);
CREATE INDEX activities_brand ON activities (brand_id,id);
