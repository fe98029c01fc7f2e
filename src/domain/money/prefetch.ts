// The first burst of a batch: lock the players, then read everything the rules may ask, in one write without
// waiting. The lock is a statement of its own and comes first: each later statement takes its snapshot after the
// lock was granted, so that what it reads of a locked player is the state now. Rows of players that are not locked
// may be torn; the rules put such commands back.
import type { Reply, Statement } from '../../db/lane.ts'
import { ArrayParameter } from '../../db/wire/array.ts'
import { toPlayerLock } from '../journal/lock-players.ts'
import {
  gamesText,
  lastBetsText,
  limitsText,
  lockNamedText,
  lockSearchedText,
  openBetsText,
  roundsText,
  sessionsText,
  transactionsText,
  walletsText,
} from './prefetch-texts.ts'
import { readBet, readCommandRow, readLimit, readRound, readTransaction, readWallet } from './rows.ts'
import {
  emptyState,
  gameKeyOf,
  putBet,
  putLimit,
  putRound,
  putTransaction,
  putWallet,
  roundKeyOf,
  type SessionState,
  type State,
  transactionKeyOf,
} from './state.ts'
import type { Command } from './types.ts'

type ProviderCommand = Extract<Command, { tokenHash: Buffer }>

const ids = (values: readonly string[]) => new ArrayParameter('uuid', values)
const hashes = (values: readonly Buffer[]) => new ArrayParameter('bytea', values)
const texts = (values: readonly (string | undefined)[]) => new ArrayParameter('text', values)

const isProvider = (command: Command): command is ProviderCommand => 'tokenHash' in command

type Kind =
  | 'lock'
  | 'transactions'
  | 'sessions'
  | 'games'
  | 'limits'
  | 'openBets'
  | 'lastBets'
  | 'rounds'
  | 'wallets'

/**
 * What was learned of earlier batches. It only says whom to lock: what a command is decided on is read under the lock,
 * and whose player is not locked after all is put back.
 */
export interface Hints {
  /** What never changes of a session. */
  sessionOf(tokenHash: Buffer): Pick<SessionState, 'playerId' | 'gameId'> | undefined
  /** Whether its token did not lead to all the players that it concerns. */
  strays(command: Command): boolean
}

/**
 * The statements of the first burst after BEGIN, with the kind of each; reads that nobody needs are left out. Without
 * hints every player is searched for.
 */
export function prefetch(
  commands: readonly Command[],
  hints?: Hints,
): { kind: Kind; statement: Statement }[] {
  const provided = commands.filter(isProvider)
  const own = commands.filter((command) => !isProvider(command))
  const cash = own.filter((command) => 'currency' in command)
  const resolved = own.flatMap((command) => ('roundId' in command ? [command.roundId] : []))
  const closing = provided.filter(closes)
  const unnamed = provided.filter((command) => command.kind === 'WIN' && command.referenceKey === undefined)
  const staking = provided.filter((command) => command.kind === 'BET' && command.betKind === 'REAL')
  const gameKeys = provided.flatMap(gameKey)
  const [scopes, names] = keys(commands)
  const plan: { kind: Kind; statement: Statement }[] = [
    { kind: 'lock', statement: lock(commands, hints) },
    { kind: 'transactions', statement: { text: transactionsText, parameters: [scopes, names] } },
  ]
  const add = (kind: Kind, needed: readonly unknown[], text: string, parameters: () => ArrayParameter[]) =>
    needed.length > 0 && plan.push({ kind, statement: { text, parameters: parameters() } })
  add('sessions', provided, sessionsText, () => tokens(provided))
  add('games', gameKeys, gamesText, () => named(gameKeys))
  add('limits', staking, limitsText, () => [
    ...limited(staking, hints),
    ids([...new Set(staking.map((command) => command.brandId))]),
    ...named(gameKeys),
  ])
  add('openBets', [...closing, ...resolved], openBetsText, () => [
    ...tokens(closing),
    ...keys(closing),
    ids(resolved),
  ])
  add('lastBets', unnamed, lastBetsText, () => tokens(unnamed))
  add('rounds', resolved, roundsText, () => [ids(resolved)])
  add('wallets', cash, walletsText, () => [
    ids(cash.map((command) => command.playerId)),
    texts(cash.map((command) => command.currency)),
  ])
  return plan
}

/** Players are locked in the order of their ids, whichever way they were found. */
function lock(commands: readonly Command[], hints: Hints | undefined): Statement {
  const players = new Set<string>()
  const tokens: Buffer[] = []
  for (const command of commands) {
    if (!isProvider(command)) players.add(command.playerId)
    else {
      const session = hints?.sessionOf(command.tokenHash)
      if (session) players.add(session.playerId)
      else tokens.push(command.tokenHash)
    }
  }
  const parameters = [ids([...players]), hashes(tokens)]
  const strays = hints ? commands.filter((command) => hints.strays(command)) : commands
  if (strays.length === 0) return { text: lockNamedText, parameters }
  return { text: lockSearchedText, parameters: [...parameters, ...keys(strays)] }
}

