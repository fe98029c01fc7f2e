-- GraphQL documents that consoles run by the hash of their text.
CREATE TABLE trusted_documents (
  hash text COLLATE "C" PRIMARY KEY NOT NULL,
  name text NOT NULL,
  text text NOT NULL,
  added_at timestamptz(3) NOT NULL,
  CONSTRAINT trusted_documents_hash CHECK (hash = encode(sha256(convert_to(text, 'UTF8')), 'hex'))
);
