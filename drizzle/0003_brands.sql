CREATE TABLE brands (
  id uuid PRIMARY KEY NOT NULL,
  code text COLLATE "C" NOT NULL,
  name text NOT NULL,
  time_zone text NOT NULL,
  currency text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  CONSTRAINT brands_code_unique UNIQUE(code)
);
