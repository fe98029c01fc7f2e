// One batch from lock to answer: two bursts, and what to do when one of them fails.
import { type Lane, LaneLost } from '../../db/lane.ts'
import { backoff, worthALine } from '../../lib/backoff.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import { auditRow } from '../audit/record-entry.ts'
import { decide, refuse } from './decide.ts'
import { PutBack } from './deciding.ts'
import { type FailureReason, failureReason, isLockTimeout, isOutage, isRaced } from './failures.ts'
import { copyPile, emptyPile, fold, type Pile } from './fold.ts'
import { prefetch, toState } from './prefetch.ts'
import { answer, retryLater, type Waiting } from './queue.ts'
import type { SessionHints } from './session-hints.ts'
import { copyState, type State } from './state.ts'
import type { Attachments, Command, Outcome } from './types.ts'
import { write } from './write.ts'

/** The steps of a batch. Tests replace one to show that what it guards against does happen without it. */
export interface Protocol {
  readonly prefetch: typeof prefetch
  readonly decide: typeof decide
  readonly write: typeof write
}

export const protocol: Protocol = { prefetch, decide, write }

export interface BatchTools {
  readonly protocol: Protocol
  /** A live lane, waited for. */
  ready(): Promise<Lane>
  readonly clock: Clock
  readonly log: Log
  readonly hints: SessionHints
  putBack(waiting: Waiting): void
  /** Told of each try that failed. */
  noteFailure(reason: FailureReason): void
  /** Whether the process is about to end: then an outage is not waited out. */
  closing(): boolean
}

/** After so many failures of the same kind the batch is halved, so that it fails for as few as possible. */
const triesBeforeHalving = 3

/** A single unit is given up, with RETRY_LATER, after so many more. */
const triesAlone = 10

/** The pause between tries while the database is away or out of something. */
const outagePause = { firstMs: 5, capMs: 250 }

/** How soon it is looked again whether a player that others hold is free. */
const heldPause = { firstMs: 20, capMs: 20 }

/** Commits a batch and answers all its commands; whatever happens, every one of them is answered or put back. */
export async function commitBatch(batch: readonly Waiting[], tools: BatchTools): Promise<void> {
  const triesMax = batch.length > 1 ? triesBeforeHalving : triesAlone
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt(batch, await tools.ready(), tools)
    } catch (error) {
      tools.noteFailure(failureReason(error))
      if (isOutage(error)) {
        if (tools.closing() && tries >= triesAlone) return giveUp(batch, error, tools)
        // After a lost COMMIT it is unknown whether it took effect: the same batch again answers REPLAY or does it now.
        if (worthALine(tries)) tools.log.warn({ err: error, tries }, 'a batch waits for the database')
        await backoff(tries, outagePause)
        continue
      }
      if (isLockTimeout(error) && !batch.some(({ held }) => held)) {
        // The neighbours have waited long enough: from now on whoever is held is passed by, and put back.
        for (const waiting of batch) waiting.held = true
        continue
      }
      if (isRaced(error) && tries < triesMax) {
        await backoff(tries, { firstMs: 2, capMs: 50 })
        continue
      }
      return await halve(batch, error, tools)
    }
  }
}

/** Data that the database refuses: halves, down to the one unit that is at fault; its neighbours go through. */
async function halve(batch: readonly Waiting[], error: unknown, tools: BatchTools): Promise<void> {
  const [only] = batch
  if (batch.length === 1 && only) {
    const [{ transactionKey, kind, trace }] = only.unit.commands
    tools.log.error({ err: error, transactionKey, kind, trace }, 'a command could not be written')
    return answer(only, retryLater(only))
  }
  const middle = Math.ceil(batch.length / 2)
  await commitBatch(batch.slice(0, middle), tools)
  await commitBatch(batch.slice(middle), tools)
}

function giveUp(batch: readonly Waiting[], error: unknown, { log }: BatchTools): void {
  log.error({ err: error, units: batch.length }, 'a batch was given up, since the process ends')
  for (const waiting of batch) answer(waiting, retryLater(waiting))
}

interface Answered {
  readonly waiting: Waiting
  readonly outcomes: readonly Outcome[]
}

/** What a batch is decided on and what it has come to so far. */
interface Desk {
  state: State
  pile: Pile
  readonly now: Date
}

