// The conformance kit: tries a wallet at a URL, scenario by scenario, as its provider would, and tells of each whether
// the wallet did what it must. It knows the public protocol and nothing of the server.
import { Problem } from '../lib/problem.ts'
import type { KitDialect } from './dialects/dialect.ts'
import { Mismatch, Missing, type Row } from './row.ts'
import type { Scenario } from './scenario.ts'
import { scenarios } from './scenarios/scenarios.ts'
import { type Ground, Stage } from './stage.ts'
import { openTransport } from './transport.ts'
import type { World } from './world.ts'

export interface KitOptions {
  readonly dialect: KitDialect
  /** The wallet's URL, up to where the dialect's paths begin. */
  readonly url: string
  /** What the dialect signs with. */
  readonly key: string
  readonly world: World
  readonly timeoutMs: number
  /** Numbers of scenarios; all when absent. */
  readonly only?: ReadonlySet<number>
  readonly onRow?: (row: Row) => void
}

/** Scenarios whose expectations no public text gives in any dialect. */
const oursEverywhere: ReadonlySet<number> = new Set([
  9,
  14,
  ...Array.from({ length: 18 }, (_, at) => at + 19),
])

/** Tries all scenarios in order. A wallet that does not answer at all is a Problem UNREACHABLE. */
export async function runKit(options: KitOptions): Promise<readonly Row[]> {
  const { dialect, url, key, world, timeoutMs, only, onRow } = options
  const ground = { dialect, speaker: dialect.open(key), transport: openTransport(url, timeoutMs), world }
  await knock(ground)
  const rows: Row[] = []
  for (const scenario of scenarios) {
    if (only && !only.has(scenario.number)) continue
    const row = await tryScenario(scenario, ground)
    rows.push(row)
    onRow?.(row)
  }
  return rows
}

/** The first question: without an answer that can be read, nothing else makes sense. */
async function knock(ground: Ground): Promise<void> {
  const stage = new Stage(ground)
  const { main } = ground.world.seats
  if (!main) throw new Problem('WORLD', 'players.main is missing', 'world')
  const reply = await stage.tryToTell(main)
  if (reply.words.length === 0 && reply.malformed === undefined) {
    throw new Problem('UNREACHABLE', `there is no answer from ${ground.transport.url}: ${reply.said}`, 'url')
  }
  if (stage.isOk(reply) && reply.balanceMinor !== undefined) return
  const why = reply.malformed === undefined ? reply.said : `${reply.said} (${reply.malformed})`
  throw new Problem('UNREADY', `the balance of players.main cannot be asked: ${why}`, 'world')
}

async function tryScenario(scenario: Scenario, ground: Ground): Promise<Row> {
  const { number, title, money } = scenario
  const { dialect } = ground
  const stage = new Stage(ground)
  const started = performance.now()
  const row = (rest: Pick<Row, 'verdict' | 'reason'>): Row => ({
    number,
    title,
    money,
    basis: oursEverywhere.has(number) || dialect.ours.includes(number) ? 'OUR_READING' : 'PUBLIC_TEXT',
    ...rest,
    steps: stage.steps,
    ms: Math.round(performance.now() - started),
  })
  const missing = dialect.notApplicable[number]
  if (missing !== undefined) return row({ verdict: 'N/A', reason: missing })
  try {
    await scenario.run(stage)
    return row({ verdict: 'PASS' })
  } catch (error) {
    if (error instanceof Missing) return row({ verdict: 'SKIP', reason: error.message })
    if (error instanceof Mismatch) return row({ verdict: 'FAIL' })
    // A command of the world, or the platform, did not do its part: what it was for was not tried.
    if (error instanceof Problem) return row({ verdict: 'SKIP', reason: error.message })
    throw error
  }
}
