// The way of one provider's call, without HTTP: account -> signature -> parse -> money or read -> reply -> row.
// It owns the order of these steps. It never decides about money, and always answers a call of a known account.
import type { ReadContext } from '../domain/context.ts'
import type { Command, Outcome, Submit } from '../domain/money/types.ts'
import { type CallDecision, describeCall, type ReceivedCall } from '../domain/providers/call-row.ts'
import type { AccountDirectory } from '../domain/providers/find-account.ts'
import type { CallRecorder } from '../domain/providers/record-calls.ts'
import type { NewProviderCall, OpenAccount } from '../domain/providers/types.ts'
import type { SessionDirectory } from '../domain/sessions/session-terms.ts'
import { complete } from './complete.ts'
import { withDeadline } from './deadline.ts'
import type { Answer, Dialect, ParsedCall, Reply, Route } from './dialect.ts'
import { effectOf } from './effects.ts'
import { answerRead } from './read.ts'
import type { SignatureLimit } from './signature-limit.ts'

/** Providers wait about a second. Asking the database for anything but money is given up before that. */
const readDeadlineMs = 700
/** How long a reply waits for its row, when the row is not part of a money transaction. */
const recordDeadlineMs = 200

export interface InboundCall extends ReceivedCall {
  readonly accountCode: string
  /** performance.now() when the request arrived. */
  readonly startedMs: number
}

export interface ReceiveDeps {
  readonly ctx: ReadContext
  readonly dialects: ReadonlyMap<string, Dialect>
  readonly submit: Submit
  readonly accounts: AccountDirectory
  readonly sessions: SessionDirectory
  readonly recorder: CallRecorder
  readonly badSignatures: SignatureLimit
}

/** A call on its way through. */
interface Passage {
  readonly deps: ReceiveDeps
  readonly call: InboundCall
  readonly account: OpenAccount
  readonly dialect: Dialect
  readonly route: Route
}

/** The reply; undefined when the account or the path is unknown. */
export async function receiveCall(deps: ReceiveDeps, call: InboundCall): Promise<Reply | undefined> {
  let account: OpenAccount | undefined
  try {
    account = await withDeadline(deps.accounts.byCode(call.accountCode), readDeadlineMs)
  } catch (error) {
    return answerBlindly(deps, call, error)
  }
  const dialect = account && deps.dialects.get(account.dialect)
  const route = dialect?.route(call.method, call.path)
  if (!account || !dialect || !route) return undefined
  const passage = { deps, call, account, dialect, route }
  try {
    return await pass(passage)
  } catch (error) {
    // A fault of ours: the provider may ask again, and a rollback of an unknown bet is always safe.
    deps.ctx.log.error({ err: error, requestId: call.requestId, path: call.path }, 'provider call failed')
    return route.render({ verdict: 'RETRY_LATER' }, route.echoOf(call))
  }
}

async function pass(passage: Passage): Promise<Reply> {
  const { deps, call, account, route } = passage
  const signature = route.verify(call, account)
  if (signature !== 'VALID') return refuseSignature(passage, signature)
  const parsed = route.parse(call, account)
  const row = describe(passage, signature, parsed)
  const answer = (given: Answer) => record(passage, row, given, parsed.attemptKey)
  const completing = { sessions: deps.sessions, log: deps.ctx.log, deadlineMs: readDeadlineMs }
  const operation = await complete(completing, account.id, parsed.operation)
  if (operation.kind === 'REFUSED') {
    const facts = { requestId: call.requestId, path: call.path, field: operation.field }
    deps.ctx.log.warn({ ...facts, verdict: operation.answer.verdict }, 'provider call refused')
    return answer(operation.answer)
  }
  if (operation.kind === 'COMMAND') return move(passage, row, operation.command, parsed.attemptKey)
  // Commands go on: the rules refuse bets of such an account, and take what is owed for those placed before.
  if (account.status !== 'ENABLED') return answer({ verdict: 'RETRY_LATER', accountDisabled: true })
  const { given, links } = await withDeadline(answerRead(deps.ctx, account, operation), readDeadlineMs).catch(
    (error: unknown) => {
      deps.ctx.log.warn({ err: error, requestId: call.requestId }, 'provider read failed')
      return { given: { verdict: 'RETRY_LATER' } as const, links: {} }
    },
  )
  return record(passage, row, given, parsed.attemptKey, { links, read: true })
}