/** One try. Throws what the database said, after rolling back, or LaneLost. */
async function attempt(batch: readonly Waiting[], lane: Lane, tools: BatchTools): Promise<void> {
  const commands = batch.flatMap((waiting) => waiting.unit.commands)
  const held = batch.some((waiting) => waiting.held)
  const strays = batch.filter(({ strays }) => strays).flatMap((waiting) => waiting.unit.commands)
  const whole = tools.protocol.prefetch(commands, tools.hints.with(new Set(strays)))
  const plan = held ? passingBy(whole) : whole
  const [, ...reads] = await lane.succeed([
    { text: 'begin isolation level read committed' },
    ...plan.map(({ statement }) => statement),
  ])
  const back: Waiting[] = []
  const { answers, statement } = await orRollBack(lane, () => {
    const state = { ...toState(commands, plan, reads), passing: held }
    tools.hints.learn(state)
    const desk: Desk = { state, pile: emptyPile(state), now: tools.clock.now() }
    const decided = batch.flatMap((waiting) => decideOne(waiting, desk, back, tools))
    return { answers: decided, statement: tools.protocol.write(lane.number, desk.state, desk.pile, desk.now) }
  })
  const done = await lane.succeed([...(statement ? [statement] : []), { text: 'commit' }])
  if (done.at(-1)?.command !== 'COMMIT') throw new LaneLost(new Error('the commit was not acknowledged'))
  for (const { waiting, outcomes } of answers) answer(waiting, outcomes)
  for (const waiting of back.toReversed()) tools.putBack(waiting)
  if (held && back.length === batch.length) await backoff(1, heldPause)
}

/** The lock statement ends with its locking clause: players that others hold are left out, and not waited for. */
const passingBy = (plan: ReturnType<typeof prefetch>): ReturnType<typeof prefetch> =>
  plan.map(({ kind, statement }) =>
    kind === 'lock'
      ? { kind, statement: { ...statement, text: `${statement.text} skip locked` } }
      : { kind, statement },
  )

/** Decides one unit and folds it in; a rule that throws fails that unit alone. */
function decideOne(waiting: Waiting, desk: Desk, back: Waiting[], tools: BatchTools): Answered[] {
  const { commands, attach } = waiting.unit
  const [command, ...more] = commands
  try {
    if (more.length > 0) return [{ waiting, outcomes: decideUnit(waiting, desk, tools) }]
    const { outcome, draft } = tools.protocol.decide(desk.state, command, desk.now)
    const attached = attach?.([outcome])
    fold(desk.state, desk.pile, command, draft)
    pileAttached(desk, command, attached)
    return [{ waiting, outcomes: [outcome] }]
  } catch (error) {
    if (error instanceof PutBack) {
      // Searched for by all its keys, and passed by: it is held too.
      if (waiting.strays && desk.state.passing) waiting.held = true
      waiting.strays = true
      back.push(waiting)
      return []
    }
    const { transactionKey, trace } = command
    tools.log.error({ err: error, transactionKey, trace }, 'a rule failed')
    return [{ waiting, outcomes: retryLater(waiting) }]
  }
}

/** All or none: decided on a copy, which takes the desk's place once every command has taken effect. */
function decideUnit({ unit }: Waiting, desk: Desk, { protocol }: BatchTools): readonly Outcome[] {
  const trial = { state: copyState(desk.state), pile: copyPile(desk.pile) }
  const outcomes: Outcome[] = []
  for (const command of unit.commands) {
    const { outcome, draft } = protocol.decide(trial.state, command, desk.now)
    if (!tookEffect(outcome)) return refuseUnit(unit, desk, command, outcome)
    fold(trial.state, trial.pile, command, draft)
    outcomes.push(outcome)
  }
  const attached = unit.attach?.(outcomes)
  desk.state = trial.state
  desk.pile = trial.pile
  pileAttached(desk, unit.commands[0], attached)
  return outcomes
}

const tookEffect = ({ verdict, first }: Outcome) =>
  verdict === 'OK' || (verdict === 'REPLAY' && first === 'OK')

function refuseUnit(unit: Waiting['unit'], desk: Desk, command: Command, refused: Outcome): Outcome[] {
  const { outcome, draft } = refuse(desk.state, command, refused, desk.now)
  const attached = unit.attach?.([outcome])
  fold(desk.state, desk.pile, command, draft)
  pileAttached(desk, command, attached)
  return [outcome]
}

function pileAttached({ pile, now }: Desk, command: Command, attached: Attachments | undefined): void {
  if (attached?.providerCall) pile.providerCalls.push(attached.providerCall)
  if (attached?.roundResult) {
    const { roundId, result } = attached.roundResult
    pile.roundResults.set(roundId, JSON.stringify(result))
  }
  if (attached?.audit) {
    const cause = { actor: command.actor, requestId: command.trace, at: now }
    pile.audits.push(auditRow(cause, attached.audit, attached.auditId))
  }
}

/** Work between the bursts; if it throws, the locks are given back before anything else is tried. */
async function orRollBack<T>(lane: Lane, work: () => T): Promise<T> {
  try {
    return work()
  } catch (error) {
    await lane.burst([{ text: 'rollback' }])
    throw error
  }
}
