// The clients of the TPC-B-like transaction: each has a connection of its own and, as pgbench does, waits for every
// statement; all statements are prepared, BEGIN and COMMIT too.
import postgres from 'postgres'
import { type ConnectionTarget, postgresOptions } from '../../src/db/connection.ts'
import { closedLoop } from './harness-load.ts'
import { serveTurns, workerInput } from './harness-worker.ts'

export interface TpcbInput {
  readonly target: ConnectionTarget
  readonly connections: number
  readonly accounts: number
  readonly tellers: number
  readonly branches: number
}

const input = workerInput() as TpcbInput
const sql = postgres(postgresOptions(input.target, { max: input.connections }))
const reserved = await Promise.all(Array.from({ length: input.connections }, () => sql.reserve()))

const random = (most: number) => 1 + Math.floor(Math.random() * most)

async function transact(connection: postgres.ReservedSql): Promise<void> {
  const [aid, tid, bid] = [random(input.accounts), random(input.tellers), random(input.branches)]
  const delta = random(10_001) - 5_001
  await connection`begin`
  await connection`update pgbench_accounts set abalance = abalance + ${delta} where aid = ${aid}`
  await connection`select abalance from pgbench_accounts where aid = ${aid}`
  await connection`update pgbench_tellers set tbalance = tbalance + ${delta} where tid = ${tid}`
  await connection`update pgbench_branches set bbalance = bbalance + ${delta} where bid = ${bid}`
  await connection`insert into pgbench_history (tid, bid, aid, delta, mtime)
    values (${tid}, ${bid}, ${aid}, ${delta}, current_timestamp)`
  await connection`commit`
}

serveTurns(0, (seconds) =>
  closedLoop(input.connections, seconds, async (client) => {
    const connection = reserved[client]
    if (connection) await transact(connection)
    return true
  }),
)