/** The players and games whose limits matter, and the tokens of those who are not known yet. */
function limited(
  staking: readonly ProviderCommand[],
  hints: Hints | undefined,
): [ArrayParameter, ArrayParameter, ArrayParameter] {
  const known = new Set<Pick<SessionState, 'playerId' | 'gameId'>>()
  const tokens: Buffer[] = []
  for (const { tokenHash } of staking) {
    const session = hints?.sessionOf(tokenHash)
    if (session) known.add(session)
    else tokens.push(tokenHash)
  }
  const sessions = [...known]
  return [
    ids(sessions.map(({ playerId }) => playerId)),
    ids(sessions.map(({ gameId }) => gameId)),
    hashes(tokens),
  ]
}

const gameKey = (command: ProviderCommand): (readonly [string, string])[] =>
  command.kind === 'BET' && command.gameCode !== undefined ? [[command.providerId, command.gameCode]] : []

const named = (
  keys: readonly (readonly [scope: string, name: string])[],
): [ArrayParameter, ArrayParameter] => [
  ids(keys.map(([scope]) => scope)),
  texts(keys.map(([, name]) => name)),
]

const tokens = (commands: readonly ProviderCommand[]): [ArrayParameter, ArrayParameter, ArrayParameter] => [
  hashes(commands.map((command) => command.tokenHash)),
  ids(commands.map((command) => command.providerAccountId)),
  texts(commands.map((command) => command.roundKey)),
]

const closes = (command: ProviderCommand) =>
  command.kind === 'END_ROUND' || (command.kind !== 'PROMO' && command.closesRound !== false)

/** The transaction keys of the commands and of what they refer to, each once. */
function keys(commands: readonly Command[]): [ArrayParameter, ArrayParameter] {
  const pairs = new Map<string, readonly [string, string]>()
  const add = (scope: string, name: string) => pairs.set(`${scope} ${name}`, [scope, name])
  for (const command of commands) {
    add(command.scopeId, command.transactionKey)
    const referenceKey = 'referenceKey' in command ? command.referenceKey : undefined
    if (referenceKey !== undefined) add(command.scopeId, referenceKey)
  }
  return named([...pairs.values()])
}

/** The replies of the burst, in the order of the plan, as the state to decide on. */
export function toState(
  commands: readonly Command[],
  plan: readonly { kind: Kind }[],
  replies: readonly Reply[],
): State {
  const state = emptyState()
  plan.forEach(({ kind }, index) => {
    for (const row of replies[index]?.rows ?? []) fill[kind](state, row)
  })
  for (const command of commands) {
    if ('roundId' in command) state.completable.add(command.roundId)
    else if (isProvider(command) && closes(command)) completable(state, command)
  }
  return state
}

/** The rounds that openBets was asked about, found again: by session and round key, and by reference. */
function completable(state: State, command: ProviderCommand): void {
  const session = state.sessions.get(command.tokenHash.toString('hex'))
  const key = session && roundKeyOf(command.providerAccountId, session.playerId, command.roundKey ?? '')
  const named = [command.transactionKey, ('referenceKey' in command && command.referenceKey) || '']
  const ids = [
    key && state.roundIds.get(key),
    ...named.map((name) => state.transactions.get(transactionKeyOf(command.scopeId, name))?.roundId),
  ]
  for (const id of ids) if (id) state.completable.add(id)
}

type Row = Record<string, unknown>

const fill: Record<Kind, (state: State, row: Row) => void> = {
  lock: (state, row) => void state.players.set(row['id'] as string, toPlayerLock(row)),
  transactions(state, row) {
    putTransaction(state, readTransaction(row))
    joined(state, row)
    if (row['b_id']) putBet(state, readBet(row, 'b_'))
  },
  sessions(state, row) {
    const session = readCommandRow(row)
    state.sessions.set(session.tokenHash, session.session)
    joined(state, row)
    if (row['r_id'] && row['staked_minor'] !== null) {
      state.roundStakes.set(row['r_id'] as string, row['staked_minor'] as bigint)
    }
  },
  games: (state, row) =>
    void state.games.set(gameKeyOf(row['provider_id'] as string, row['code'] as string), {
      id: row['id'] as string,
      status: row['status'] as 'ENABLED',
    }),
  limits: (state, row) => putLimit(state, readLimit(row)),
  openBets: (state, row) => putBet(state, readBet(row, '')),
  lastBets: (state, row) => putBet(state, readBet(row, '')),
  rounds: joined,
  wallets: (state, row) => putWallet(state, readWallet(row, '')),
}

function joined(state: State, row: Row): void {
  if (row['w_id']) putWallet(state, readWallet(row, 'w_'))
  if (row['r_id']) putRound(state, readRound(row, 'r_'))
}
