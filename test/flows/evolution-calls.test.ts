import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { handFields, newHand } from '../support/evolution-client.ts'
import { type EvolutionScene, openEvolutionScene } from '../support/evolution-scene.ts'

let scene: EvolutionScene

beforeAll(async () => {
  scene = await openEvolutionScene()
})
afterAll(() => scene.app.close())

test('a debit leaves its call: raw but for its tokens, with the reply sent and links to what it did', async () => {
  const session = await scene.player()
  const fields = handFields(session, newHand())
  const text = JSON.stringify(fields)
  const reply = await scene.post('/debit', text, `region=eu&authToken=${scene.authToken}`)
  const [row] = await scene.app.database.sql`
    select c.*, convert_from(c.request_body, 'UTF8') as request, convert_from(c.reply_body, 'UTF8') as reply,
      b.id as bet
    from provider_calls c join bets b on b.id = c.bet_id where c.attempt_key = ${fields.uuid}`
  expect(row).toMatchObject({
    provider_account_id: scene.world.accountId,
    operation: 'DEBIT',
    path: '/debit?region=eu&authToken="[redacted]"',
    signature: 'VALID',
    verdict: 'OK',
    effect: 'EFFECT',
    http_status: 200,
    transaction_key: `debit:${fields.transaction.refId}`,
    player_id: session.player.id,
    session_id: session.id,
    request: text.replace(session.token, '[redacted]'),
    reply: reply.text,
  })
})

test('no token of session or account is found in any table nor in the log, however it was sent', async () => {
  const canary = `canary${randomBytes(12).toString('hex')}`
  const session = await scene.player({ token: `gt_${canary}` })
  const debit = JSON.stringify(handFields(session, newHand()))
  const bodies = [
    debit,
    debit.slice(0, -1),
    debit.replace('virtual-1', session.token),
    `sid=${session.token}`,
  ]
  const secret = scene.authToken
  const spelled = `%${Buffer.from(secret.slice(0, 1)).toString('hex')}${secret.slice(1)}`
  const queries = [
    `authToken=${secret}`,
    `authToken=${spelled}`,
    `auth%54oken=${spelled}`,
    `authToken=${secret}&again=${secret}`,
    `authToken=${secret}&authToken=${secret}`,
    `authToken=${secret}x`,
    `AuthToken=${secret}`,
  ]
  for (const query of queries) {
    for (const body of bodies) await scene.post('/debit', body, query)
    await scene.post('/check', debit, query)
  }
  const tables = await scene.app.database.sql<{ name: string }[]>`
    select c.oid::regclass::text as name from pg_class c
    where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace order by 1`
  expect(tables.length).toBeGreaterThan(30)
  // Without its first letter, which one of the queries spells in another way.
  for (const text of [canary, secret.slice(1)]) {
    for (const { name } of tables) expect([name, await finds(name, text)]).toEqual([name, 0])
    expect(scene.app.logLines.filter((line) => line.includes(text))).toEqual([])
  }
  expect(await finds('provider_calls', 'reel_quest')).toBeGreaterThan(0)
  expect(scene.app.logLines.length).toBeGreaterThan(0)
})

/** How many rows of a table hold the text: as text, or as the bytes of a bytea, which print as hex. */
async function finds(table: string, text: string): Promise<number> {
  const hex = Buffer.from(text).toString('hex')
  const [row] = await scene.app.database.sql.unsafe<{ found: number }[]>(
    `select count(*)::int as found from ${table} t where t::text like $1 or t::text like $2`,
    [`%${text}%`, `%${hex}%`],
  )
  return row?.found ?? -1
}
