/** For statements that make rows by the million: `pg_temp.id(seed, at)` is a UUIDv7 of the moment, by its seed. */
export const idFunction = `
create or replace function pg_temp.id(seed text, at timestamptz) returns uuid immutable language sql return (
  lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') ||
  '7' || substr(md5(seed), 1, 3) || '8' || substr(md5(seed), 4, 15))::uuid;`
