import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { post, seedToken, startTestApp, type TestApp } from '../support/app.ts'
import { firstResult, type Transport, transports } from '../support/transports.ts'

const costs = { operationMax: 500, bucket: 1000, restorePerSecond: 10 }
const start = Date.now()
let now = start

let pitboss: TestApp
let caller: { token: string }

beforeAll(async () => {
  pitboss = await startTestApp({ config: { costs }, clock: { now: () => new Date(now) } })
})
afterAll(() => pitboss?.close())

/** Every test spends from a bucket of its own, and time stands still. */
beforeEach(async () => {
  now = start
  caller = await seedToken(pitboss.database.sql, pitboss.operators.ADMIN.operatorId)
})

const answered = async (run: Transport, query: string, variables = {}) => {
  const { errors, extensions } = await run(pitboss, query, caller, variables)
  expect(errors).toEqual([])
  return extensions?.['cost']
}

const spendAll = async (run: Transport) => {
  for (let spent = 0; spent < 1000; spent += 10) await answered(run, viewers(10))
}

const page = (size: number) => `{ brands { players(first: ${size}) { nodes { id } } } }`
const refusal = ({ errors }: Awaited<ReturnType<Transport>>) => {
  const { errorId: _, ...extensions } = errors[0]?.extensions ?? expect.fail('nothing was refused')
  return { message: errors[0]?.message, ...extensions }
}

describe.each(transports)('over %s', (_name, run) => {
  it('an answer says what it cost, and what it did not use is given back', async () => {
    const rest = { limit: 1000, restoreRate: 10 }
    // There is one brand, of ten that a list without pages is taken to have, and it has no players.
    expect(await answered(run, page(2))).toEqual({ requested: 50, actual: 3, available: 997, ...rest })
    expect(await answered(run, '{ viewer { name } }')).toEqual({
      requested: 1,
      actual: 1,
      available: 996,
      ...rest,
    })
  })

  it('what costs nothing is answered whatever is left', async () => {
    expect(await answered(run, '{ __typename }')).toMatchObject({ requested: 0, actual: 0, available: 1000 })
  })

  it('an operation that can cost more than one may is refused before it runs, and charged nothing', async () => {
    const verdict = await run(pitboss, page(48), caller)
    expect(verdict.data).toBeUndefined()
    expect(refusal(verdict)).toEqual({
      message: 'the operation can cost 510; the limit is 500',
      code: 'COST_EXCEEDED',
      limit: 'cost',
      most: 500,
      found: 510,
    })
    expect(await answered(run, '{ __typename }')).toMatchObject({ available: 1000 })
  })

  it('variables count as they are given', async () => {
    const query = 'query ($first: Int! = 48) { brands { players(first: $first) { nodes { id } } } }'
    expect(refusal(await run(pitboss, query, caller))).toMatchObject({ code: 'COST_EXCEEDED', found: 510 })
    expect(await answered(run, query, { first: 47 })).toMatchObject({ requested: 500, actual: 3 })
  })

  it('whoever has spent too much is told when to come again, and others are not', async () => {
    await spendAll(run)
    const verdict = await run(pitboss, viewers(15), caller)
    expect(verdict.data).toBeUndefined()
    expect(refusal(verdict)).toEqual({
      message:
        'the operation can cost 15 and the token has 0 left: 10 come back each second, try again after 2 s',
      code: 'RATE_LIMITED',
      limit: 'available',
      most: 0,
      found: 15,
      retryAfter: 2,
    })
    caller = await seedToken(pitboss.database.sql, pitboss.operators.ADMIN.operatorId)
    expect(await answered(run, '{ viewer { name } }')).toMatchObject({ available: 999 })
  })

  it('the bucket fills again with time, and never over its brim', async () => {
    await spendAll(run)
    now += 1500
    expect(await answered(run, viewers(15))).toMatchObject({ requested: 15, available: 0 })
    now += 3_600_000
    expect(await answered(run, '{ __typename }')).toMatchObject({ available: 1000 })
  })

  it('variables that are refused cost nothing', async () => {
    const query = 'query ($first: Int!) { brands { players(first: $first) { nodes { id } } } }'
    const { errors } = await run(pitboss, query, caller, { first: 'x' })
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT'])
    expect(await answered(run, '{ __typename }')).toMatchObject({ available: 1000 })
  })
})

/** So many objects that are always there: no more than 15 may have another name. */
const viewers = (count: number) =>
  `{ ${Array.from({ length: count }, (_, at) => `v${at}: viewer { name }`).join(' ')} }`

it('over HTTP a refusal has the status and the header that clients know', async () => {
  const dear = await post(pitboss.url, { query: page(48) }, caller.token)
  expect(dear.status).toBe(400)
  for (let spent = 0; spent < 990; spent += 15) await post(pitboss.url, { query: viewers(15) }, caller.token)
  const often = await post(pitboss.url, { query: viewers(15) }, caller.token)
  expect([often.status, often.headers.get('retry-after')]).toEqual([429, '1'])
})

it('a subscription is charged once, when it begins', async () => {
  const client = pitboss.socket(caller)
  const query = 'subscription { betEvents { cursor event { ... on BetPlaced { bet { id } } } } }'
  const { extensions } = await firstResult(client, { query })
  expect(extensions).toBeUndefined()
  const { available } = (await answered(transports[0]?.[1] ?? expect.fail(), '{ __typename }')) as {
    available: number
  }
  expect(available).toBe(997)
})
