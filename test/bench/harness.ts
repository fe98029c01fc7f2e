// Two contenders, the same work, in turns: A B A B … on one machine and one PostgreSQL. What is compared is the ratio
// within each turn, since the speed of a machine drifts and that of two neighbours in time drifts alike.
import type { Load } from './harness-load.ts'
import type { Stage } from './harness-stage.ts'
import { startUsage, type Usage } from './harness-usage.ts'

export interface Contender {
  readonly name: string
  /** The process that does the work. */
  readonly pid: number
  /** Whatever can be made ready before the clock runs. */
  prepare?(seconds: number): Promise<void>
  run(seconds: number): Promise<Load>
}

export interface Pair {
  readonly subject: Contender
  readonly reference: Contender
}

export interface Benchmark {
  readonly name: string
  readonly title: string
  /** What one operation is. */
  readonly unit: string
  /** What it lacks to be run at all, and how to come by it. */
  missing?(): string | undefined
  open(stage: Stage): Promise<Pair>
  /** What the summary shall say besides. */
  remark?(summary: Summary): string
}

export interface Settings {
  readonly seconds: number
  readonly rounds: number
}

/** One contender's turn. */
export type Measured = Load & Usage & { readonly perSecond: number }

export interface Summary {
  readonly name: string
  readonly title: string
  readonly unit: string
  readonly contenders: readonly {
    readonly name: string
    /** The median of each figure over the rounds. */
    readonly median: Measured
    readonly rounds: readonly Measured[]
  }[]
  /** The subject's rate as a share of the reference's in the same round. */
  readonly ratio: { readonly median: number; readonly min: number; readonly max: number }
}

export type Report = (line: string) => void

/** A first round of each warms up and is not counted. */
export async function runBenchmark(
  benchmark: Benchmark,
  stage: Stage,
  settings: Settings,
  report: Report,
): Promise<Summary> {
  report(`${benchmark.name}: laying down data`)
  const { subject, reference } = await benchmark.open(stage)
  await stage.settle()
  await stage.admin`checkpoint`
  const contenders = [subject, reference].map((contender) => ({ contender, rounds: [] as Measured[] }))
  for (let round = 0; round <= settings.rounds; round += 1) {
    if (round === 1) await stage.settle()
    for (const { contender, rounds } of contenders) {
      const measured = await takeTurn(contender, stage, settings.seconds)
      if (round > 0) rounds.push(measured)
      const place = round === 0 ? 'warm-up' : `round ${round}/${settings.rounds}`
      report(`${benchmark.name}: ${place}, ${contender.name}: ${Math.round(measured.perSecond)}/s`)
    }
  }
  const [ours = [], theirs = []] = contenders.map(({ rounds }) => rounds)
  const ratios = ours.map((one, round) => one.perSecond / (theirs[round]?.perSecond ?? Number.NaN))
  return {
    name: benchmark.name,
    title: benchmark.title,
    unit: benchmark.unit,
    contenders: contenders.map(({ contender, rounds }) => ({
      name: contender.name,
      median: medians(rounds),
      rounds,
    })),
    ratio: { median: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) },
  }
}

async function takeTurn(contender: Contender, stage: Stage, seconds: number): Promise<Measured> {
  await contender.prepare?.(seconds)
  stage.signal.throwIfAborted()
  const usage = await startUsage(stage, contender.pid)
  const load = await contender.run(seconds)
  stage.signal.throwIfAborted()
  if (load.operations === 0) throw new Error(`${contender.name} did nothing`)
  return { ...load, ...(await usage(load.operations)), perSecond: load.operations / load.seconds }
}

function medians(rounds: readonly Measured[]): Measured {
  const of = (key: keyof Measured) => median(rounds.map((round) => round[key]))
  return {
    operations: of('operations'),
    seconds: of('seconds'),
    perSecond: of('perSecond'),
    p50Ms: of('p50Ms'),
    p99Ms: of('p99Ms'),
    delivered: of('delivered'),
    ownCpuMs: of('ownCpuMs'),
    databaseCpuMs: of('databaseCpuMs'),
    clientCpuMs: of('clientCpuMs'),
    walBytes: of('walBytes'),
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2
}
