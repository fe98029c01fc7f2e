// What a report would be without figures: one prepared scan of the bets that makes the JSON, behind node:http.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import postgres from 'postgres'
import { type ConnectionTarget, postgresOptions } from '../../src/db/connection.ts'
import { serveTurns, workerInput } from './harness-worker.ts'

export interface ScanInput {
  readonly target: ConnectionTarget
  readonly brandId: string
  readonly from: string
  readonly to: string
}

const { target, brandId, from, to } = workerInput() as ScanInput
const sql = postgres(postgresOptions(target, { max: 2 }))

const scan = (active: string) => `/* bench: the report as a scan */
select coalesce(json_agg(row_to_json(r)), '[]')::text as data from (
  select g.code as game, b.currency, count(*)::text as bets, sum(b.stake_minor)::text as turnover,
    sum(b.payout_minor - b.jackpot_minor)::text as wins${active}
  from bets b join games g on g.id = b.game_id
  where b.brand_id = $1 and b.status = 'SETTLED' and b.kind = 'REAL'
    and b.settled_at >= $2::text::timestamptz and b.settled_at < $3::text::timestamptz
  group by g.id, g.code, b.currency order by sum(b.stake_minor) desc, g.id) r`

const texts = { plain: scan(''), active: scan(', count(distinct b.player_id)::text as active') }

const server = createServer((request, response) => {
  request.resume()
  const text = request.url?.endsWith('active') ? texts.active : texts.plain
  sql
    .unsafe<{ data: string }[]>(text, [brandId, from, to], { prepare: true })
    .then(([row]) => {
      const body = Buffer.from(row?.data ?? '')
      response.setHeader('content-type', 'application/json; charset=utf-8')
      response.setHeader('content-length', body.length)
      response.end(body)
    })
    .catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined))
})

server.listen(0, '127.0.0.1', () => {
  serveTurns((server.address() as AddressInfo).port, () =>
    Promise.reject(new Error('the load comes over HTTP')),
  )
})
