import { afterAll, beforeAll, expect, test } from 'vitest'
import { dialectKnowledge } from '../../../src/cli/dialect-knowledge.ts'
import { addAccount } from '../../../src/domain/providers/add-account.ts'
import type { DialectKnowledge, NewAccount } from '../../../src/domain/providers/new-account.ts'
import { openSealedText } from '../../../src/lib/sealed-text.ts'
import { generateKeys } from '../../support/hub88-client.ts'
import { entriesOf, type House, openHouse, system } from '../../support/house.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const { publicKey } = generateKeys()
const acme: NewAccount = {
  brandCode: 'demo',
  provider: { code: 'acme', name: 'Acme Games' },
  code: 'demo-acme',
  dialect: 'hub88',
  publicKeys: [publicKey],
}
/** One dialect more, which knows its partners by secrets, none of them with a blank. */
const knowledge: DialectKnowledge = {
  names: [...dialectKnowledge.names, 'whisper'],
  verifiesWith: (dialect) =>
    dialect === 'whisper' ? 'SHARED_SECRET' : dialectKnowledge.verifiesWith(dialect),
  canVerify: (dialect, key) =>
    dialect === 'whisper' ? !key.includes(' ') : dialectKnowledge.canVerify(dialect, key),
  callsEngine: dialectKnowledge.callsEngine,
}
const serverSecret = Buffer.from('a secret of this server, long enough')
const add = (given: Partial<NewAccount> = {}, actor = system) =>
  addAccount(house.as(actor), { ...acme, ...given }, knowledge, serverSecret)
const whisper = {
  dialect: 'whisper',
  publicKeys: [],
  sharedSecrets: ['sixteen-or-more-1', 'sixteen-or-more-2'],
}
const accounts = (code: string) =>
  house.sql`select a.code, p.code as provider, p.name, a.public_keys, a.status from provider_accounts a
    join providers p on p.id = a.provider_id where a.code = ${code}`

test('an account is added with its new provider and an audit entry without keys', async () => {
  const id = await add()
  expect([...(await accounts('demo-acme'))]).toEqual([
    { code: 'demo-acme', provider: 'acme', name: 'Acme Games', public_keys: [publicKey], status: 'ENABLED' },
  ])
  const after = { brand: 'demo', provider: 'acme', code: 'demo-acme', dialect: 'hub88', publicKeys: 1 }
  expect((await entriesOf(house, system)).at(-1)).toMatchObject({ subject_id: id, outcome: 'ALLOWED', after })
})

test('a second account of a provider keeps the provider as it is', async () => {
  await add({ code: 'other-acme', brandCode: 'other', provider: { code: 'acme', name: 'Another name' } })
  expect([...(await accounts('other-acme'))]).toMatchObject([{ name: 'Acme Games' }])
})

test('a code is given once over all brands, and the provider of a refused account is not added', async () => {
  const provider = { code: 'late', name: 'Late' }
  await expect(add({ code: 'demo-spinwell', provider })).rejects.toMatchObject({ code: 'ACCOUNT_TAKEN' })
  expect([...(await house.sql`select 1 from providers where code = 'late'`)]).toEqual([])
})

test('shared secrets are stored sealed, and counted in the audit entry', async () => {
  const id = await add({ code: 'whispered', ...whisper })
  const [row] = await house.sql<{ shared_secrets: Buffer[]; all: string }[]>`
    select shared_secrets, t::text as all from provider_accounts t where code = 'whispered'`
  expect(row?.shared_secrets.map((one) => openSealedText(serverSecret, one, id))).toEqual(
    whisper.sharedSecrets,
  )
  const entry = (await entriesOf(house, system)).at(-1)
  expect(entry).toMatchObject({ subject_id: id, after: { publicKeys: 0, sharedSecrets: 2 } })
  for (const secret of whisper.sharedSecrets) {
    expect(JSON.stringify(entry)).not.toContain(secret)
    expect(row?.all).not.toContain(Buffer.from(secret).toString('hex'))
  }
})

test('an account keeps its settings, and has some when none are named', async () => {
  const engineUrl = 'https://games.example/v1'
  const settings = {
    ...whisper,
    dialect: 'engine',
    freeWinsTo: 'BONUS',
    stuckAfterMinutes: 90,
    engineUrl,
  } as const
  await add({ code: 'as-named', ...settings })
  await add({ code: 'as-usual' })
  const rows = await house.sql`select free_wins_to, stuck_after_minutes, engine_url from provider_accounts
    where code in ('as-named', 'as-usual') order by code`
  expect([...rows]).toEqual([
    { free_wins_to: 'BONUS', stuck_after_minutes: 90, engine_url: 'https://games.example/v1' },
    { free_wins_to: 'CASH', stuck_after_minutes: 1440, engine_url: null },
  ])
})

const pairs = (count: number) => Array.from({ length: count }, (_, at) => `${whisper.sharedSecrets[0]}${at}`)

test.each([
  ['brandCode', 'BRAND_UNKNOWN', { brandCode: 'nowhere' }],
  ['dialect', 'INPUT_INVALID', { dialect: 'klingon' }],
  ['publicKeys', 'INPUT_INVALID', { publicKeys: [] }],
  ['publicKeys', 'INPUT_INVALID', { publicKeys: ['not a key'] }],
  ['code', 'INPUT_INVALID', { code: 'with space' }],
  ['sharedSecrets', 'INPUT_INVALID', { sharedSecrets: whisper.sharedSecrets }],
  ['publicKeys', 'INPUT_INVALID', { ...whisper, publicKeys: [publicKey] }],
  ['sharedSecrets', 'INPUT_INVALID', { ...whisper, sharedSecrets: [] }],
  ['sharedSecrets', 'INPUT_INVALID', { ...whisper, sharedSecrets: pairs(5) }],
  ['sharedSecrets', 'INPUT_INVALID', { ...whisper, sharedSecrets: ['fifteen-letters'] }],
  ['sharedSecrets', 'INPUT_INVALID', { ...whisper, sharedSecrets: ['x'.repeat(513)] }],
  ['sharedSecrets', 'INPUT_INVALID', { ...whisper, sharedSecrets: ['not one that it can use'] }],
  ['stuckAfterMinutes', 'INPUT_INVALID', { stuckAfterMinutes: 0 }],
  ['stuckAfterMinutes', 'INPUT_INVALID', { stuckAfterMinutes: 1.5 }],
  ['engineUrl', 'INPUT_INVALID', { engineUrl: 'ftp://games.example' }],
  ['engineUrl', 'INPUT_INVALID', { engineUrl: 'https://user:word@games.example' }],
  ['engineUrl', 'INPUT_INVALID', { engineUrl: 'https://games.example' }],
  ['engineUrl', 'INPUT_INVALID', { ...whisper, dialect: 'engine' }],
])('a wrong %s is refused: %s', async (field, code, given) => {
  await expect(add({ code: 'wrong', ...given })).rejects.toMatchObject({ code, field })
  expect([...(await accounts('wrong'))]).toEqual([])
})

test('no shared secret is taken without the secret that seals it', async () => {
  const input = { ...acme, ...whisper, code: 'unsealed' }
  await expect(addAccount(house.as(system), input, knowledge)).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    field: 'sharedSecrets',
  })
  expect([...(await accounts('unsealed'))]).toEqual([])
})

test('it needs the permission', async () => {
  const ops = house.operator('GAME_OPS')
  await expect(add({ code: 'theirs' }, ops)).rejects.toMatchObject({ code: 'FORBIDDEN' })
  expect([...(await accounts('theirs'))]).toEqual([])
})
