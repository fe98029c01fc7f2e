// The list as PostGraphile 5 makes it of the tables, told only which columns are links: the schema has no foreign
// keys on them. It asks nobody who he is.
import { createServer } from 'node:http'
import { postgraphile } from 'postgraphile'
import { makePgService } from 'postgraphile/adaptors/pg'
import { grafserv } from 'postgraphile/grafserv/node'
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber'
import { jsonPgSmartTags } from 'postgraphile/utils'
import { serveTurns, workerInput } from '../harness-worker.ts'

const { pg, poolMax } = workerInput()

const links = {
  bets: [
    ['player_id', 'players'],
    ['game_id', 'games'],
    ['round_id', 'rounds'],
    ['session_id', 'sessions'],
  ],
}
const tagsOf = (of) => of.map(([column, table]) => `(${column}) references public.${table} (id)`)
const tagged = Object.entries(links).map(([table, of]) => [
  `public.${table}`,
  { tags: { foreignKey: tagsOf(of) } },
])

const instance = postgraphile({
  extends: [PostGraphileAmberPreset],
  plugins: [jsonPgSmartTags({ version: 1, config: { class: Object.fromEntries(tagged) } })],
  pgServices: [makePgService({ poolConfig: { ...pg, max: poolMax }, schemas: ['public'] })],
  grafserv: { graphiql: false, watch: false },
  grafast: { explain: false },
})

const server = createServer()
await instance.createServ(grafserv).addTo(server)
server.listen(0, '127.0.0.1', () =>
  serveTurns(server.address().port, () => Promise.reject(new Error('the load comes over HTTP'))),
)
