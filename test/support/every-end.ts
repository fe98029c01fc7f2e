import { expect } from 'vitest'
import type { Sql } from '../../src/db/connection.ts'
import { betFields, type Hub88Client, rollbackFields, winFields } from './hub88-client.ts'
import { addPlayer, addSession, type ProviderWorld } from './provider-world.ts'
import { type ReportRow, reportRow } from './report.ts'

/** Bets that end in every way there is; what the provider then says of each of its calls, by name. */
export async function playEveryEnd(sql: Sql, world: ProviderWorld, client: Hub88Client) {
  const named: Record<string, ReportRow> = {}
  const send = async (path: 'bet' | 'win' | 'rollback', fields: object, expected: string) => {
    const reply = await client.call(`/transaction/${path}`, fields)
    expect(reply.status).toBe(expected)
  }
  const keep = (name: string, row: ReportRow) => void (named[name] = row)
  for (const name of ['lost', 'won', 'kind', 'currency', 'amount', 'dropped', 'twice', 'theirsRolledBack']) {
    const session = await addSession(sql, world, await addPlayer(sql, world))
    const bet = betFields({ token: session.token, user: session.user })
    await send('bet', bet, 'RS_OK')
    keep(name, reportRow(bet, 'TK_BET'))
    const win = winFields(bet)
    await send('win', win, 'RS_OK')
    keep(`${name}Win`, reportRow(win, 'TK_WIN'))
  }
  const session = await addSession(sql, world, await addPlayer(sql, world))
  const subject = { token: session.token, user: session.user }
  const undone = betFields(subject)
  const undoing = rollbackFields(undone)
  await send('bet', undone, 'RS_OK')
  await send('rollback', undoing, 'RS_OK')
  keep('undone', reportRow(undone, 'TK_BET', 'TS_ROLLEDBACK'))
  keep('undoing', reportRow(undoing, 'TK_ROLLBACK'))
  const refused = betFields(subject, { amount: 10 ** 12 })
  await send('bet', refused, 'RS_ERROR_NOT_ENOUGH_MONEY')
  keep('refused', reportRow(refused, 'TK_BET', 'TS_DECLINED'))
  // A bet that never came: its rollback left a tombstone.
  const lost = betFields(subject)
  const cleanup = rollbackFields(lost)
  await send('rollback', cleanup, 'RS_OK')
  keep('buried', reportRow(lost, 'TK_BET', 'TS_ROLLEDBACK'))
  keep('burial', reportRow(cleanup, 'TK_ROLLBACK'))
  return named
}
