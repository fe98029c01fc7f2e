import { beforeEach, expect, test } from 'vitest'
import type { Outcome, Submission, Submit } from '../../src/domain/money/types.ts'
import type { NewProviderCall, OpenAccount } from '../../src/domain/providers/types.ts'
import { signBody } from '../../src/integrations/hub88/sign.ts'
import type { Reply } from '../../src/integrations/dialect.ts'
import { type InboundCall, type ReceiveDeps, receiveCall } from '../../src/integrations/receive-call.ts'
import { dialects } from '../../src/integrations/registry.ts'
import { openSignatureLimit } from '../../src/integrations/signature-limit.ts'
import { silentLog } from '../../src/lib/log.ts'
import { betFields, generateKeys } from '../support/hub88-client.ts'

const keys = generateKeys()
const account: OpenAccount = {
  id: 'account',
  brandId: 'brand',
  providerId: 'provider',
  code: 'code',
  dialect: 'hub88',
  publicKeys: [keys.publicKey],
  secrets: [],
  engineUrl: null,
  freeWinsTo: 'CASH',
  stuckAfterMinutes: 1440,
  status: 'ENABLED',
  createdAt: new Date(0),
}
const bet = betFields({ token: 'game-token', user: 'player-1' })
const ok: Outcome = {
  verdict: 'OK',
  brandId: 'brand',
  playerExternalId: 'player-1',
  balanceMinor: 5n,
  currency: 'EUR',
}

let submitted: Submission[]
let recorded: NewProviderCall[]

beforeEach(() => {
  submitted = []
  recorded = []
})

/** The pipeline in front of a money core that answers what it is told. */
function receiver(answer: (submission: Submission) => Promise<Outcome>) {
  const submit: Submit = (submission) => {
    submitted.push(submission)
    return answer(submission)
  }
  const clock = { now: () => new Date(1_000) }
  const deps: ReceiveDeps = {
    // Nothing here reads: a test that would, fails.
    ctx: { clock, log: silentLog } as unknown as ReceiveDeps['ctx'],
    dialects,
    submit,
    sessions: { termsByToken: async () => undefined },
    accounts: { byCode: async (code) => (code === 'code' ? account : undefined) },
    recorder: {
      record: async (row) => {
        recorded.push(row)
      },
      close: async () => {},
    },
    badSignatures: openSignatureLimit(clock),
  }
  return (given: Partial<InboundCall> = {}) => receiveCall(deps, { ...signed(), ...given })
}

function signed(): InboundCall {
  const body = Buffer.from(JSON.stringify(bet))
  return {
    id: 'call',
    method: 'POST',
    query: '',
    accountCode: 'code',
    path: '/transaction/bet',
    headers: { 'x-hub88-signature': signBody(body, keys.privateKey) },
    body,
    receivedAt: new Date(500),
    startedMs: performance.now(),
    requestId: 'request',
  }
}

const statusOf = (reply: Reply | undefined): unknown => JSON.parse(reply?.text ?? '{}').status

test('the reply that is sent is the one attached to the commit, of the last try', async () => {
  const rows: (NewProviderCall | undefined)[] = []
  const receive = receiver(async (submission) => {
    for (const outcome of [{ ...ok, balanceMinor: 1n }, ok])
      rows.push(submission.attach?.(outcome).providerCall)
    return ok
  })
  const reply = await receive()
  expect(reply?.text).toContain('"balance":5000')
  expect(rows[1]?.replyBody.toString()).toBe(reply?.text)
  expect(rows[1]).toMatchObject({ verdict: 'OK', effect: 'EFFECT', requestId: 'request', operation: 'BET' })
  expect(recorded).toEqual([])
})

test('a bet that is not decided in time is answered unknown, whatever was attached to it', async () => {
  const receive = receiver(async (submission) => {
    submission.attach?.(ok)
    return { verdict: 'RETRY_LATER', brandId: 'brand' }
  })
  expect(statusOf(await receive())).toBe('RS_ERROR_UNKNOWN')
  expect(recorded).toMatchObject([{ verdict: 'RETRY_LATER', effect: 'REJECTED' }])
})

test('a core that fails is answered unknown, with the attempt echoed', async () => {
  const receive = receiver(async () => {
    throw new Error('broken')
  })
  expect(JSON.parse((await receive())?.text ?? '')).toEqual({
    status: 'RS_ERROR_UNKNOWN',
    request_uuid: bet.request_uuid,
  })
})

test('nothing unsigned or unreadable reaches the money', async () => {
  const receive = receiver(async () => ok)
  expect(statusOf(await receive({ headers: {} }))).toBe('RS_ERROR_INVALID_SIGNATURE')
  expect(statusOf(await receive({ body: Buffer.from('{}') }))).toBe('RS_ERROR_INVALID_SIGNATURE')
  const body = Buffer.from('{"token":')
  const headers = { 'x-auth-signature': signBody(body, keys.privateKey) }
  expect(statusOf(await receive({ body, headers }))).toBe('RS_ERROR_WRONG_SYNTAX')
  expect(submitted).toEqual([])
  expect(recorded.map((row) => row.signature)).toEqual(['MISSING', 'INVALID', 'VALID'])
})

test('an unknown account or path is nobody to answer to', async () => {
  const receive = receiver(async () => ok)
  expect(await receive({ accountCode: 'other' })).toBeUndefined()
  expect(await receive({ path: '/transaction/other' })).toBeUndefined()
  expect([submitted, recorded]).toEqual([[], []])
})
