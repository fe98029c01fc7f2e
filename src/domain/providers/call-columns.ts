import { type Column, column } from '../../db/statement.ts'
import type { NewProviderCall } from './types.ts'

/** How provider calls travel to the database, whichever transaction they are written in. */
export const providerCallColumns: readonly Column<NewProviderCall>[] = [
  column('id', 'uuid', (row) => row.id),
  column('brand_id', 'uuid', (row) => row.brandId),
  column('provider_account_id', 'uuid', (row) => row.providerAccountId),
  column('direction', 'text', (row) => row.direction),
  column('operation', 'text', (row) => row.operation),
  column('path', 'text', (row) => row.path),
  column('signature', 'text', (row) => row.signature),
  column('verdict', 'text', (row) => row.verdict),
  column('effect', 'text', (row) => row.effect),
  column('http_status', 'smallint', (row) => row.httpStatus),
  column('attempt_key', 'text', (row) => row.attemptKey),
  column('transaction_key', 'text', (row) => row.transactionKey),
  column('player_id', 'uuid', (row) => row.playerId),
  column('session_id', 'uuid', (row) => row.sessionId),
  column('round_id', 'uuid', (row) => row.roundId),
  column('bet_id', 'uuid', (row) => row.betId),
  column('transaction_id', 'uuid', (row) => row.transactionId),
  column('provider_time', 'timestamptz', (row) => row.providerTime),
  column('received_at', 'timestamptz', (row) => row.receivedAt),
  column('decided_at', 'timestamptz', (row) => row.decidedAt),
  column('latency_us', 'integer', (row) => row.latencyUs),
  column('request_id', 'text', (row) => row.requestId),
  column('request_bytes', 'integer', (row) => row.requestBytes),
  column('request_digest', 'bytea', (row) => row.requestDigest),
  column('request_body', 'bytea', (row) => row.requestBody),
  column('request_truncated', 'boolean', (row) => row.requestTruncated),
  column('request_headers', 'jsonb', (row) => JSON.stringify(row.requestHeaders)),
  column('reply_body', 'bytea', (row) => row.replyBody),
]