type Describe = (decision: CallDecision) => NewProviderCall

/** A money command: its row, with the very reply that is sent, is written in the command's own transaction. */
async function move(
  passage: Passage,
  row: Describe,
  command: Command,
  attemptKey: string | undefined,
): Promise<Reply> {
  const { deps, route } = passage
  let written: { readonly verdict: Outcome['verdict']; readonly reply: Reply } | undefined
  const outcome = await deps.submit({
    command,
    attach(decided) {
      const reply = route.render(decided, attemptKey)
      written = { verdict: decided.verdict, reply }
      return { providerCall: row(decisionOf(passage, decided, reply, linksOf(decided))) }
    },
  })
  // Not decided in time, or never: what was attached does not count, even if it is committed later.
  const certain = outcome.verdict !== 'RETRY_LATER' && written?.verdict === outcome.verdict
  if (certain && written) return written.reply
  return record(passage, row, outcome, attemptKey, { links: linksOf(outcome) })
}

const linksOf = (outcome: Outcome): CallDecision['links'] => ({
  playerId: outcome.playerId ?? null,
  sessionId: outcome.sessionId ?? null,
  roundId: outcome.roundId ?? null,
  betId: outcome.betId ?? null,
  transactionId: outcome.transactionId ?? null,
})

/** A call without a command: its row is written on its own, and the reply waits for it, but not for long. */
async function record(
  passage: Passage,
  row: Describe,
  answer: Answer,
  attemptKey: string | undefined,
  { links = {}, read = false }: { links?: CallDecision['links']; read?: boolean } = {},
): Promise<Reply> {
  const reply = passage.route.render(answer, attemptKey)
  const written = passage.deps.recorder.record(row(decisionOf(passage, answer, reply, links, read)))
  await withDeadline(written, recordDeadlineMs).catch(() => {})
  return reply
}

function decisionOf(
  { deps, call }: Passage,
  answer: Answer,
  reply: Reply,
  links: CallDecision['links'],
  read = false,
): CallDecision {
  return {
    verdict: answer.verdict,
    effect: effectOf(answer.verdict, read),
    reply: reply.text,
    httpStatus: reply.status,
    links,
    decidedAt: deps.ctx.clock.now(),
    latencyUs: Math.round((performance.now() - call.startedMs) * 1000),
  }
}

/** Nobody vouches for the call: nothing of it is acted upon; it is kept as a digest and a beginning, if at all. */
async function refuseSignature(passage: Passage, signature: 'INVALID' | 'MISSING'): Promise<Reply> {
  const { deps, call, account, route } = passage
  const answer = { verdict: 'BAD_SIGNATURE' } as const
  const echo = route.echoOf(call)
  const place = deps.badSignatures.take(account.id)
  if (!place.granted) return route.render(answer, echo)
  const facts = { requestId: call.requestId, account: account.code, signature, unrecorded: place.skipped }
  deps.ctx.log.warn(facts, 'provider call with a bad signature')
  return record(passage, describe(passage, signature, { secrets: [] }), answer, echo)
}

function describe(
  { call, account, dialect, route }: Passage,
  signature: NewProviderCall['signature'],
  parsed: Omit<ParsedCall, 'operation'>,
): Describe {
  const headers = signature === 'VALID' ? [...dialect.headers, ...dialect.signatureHeaders] : dialect.headers
  return describeCall(account, call, { ...parsed, operation: route.operation, signature, headers })
}

/** The database cannot be asked who is calling: whoever speaks a dialect that knows the path may ask again. */
function answerBlindly(deps: ReceiveDeps, call: InboundCall, error: unknown): Reply | undefined {
  deps.ctx.log.warn({ err: error, requestId: call.requestId }, 'provider account could not be read')
  for (const dialect of deps.dialects.values()) {
    const route = dialect.route(call.method, call.path)
    if (route) return route.render({ verdict: 'RETRY_LATER' }, route.echoOf(call))
  }
  return undefined
}
