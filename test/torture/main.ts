// `npm run torture -- --kills 50 --seconds 600 --seed 1`: the faults of the suite's short runs, at random and for as
// long as one likes. Each is followed by an audit; the first that is not clean ends the run. The seed tells which
// faults come in which order, not how far the servers are when they come.
import { parseArgs } from 'node:util'
import { faults } from '../support/faults.ts'
import { auditKills } from '../support/kills-audit.ts'
import { type KillsStage, more, openKillsStage } from '../support/kills-stage.ts'
import { seeded } from '../support/random.ts'
import { until } from '../support/until.ts'

const usage = `npm run torture -- [--kills 50] [--seconds 600] [--seed N] [--only WORDS]

Kills until there were so many or the time is over, whichever comes first. --only takes the faults whose name has
these words:

${Object.keys(faults)
  .map((name) => `  ${name}`)
  .join('\n')}
`

const print = (line: string) => process.stdout.write(`${line}\n`)

interface Settings {
  readonly kills: number
  readonly seconds: number
  readonly seed: number
  readonly names: readonly string[]
}

const number = (given: string | undefined, otherwise: number) => Number(given ?? otherwise)

function readArguments(): Settings | undefined {
  const text = { type: 'string' } as const
  const options = { kills: text, seconds: text, seed: text, only: text, help: { type: 'boolean' } } as const
  const { values } = parseArgs({ options })
  const [kills, seconds] = [number(values.kills, 50), number(values.seconds, 600)]
  const seed = number(values.seed, Math.floor(Math.random() * 1e6))
  const names = Object.keys(faults).filter((name) => name.includes(values.only ?? ''))
  const sensible = kills >= 1 && seconds > 0 && Number.isInteger(seed) && names.length > 0
  return values.help || !sensible ? undefined : { kills, seconds, seed, names }
}

/** One fault and its audit. Throws with what is wrong. */
async function one(stage: KillsStage, name: string): Promise<void> {
  const round = () => until(more(stage.client, { answered: stage.sessions.length }), 30_000)
  await stage.whilePlaying(async () => {
    await round()
    await faults[name]?.(stage)
    await round()
  })
  const wrong = await auditKills(stage)
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
}

/** Every kind once, in an order of chance, before any comes again. */
function* shuffledForEver(stage: KillsStage, names: readonly string[]): Generator<string> {
  for (;;) {
    const left = [...names]
    while (left.length > 0) yield left.splice(stage.random.int(left.length), 1)[0] ?? ''
  }
}

async function torture({ kills, seconds, seed, names }: Settings): Promise<number> {
  print(`seed ${seed}`)
  const stage = await openKillsStage({ random: seeded(seed) })
  const start = performance.now()
  let done = 0
  try {
    for (const name of shuffledForEver(stage, names)) {
      const began = performance.now()
      await one(stage, name)
      done += 1
      const { answered, unanswered } = stage.client.tally()
      const took = ((performance.now() - began) / 1000).toFixed(1)
      print(
        `${String(done).padStart(4)}  ${took.padStart(5)} s  ${answered} answered, ${unanswered} not  ${name}`,
      )
      if (done >= kills || performance.now() - start > seconds * 1000) break
    }
    print(`${done} kills: nothing lost, nothing twice, every question answered`)
    return 0
  } catch (error) {
    print(
      `seed ${seed}, after ${done} kills: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    )
    for (const server of stage.servers) print(server.said.slice(-20).join('\n'))
    return 1
  } finally {
    await stage.close()
  }
}

const settings = readArguments()
if (!settings) print(usage)
process.exit(settings ? await torture(settings) : 2)
