import { integer, pgTable, primaryKey } from '../drizzle.ts'
import { bytes, int8, key, moment, stamp } from './columns.ts'

/**
 * A seal closes a window of what is written once: a lane's journal rows with their ledger legs, or audit entries. The
 * seals of a chain are numbered from 1, and each is made over the one before. Insert-only; a copy outside of the
 * database (the exported files) is what a superuser of the database cannot rewrite.
 */
export const seals = pgTable(
  'seals',
  {
    /** `lane-00` to `lane-63`, or `audit`. */
    chain: key('chain').notNull(),
    number: int8('number').notNull(),
    /** The window: what comes after this key (a seq, or an id), up to and with the last one. */
    afterKey: key('after_key').notNull(),
    lastKey: key('last_key').notNull(),
    rows: integer('rows').notNull(),
    /** Ledger entries of the window; zero for audit entries. */
    legs: integer('legs').notNull(),
    firstAt: stamp('first_at').notNull(),
    lastAt: stamp('last_at').notNull(),
    /** SHA-256 over the rows and legs, in order. */
    digest: bytes('digest').notNull(),
    /** The seal_digest of the seal before; 32 zero bytes for the first. */
    prevDigest: bytes('prev_digest').notNull(),
    /** SHA-256 over all of the above. */
    sealDigest: bytes('seal_digest').notNull(),
    /** Ed25519: the raw public key, and its signature of seal_digest. */
    publicKey: bytes('public_key').notNull(),
    signature: bytes('signature').notNull(),
    sealedAt: moment('sealed_at').notNull(),
  },
  (t) => [primaryKey({ name: 'seals_pkey', columns: [t.chain, t.number] })],
)
