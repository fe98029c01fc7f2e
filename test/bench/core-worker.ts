// The commit streams alone, as the server opens them, with commands as the dialect makes them.
import { randomUUID } from 'node:crypto'
import postgres from 'postgres'
import { type ConnectionTarget, postgresOptions } from '../../src/db/connection.ts'
import { appRole } from '../../src/db/grants.ts'
import { openStreams } from '../../src/domain/money/streams.ts'
import type { BetCommand } from '../../src/domain/money/types.ts'
import { fingerprint } from '../../src/lib/fingerprint.ts'
import { silentLog } from '../../src/lib/log.ts'
import type { ProviderWorld } from '../support/provider-world.ts'
import { closedLoop } from './harness-load.ts'
import { serveTurns, workerInput } from './harness-worker.ts'

export interface CoreInput {
  readonly target: ConnectionTarget
  readonly world: ProviderWorld
  readonly concurrency: number
  /** How many players bet; all when absent. */
  readonly players?: number
}

interface Open {
  readonly hash: Buffer
  readonly user: string
}

const { target, world, concurrency, players } = workerInput() as CoreInput
const sessions = await readSessions()
const streams = openStreams(target, { role: appRole, log: silentLog })
let made = 0

serveTurns(0, (seconds) =>
  closedLoop(concurrency, seconds, async () => {
    const { verdict } = await streams.submit({ command: nextBet() })
    if (verdict !== 'OK') throw new Error(`a bet was answered: ${verdict}`)
    return true
  }),
)

async function readSessions(): Promise<readonly Open[]> {
  const sql = postgres(postgresOptions(target, { max: 1 }))
  const rows = await sql<Open[]>`
    select s.token_hash as hash, p.external_id as user from sessions s join players p on p.id = s.player_id
    order by p.id limit ${players ?? null}`
  await sql.end()
  return [...rows]
}

/** A bet of 1.00 EUR in a round of its own, each of another player than its neighbours. */
function nextBet(): BetCommand {
  const session = sessions[made++ % sessions.length]
  if (!session) throw new Error('there are no sessions')
  const [transactionKey, roundKey] = [randomUUID(), randomUUID()]
  const terms = { gameCode: 'reel_quest', amountMinor: 100n, currency: 'EUR' }
  return {
    kind: 'BET',
    betKind: 'REAL',
    closesRound: false,
    transactionKey,
    roundKey,
    ...terms,
    scopeId: world.accountId,
    providerAccountId: world.accountId,
    providerId: world.providerId,
    brandId: world.brandId,
    tokenHash: session.hash,
    playerExternalId: session.user,
    fingerprint: fingerprint(['BET', session.user, roundKey, ...Object.values(terms), undefined, false]),
    actor: { kind: 'PROVIDER_ACCOUNT', id: world.accountId },
    trace: `bench-${made}`,
    receivedAt: new Date(),
  }
}
