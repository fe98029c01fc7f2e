// Carries a plan out: steps of one player one after the other, those of different players side by side, paced.
// It compares every reply with what the plan expects.
import { setTimeout as sleep } from 'node:timers/promises'
import { ok, type PlannedCall, type Step } from './calls.ts'
import { type AccountFacts, closeSession, openSession, type PlayerFacts, recordDeposit } from './platform.ts'
import type { Platform } from './platform-client.ts'
import { type ProviderSide, type Reply, sendCall } from './provider-client.ts'
import { Problem } from '../lib/problem.ts'
import { Tally } from './tally.ts'

export interface PlayOptions {
  readonly side: ProviderSide
  readonly platform: Platform
  readonly account: AccountFacts
  readonly players: readonly PlayerFacts[]
  /** Calls a second; as many as can be when absent. */
  readonly rate?: number
  /** How many steps may be under way. */
  readonly concurrency: number
  /** Whether nobody else moves the players' money, so that every balance is known. */
  readonly exactBalances: boolean
  /** A player who cannot play is left out; else that ends the run. */
  readonly tolerant: boolean
  readonly signal?: AbortSignal
  readonly onProgress?: (tally: Tally) => void
}

interface Player {
  readonly facts: PlayerFacts
  readonly ip: string
  session?: { readonly token: string; readonly id: string } | undefined
  last: Promise<void>
}

/** Plays until the plan or the signal ends it; what is under way is finished. */
export async function play(steps: Iterable<Step>, options: PlayOptions): Promise<Tally> {
  const tally = new Tally()
  const players = options.players.map(sitDown)
  const pace = pacer(options.rate)
  const underWay = new Set<Promise<void>>()
  let failure: unknown
  let turn = 0
  for (const step of steps) {
    if (options.signal?.aborted || failure !== undefined) break
    await pace(step.kind === 'CALLS' ? step.calls.length : 0, options.signal)
    const player = players[step.player]
    if (!player) continue
    const first = turn
    turn += step.kind === 'CALLS' ? step.calls.length : 0
    const done = player.last.then(() => take(step, player, first, options, tally))
    player.last = done.catch((error: unknown) => {
      failure ??= error
    })
    const settled = player.last.finally(() => underWay.delete(settled))
    underWay.add(settled)
    if (underWay.size >= options.concurrency) await Promise.race(underWay)
    options.onProgress?.(tally)
  }
  await Promise.all(underWay)
  if (failure !== undefined) throw failure
  return tally
}

/** Of so many players the last lives with the one before. */
const householdEvery = 8

/** An address of the block that is kept for documents, one for each household. */
function sitDown(facts: PlayerFacts, index: number): Player {
  const household = index % householdEvery === householdEvery - 1 ? index - 1 : index
  return { facts, ip: `198.51.100.${1 + (household % 254)}`, last: Promise.resolve() }
}

/** Waits until so many calls are due, never to catch up on more than a second. */
function pacer(rate: number | undefined): (calls: number, signal?: AbortSignal) => Promise<void> {
  let dueMs = performance.now()
  return async (calls, signal) => {
    if (rate === undefined || calls === 0) return
    dueMs = Math.max(dueMs, performance.now() - 1_000)
    const waitMs = dueMs - performance.now()
    if (waitMs > 1) await sleep(waitMs, undefined, signal ? { signal } : {}).catch(() => undefined)
    dueMs += (calls * 1_000) / rate
  }
}

async function take(
  step: Step,
  player: Player,
  turn: number,
  options: PlayOptions,
  tally: Tally,
): Promise<void> {
  try {
    if (step.kind === 'CALLS') await call(step.calls, player, turn, options, tally)
    else await visit(step, player, options, tally)
  } catch (error) {
    if (!options.tolerant || !(error instanceof Problem)) throw error
    tally.skipped += 1
  }
}

async function visit(
  step: Exclude<Step, { kind: 'CALLS' }>,
  player: Player,
  { platform, account, side }: PlayOptions,
  tally: Tally,
): Promise<void> {
  const { facts, ip } = player
  switch (step.kind) {
    case 'OPEN_SESSION':
      player.session = undefined
      player.session = await openSession(platform, account, facts, {
        ...step,
        accountCode: side.accountCode,
        ip,
      })
      tally.sessions += 1
      return
    case 'CLOSE_SESSION':
      if (player.session) await closeSession(platform, step.key, player.session.id)
      return
    case 'DEPOSIT':
      await recordDeposit(platform, account, facts.externalId, step)
      tally.deposits += 1
  }
}

async function call(
  calls: readonly PlannedCall[],
  player: Player,
  turn: number,
  { side, exactBalances }: PlayOptions,
  tally: Tally,
): Promise<void> {
  const { session, facts } = player
  if (!session) {
    tally.skipped += calls.length
    return
  }
  const subject = { token: session.token, playerExternalId: facts.externalId }
  const replies = await Promise.all(calls.map((one, nth) => sendCall(side, subject, one, turn + nth)))
  for (const [nth, one] of calls.entries()) {
    const reply = replies[nth]
    if (!reply) continue
    tally.add(one, reply)
    const reason = mismatch(one, reply, exactBalances)
    if (reason) tally.complain({ call: one, player: facts.externalId, reply, reason })
  }
}

/** What is wrong with a reply; undefined when it is one of those expected. */
function mismatch(planned: PlannedCall, reply: Reply, exactBalances: boolean): string | undefined {
  if (!planned.expected.includes(reply.status)) {
    return `${reply.status} instead of ${planned.expected.join(' or ')}`
  }
  const telling = reply.status === ok || reply.status === 'RS_ERROR_NOT_ENOUGH_MONEY'
  if (!exactBalances || !telling || planned.cashMinor === undefined) return undefined
  if (reply.cashMinor === planned.cashMinor) return undefined
  return `a balance of ${reply.cashMinor ?? 'nothing'} instead of ${planned.cashMinor} minor units`
}
