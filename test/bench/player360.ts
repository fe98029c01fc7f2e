import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sql } from '../../src/db/connection.ts'
import { globalId } from '../../src/lib/global-id.ts'
import type { Benchmark, Contender } from './harness.ts'
import { postRequest, withConnections } from './harness-http.ts'
import { closedLoop } from './harness-load.ts'
import { startServer } from './harness-processes.ts'
import { layDownBets } from './list-data.ts'

const connections = 16
/** Some fifty bets a player, of which some five are open. */
const sizes = { bets: 100_000, players: 1_999, games: 200, providers: 50 }
const folder = join(import.meta.dirname, '../../src/console/graphiql/examples')
const screen = readFileSync(join(folder, '10-player-360.graphql'), 'utf8')
/** The cheapest that goes through the same server and takes one statement: the brands of the token, by their ids. */
const cheapest = '{ brands { id } }'

export const player360: Benchmark = {
  name: 'player360',
  title: `a player's whole screen against one trivial statement, over HTTP, ${connections} connections`,
  unit: 'request',
  async open(stage) {
    const place = await stage.createDatabase('player360', 'PITBOSS')
    const { token } = await layDownBets(place.sql, sizes)
    await layDownFigures(place.sql)
    const { pid, port } = await startServer(stage, place.target)
    const headers = { Authorization: `Bearer ${token}` }
    const request = (query: string, variables?: object) =>
      postRequest('/graphql', JSON.stringify({ query, variables }), headers)
    const ids = await place.sql<{ id: string }[]>`select id from players order by md5(id::text) limit 500`
    const screens = ids.map(({ id }) =>
      request(screen, { player: { id: { eq: globalId('Player', id) } }, first: 10 }),
    )
    return {
      subject: asking({ name: 'the screen', pid, port, requests: screens, sign: '"biggestWin"' }),
      reference: asking({
        name: 'one statement',
        pid,
        port,
        requests: [request(cheapest)],
        sign: '"brands"',
      }),
    }
  },
  remark({ contenders }) {
    const [screenMs = 0, oneMs = 0] = contenders.map(({ median }) => median.p99Ms)
    const ratios = contenders[0]?.rounds.map(
      ({ p99Ms }, at) => p99Ms / (contenders[1]?.rounds[at]?.p99Ms ?? Number.NaN),
    )
    const median = ratios?.toSorted((a, b) => a - b)[ratios.length >> 1] ?? Number.NaN
    return `p99 ${screenMs.toFixed(1)} ms against ${oneMs.toFixed(1)} ms: ${median.toFixed(1)} times`
  },
}

interface Asked {
  readonly name: string
  readonly pid: number
  readonly port: number
  readonly requests: readonly Buffer[]
  /** Stands in every answer that is worth anything. */
  readonly sign: string
}

const asking = ({ name, pid, port, requests, sign }: Asked): Contender => {
  let asked = 0
  return {
    name,
    pid,
    run: (seconds) =>
      withConnections(port, connections, (opened) =>
        closedLoop(connections, seconds, async (client) => {
          const request = requests[asked++ % requests.length]
          const body = request && (await opened[client]?.send(request))?.body
          if (!body?.includes(sign) || body.includes('"errors"'))
            throw new Error(`${name} answered: ${body?.toString()}`)
          return true
        }),
      ),
  }
}

/** What the bets come to, as the fold would have added it up, and something that each player did. */
const layDownFigures = (sql: Sql) =>
  sql.unsafe(`
insert into figure_groups (id, level, brand_id, provider_account_id, game_id, currency, kind, country, device)
select md5(game_id::text || provider_account_id)::uuid, 'DAYS', brand_id, provider_account_id, game_id, 'EUR', 'REAL',
  'MT', 'MOBILE'
from bets group by brand_id, provider_account_id, game_id;
insert into player_figures (player_id, starts_at, group_id, bets, stake_minor, bonus_stake_minor, stake_squares,
  win_minor, jackpot_minor, biggest_win_minor)
select player_id, date_trunc('hour', settled_at), md5(game_id::text || provider_account_id)::uuid, count(*),
  sum(stake_minor), 0, sum(stake_minor::numeric ^ 2), sum(payout_minor), 0, max(payout_minor)
from bets where status = 'SETTLED' group by 1, 2, 3;
update operators set role = 'ADMIN';
insert into player_profiles (player_id, brand_id, name, email, phone)
select id, brand_id, 'Ann ' || external_id, external_id || '@example.com', '+35621234567' from players`)
