import { createPrivateKey, type KeyObject } from 'node:crypto'
import { Command, Option } from 'commander'
import { Problem } from '../../lib/problem.ts'
import { faultTraits, type Trait } from '../../simulator/calls.ts'
import { simulate } from '../../simulator/simulate.ts'
import type { Tally } from '../../simulator/tally.ts'
import { complain, print } from '../output.ts'
import { readText } from '../read-text.ts'

interface Options {
  readonly url: readonly string[]
  readonly token: string
  readonly provider: string
  readonly key: string
  readonly rate: string
  readonly seconds: string
  readonly calls?: string
  readonly seed: string
  readonly run?: string
  readonly players: string
  readonly seats: string
  readonly faultShare: string
  readonly faults?: readonly string[]
}

const unexpectedShownMax = 10
const progressEveryMs = 2_000

export const simulateCommand = (): Command =>
  new Command('simulate')
    .summary('play a provider: sign and send wallet calls, and check every reply')
    .description(
      'Plays rounds through one provider account of a running server: registers players of its own, deposits, ' +
        'opens sessions over GraphQL, sends signed bets, wins and rollbacks over HTTP, and compares every reply and ' +
        'balance with what must come. Prints exact counts; exits with 1 when a reply was not one of those expected. ' +
        'The same seed gives the same calls, amounts and order.',
    )
    .option('--url <urls...>', 'the server; several on one database are called in turn', [
      'http://127.0.0.1:4000',
    ])
    .addOption(
      new Option(
        '--token <token>',
        'an API token of the role SERVICE: as an option it can be seen by whoever lists processes, in the variable ' +
          'it cannot',
      )
        .env('PITBOSS_API_TOKEN')
        .makeOptionMandatory(),
    )
    .requiredOption('--provider <code>', 'the code of the provider account')
    .requiredOption('--key <file>', "the provider's private key (PEM)")
    .option('--rate <number>', 'calls a second; 0: as fast as it goes', '50')
    .option('--seconds <number>', 'how long to play', '60')
    .option('--calls <number>', 'exactly so many calls, however long it takes; --seconds is then ignored')
    .option('--seed <text>', 'what the play is made from', '1')
    .option(
      '--run <text>',
      'tells this run from others of the same seed: ids are made of both; the time when absent',
    )
    .option('--players <number>', 'how many players take part', '60')
    .option('--seats <number>', 'how many of them play at the same time', '24')
    .option('--fault-share <number>', 'the share of rounds that go wrong, from 0 to 1', '0.1')
    .option('--faults <names...>', `only these of ${faultTraits.join(', ')}`)
    .addHelpText(
      'after',
      '\nExample, beside a running `npm start`:\n' +
        '  export PITBOSS_API_TOKEN=$(npm run -s pitboss -- token --role SERVICE --brand demo)\n' +
        '  npm run pitboss -- simulate --url http://127.0.0.1:4000 --provider demo-spinwell \\\n' +
        '    --key .pitboss/keys/demo-spinwell.pem --rate 50 --seconds 60 --seed 7',
    )
    .action(run)

async function run(options: Options): Promise<void> {
  const rate = number(options.rate, 'rate', 0, 100_000)
  const seconds = number(options.seconds, 'seconds', 1, 1_000_000)
  const calls = options.calls === undefined ? undefined : number(options.calls, 'calls', 1, 100_000_000)
  const stopping = new AbortController()
  const stop = () => stopping.abort()
  process.once('SIGINT', stop).once('SIGTERM', stop)
  const timer = calls === undefined ? setTimeout(stop, seconds * 1000) : undefined
  try {
    const tally = await simulate({
      urls: options.url.map(baseUrl),
      token: options.token,
      accountCode: options.provider,
      privateKey: privateKey(options.key),
      seed: options.seed,
      run: options.run ?? Date.now().toString(36),
      players: number(options.players, 'players', 1, 10_000),
      seats: number(options.seats, 'seats', 1, 1_000),
      faultShare: share(options.faultShare),
      ...(options.faults ? { faults: options.faults.map(fault) } : {}),
      ...(rate > 0 ? { rate } : {}),
      ...(calls === undefined ? {} : { calls }),
      signal: stopping.signal,
      onProgress: progress(),
    })
    report(tally)
  } finally {
    clearTimeout(timer)
    process.off('SIGINT', stop).off('SIGTERM', stop)
  }
}

function report(tally: Tally): void {
  print(...tally.table())
  if (tally.unexpectedCount === 0) return print('every reply was as expected')
  for (const { call, player, reason } of tally.unexpected.slice(0, unexpectedShownMax)) {
    complain(`unexpected: ${call.kind} ${call.transactionKey} (${call.trait}) of ${player}: ${reason}`)
  }
  throw new Problem('UNEXPECTED', `${tally.unexpectedCount} replies were not as expected`)
}

function progress(): (tally: Tally) => void {
  let nextMs = performance.now() + progressEveryMs
  return (tally) => {
    if (performance.now() < nextMs) return
    nextMs = performance.now() + progressEveryMs
    complain(`${tally.calls} calls, ${tally.unexpectedCount} unexpected`)
  }
}

function number(text: string, field: keyof Options, least: number, most: number): number {
  if (/^\d{1,12}$/.test(text) && Number(text) >= least && Number(text) <= most) return Number(text)
  throw new Problem('OPTIONS', `${field} is not a whole number from ${least} to ${most}`, field)
}

function share(text: string): number {
  if (/^(?:0|1|0?\.\d+|1\.0+)$/.test(text)) return Number(text)
  throw new Problem('OPTIONS', 'faultShare is not a number from 0 to 1', 'faultShare')
}

function fault(name: string): Trait {
  const found = faultTraits.find((one) => one === name.toUpperCase())
  if (!found)
    throw new Problem(
      'OPTIONS',
      `faults has ${name}, which is not one of ${faultTraits.join(', ')}`,
      'faults',
    )
  return found
}

function baseUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text.replace(/\/+$/, '')
  throw new Problem('OPTIONS', `url ${text} is not like http://127.0.0.1:4000`, 'url')
}

function privateKey(path: string): KeyObject {
  const text = readText(path, 'key')
  try {
    return createPrivateKey(text)
  } catch {
    throw new Problem('FILE', `key ${path}: this is not a private key in PEM`, 'key')
  }
}
