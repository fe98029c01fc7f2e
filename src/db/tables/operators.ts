import { check, index, pgTable, primaryKey, sql, text, uuid } from '../drizzle.ts'
import { brands } from './brands.ts'
import { bytes, id, key, moment } from './columns.ts'

export const operators = pgTable('operators', {
  id: id().primaryKey(),
  kind: text('kind', { enum: ['STAFF', 'SCRIPT'] }).notNull(),
  name: text('name').notNull(),
  /** The sign-in name of staff, or the code of a script; unique over all brands. */
  login: key('login').notNull().unique(),
  role: text('role').notNull(),
  status: text('status', { enum: ['ACTIVE', 'DISABLED'] }).notNull(),
  createdAt: moment('created_at').notNull(),
})

export const operatorBrands = pgTable(
  'operator_brands',
  {
    operatorId: id('operator_id')
      .notNull()
      .references(() => operators.id),
    brandId: id('brand_id')
      .notNull()
      .references(() => brands.id),
  },
  (t) => [
    primaryKey({ name: 'operator_brands_pkey', columns: [t.operatorId, t.brandId] }),
    index('operator_brands_brand').on(t.brandId),
  ],
)

export const apiTokens = pgTable(
  'api_tokens',
  {
    id: id().primaryKey(),
    operatorId: id('operator_id')
      .notNull()
      .references(() => operators.id),
    name: text('name').notNull(),
    /** SHA-256 of the token; the token itself is shown once and stored nowhere. */
    tokenHash: bytes('token_hash').notNull().unique(),
    /** Null: all permissions of the operator's role; else a subset of them. */
    permissions: text('permissions').array(),
    /** Null: all brands of the operator; else a subset of them. */
    brandIds: uuid('brand_ids').array(),
    createdAt: moment('created_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
    revokedAt: moment('revoked_at'),
    lastUsedAt: moment('last_used_at'),
  },
  (t) => [index('api_tokens_operator').on(t.operatorId)],
)

/** Documents of GraphQL that consoles run by their hash; loaded by whoever deploys the console. */
export const trustedDocuments = pgTable(
  'trusted_documents',
  {
    /** SHA-256 of the text, hexadecimal. */
    hash: key('hash').primaryKey(),
    /** The names of its operations. */
    name: text('name').notNull(),
    text: text('text').notNull(),
    addedAt: moment('added_at').notNull(),
  },
  (t) => [
    check('trusted_documents_hash', sql`${t.hash} = encode(sha256(convert_to(${t.text}, 'UTF8')), 'hex')`),
  ],
)
