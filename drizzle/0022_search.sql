-- What search goes along: a round by its provider's key alone, a player by how name or address begin. The unique key
-- of rounds names the same three columns in another order, so that it costs a bet nothing.
ALTER TABLE rounds DROP CONSTRAINT rounds_key;
ALTER TABLE rounds ADD CONSTRAINT rounds_key UNIQUE(provider_account_id,round_key,player_id);
ALTER TABLE player_profiles ADD COLUMN brand_id uuid;
UPDATE player_profiles f SET brand_id = p.brand_id FROM players p WHERE p.id = f.player_id;
ALTER TABLE player_profiles ALTER COLUMN brand_id SET NOT NULL;
CREATE INDEX player_profiles_name ON player_profiles (brand_id,(lower(name) collate "C"));
CREATE INDEX player_profiles_last_name ON player_profiles (brand_id,(lower(regexp_replace(name, '^.*\s', '')) collate "C"));
CREATE INDEX player_profiles_email ON player_profiles (brand_id,(lower(email) collate "C"));
