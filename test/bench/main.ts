// `npm run bench [-- name…]`: how fast Pitboss is, as ratios to what a careful hand could do on the same machine.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { Problem } from '../../src/lib/problem.ts'
import { callback } from './callback.ts'
import { core } from './core.ts'
import { runBenchmark, type Settings, type Summary } from './harness.ts'
import { describeMachine, type Machine, machineLine, summaryText } from './harness-report.ts'
import { type OpenStage, openStage } from './harness-stage.ts'
import { held } from './held.ts'
import { hot } from './hot.ts'
import { list } from './list.ts'
import { mercurius, postgraphile } from './peers.ts'
import { player360 } from './player360.ts'
import { report30d } from './report-30d.ts'
import { watched } from './watched.ts'

const benchmarks = [list, mercurius, postgraphile, player360, report30d, callback, watched, core, hot, held]
const peers = [mercurius.name, postgraphile.name]

const usage = `npm run bench [-- name… --seconds 10 --rounds 5 --json FILE]

${benchmarks.map(({ name, title }) => `  ${name.padEnd(14)}${title}`).join('\n')}

All of them when none is named; "peers" are mercurius and postgraphile. Contenders take turns of so many seconds,
so many rounds, after a warm-up; the figures are medians. The results go to the file too when
one is given. Needs an otherwise idle machine.
`

interface Arguments extends Settings {
  readonly names: readonly string[]
  readonly json: string | undefined
}

/** Undefined when help is asked for; throws what makes no sense. */
function readArguments(): Arguments | undefined {
  const text = { type: 'string' } as const
  const options = { seconds: text, rounds: text, json: text, help: { type: 'boolean' } } as const
  const { values, positionals } = refusing(() => parseArgs({ options, allowPositionals: true }))
  const [seconds, rounds] = [Number(values.seconds ?? 10), Number(values.rounds ?? 5)]
  const wanted = positionals.flatMap((name) => (name === 'peers' ? peers : name))
  const known = wanted.every((name) => benchmarks.some((one) => one.name === name))
  if (values.help) return undefined
  if (!known || !(seconds > 0) || !(rounds >= 1)) throw misuse('no such benchmark, or no such number')
  const names = wanted.length > 0 ? wanted : benchmarks.map(({ name }) => name)
  return { names, seconds, rounds, json: values.json }
}

const misuse = (what: string) => new Problem('USAGE', `${what}\n\n${usage}`)

function refusing<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw misuse(error instanceof Error ? error.message : String(error))
  }
}

const report = (line: string) => process.stderr.write(`${line}\n`)
const print = (text: string) => process.stdout.write(`${text}\n`)

async function run(given: Arguments, stage: OpenStage): Promise<void> {
  const machine: Machine = await describeMachine(stage)
  print(machineLine(machine))
  const results: Summary[] = []
  for (const benchmark of benchmarks.filter(({ name }) => given.names.includes(name))) {
    const missing = benchmark.missing?.()
    if (missing !== undefined) {
      print(`\n${benchmark.name}: left out, ${missing}`)
      continue
    }
    const summary = await runBenchmark(benchmark, stage, given, report)
    await stage.clear()
    print(`\n${summaryText(summary)}`)
    if (benchmark.remark) print(benchmark.remark(summary))
    results.push(summary)
  }
  const { seconds, rounds } = given
  if (given.json)
    writeFileSync(given.json, `${JSON.stringify({ machine, seconds, rounds, results }, null, 2)}\n`)
}

async function main(): Promise<number> {
  const given = readArguments()
  if (!given) {
    print(usage)
    return 0
  }
  const stopping = new AbortController()
  let stage: OpenStage | undefined
  const stopped = new Promise<never>((_, reject) => {
    stopping.signal.addEventListener('abort', () => reject(new Error('stopped')))
  })
  stopped.catch(() => {})
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort())
  try {
    stage = await openStage(stopping.signal)
    // What is under way when it is stopped is left where it is: everything it works on is about to go.
    await Promise.race([run(given, stage), stopped])
    return 0
  } catch (error) {
    if (stopping.signal.aborted) return 130
    throw error
  } finally {
    await stage?.close()
  }
}

process.exit(
  await main().catch((error: unknown) => {
    report(error instanceof Problem ? error.message : String(error instanceof Error ? error.stack : error))
    return 1
  }),
)
