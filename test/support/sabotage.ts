// The protocol with one of its rules switched off: what the tests of a rule must find.
import { type Protocol, protocol } from '../../src/domain/money/commit-batch.ts'
import { prefetch } from '../../src/domain/money/prefetch.ts'
import { transactionKeyOf } from '../../src/domain/money/state.ts'
import { write } from '../../src/domain/money/write.ts'

const sharedLock = 77

/** What every batch would wait for if a lock were shared by all. */
export const takeSharedLock = `select pg_advisory_xact_lock(${sharedLock})::text as id`

/** A statement that lacks what the change is about stays as it is; any other that comes out unchanged is a mistake. */
function rewrite(change: (text: string, now: Date) => string, about = ''): typeof write {
  return (...given) => {
    const statement = write(...given)
    if (!statement?.text.includes(about)) return statement
    const text = change(statement.text, given[3])
    if (text === statement.text) throw new Error('nothing was switched off')
    return { ...statement, text }
  }
}

/** The statement with its guards taken out: nothing is counted, no version is asked for. */
export const unguarded = rewrite((text) =>
  text
    .replaceAll(/ and [tp]\.version = u\.from_version/g, '')
    .replace(' and t.reversed_by_id is null', '')
    .replace('then 1 else 0 end', 'then 1 else 1 end'),
)

const keyOrder = 'order by scope_id, transaction_key'

/** A key that is taken is passed over. */
export const carefree = rewrite(
  (text) => text.replace(keyOrder, `${keyOrder} on conflict do nothing`),
  'insert into transactions',
)

/** Keys are written in the order in which commands came. */
export const unsorted = rewrite((text) => text.replace(keyOrder, ''), 'insert into transactions')

/** Events are stamped with the clock of the process. */
export const ownClock = rewrite((text, now) =>
  text.replace(/greatest\(clock_timestamp\(\)[^]*? as at\b/, `timestamptz '${now.toISOString()}' as at`),
)

/** Everything is read first; what comes back under the lock is the players alone. */
export const readsFirst: typeof prefetch = (commands) => {
  const [lock, ...reads] = prefetch(commands)
  return lock ? [...reads, lock] : reads
}

/** Players are locked and transactions read in one statement, which sees what there was when it began to wait. */
export const locksAndReads: typeof prefetch = (commands) => {
  const [lock, read, ...rest] = prefetch(commands)
  if (!lock || !read) return []
  const given = lock.statement.parameters ?? []
  const shifted = read.statement.text.replaceAll(/\$(\d+)/g, (_, n) => `$${Number(n) + given.length}`)
  const statement = {
    text: `with held as materialized (${lock.statement.text})
      select r.* from (select count(*) from held) c, lateral (${shifted} offset 0) r`,
    parameters: [...given, ...(read.statement.parameters ?? [])],
  }
  return [{ kind: read.kind, statement }, lock, ...rest]
}

/** Every batch takes one lock that all share, and holds it until its COMMIT. */
export const sharing: typeof prefetch = (commands) => {
  const plan = prefetch(commands)
  return [...plan, { kind: 'games', statement: { text: `${takeSharedLock} offset 1` } }]
}

/** A rollback of what never came leaves nothing. */
export const unburied: Protocol['decide'] = (...given) => {
  const decision = protocol.decide(...given)
  const { transactions } = decision.draft
  const kept = transactions.filter(({ kind }) => kind !== 'TOMBSTONE')
  transactions.splice(0, transactions.length, ...kept)
  return decision
}

/** What is there under a command's own key is not looked at. */
export const forgetful: Protocol['decide'] = (state, command, at) => {
  state.transactions.delete(transactionKeyOf(command.scopeId, command.transactionKey))
  return protocol.decide(state, command, at)
}
