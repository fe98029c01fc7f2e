import { exec } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { Command, CommanderError, Option } from 'commander'
import { arrangeWorld } from '../../conformance/arrange.ts'
import { kitDialects } from '../../conformance/dialects/registry.ts'
import { runKit } from '../../conformance/kit.ts'
import { jsonReport, type Run } from '../../conformance/report/json.ts'
import { junitReport } from '../../conformance/report/junit.ts'
import { heading, linesOf, summaryOf } from '../../conformance/report/text.ts'
import { selection } from '../../conformance/selection.ts'
import { checkWorld, readWorldFile, type World, worldOf } from '../../conformance/world.ts'
import { Problem } from '../../lib/problem.ts'
import { checkWritable } from '../check-writable.ts'
import { reportFailure } from '../failure.ts'
import { print } from '../output.ts'
import { readText } from '../read-text.ts'

interface Options {
  readonly dialect: string
  readonly url: string
  readonly key: string
  readonly world?: string
  readonly main?: string
  readonly second?: string
  readonly currency?: string
  readonly game?: string
  readonly arrange?: string
  readonly apiToken?: string
  readonly apiTokenFile?: string
  readonly crash?: string
  readonly only?: string
  readonly timeout: string
  readonly json?: string
  readonly junit?: string
}

const keyKinds = [...kitDialects.values()].map(({ name, keyIs }) => `${name}: ${keyIs}`).join('; ')

export const conformanceCommand = (): Command =>
  new Command('conformance')
    .summary('try any wallet as its provider would: duplicates, races, forgeries, lost replies')
    .description(
      'Sends the calls of 36 scenarios to a wallet at any URL, this one or another, and prints for each whether ' +
        'the wallet answered and moved money as the public protocol asks. Money is judged by the balances that the ' +
        'wallet itself tells. Exits with 0 when nothing failed, 1 when something did, 2 when it could not be tried.',
    )
    .addOption(
      new Option('--dialect <dialect>', 'what the wallet speaks')
        .choices([...kitDialects.keys()])
        .makeOptionMandatory(),
    )
    .requiredOption('--url <url>', "the wallet's URL, up to where the dialect's paths begin")
    .requiredOption('--key <file>', `what the provider signs with (${keyKinds})`)
    .option('--world <file>', 'the players to play with, as JSON; see "Conformance" in README')
    .option('--main <user:token>', 'instead of a world: a player with funds, and the token of a session')
    .option('--second <user:token>', 'another player, beside --main')
    .option('--currency <code>', 'the currency of --main and --second')
    .option('--game <code>', 'the game of --main and --second')
    .option('--arrange <url>', "instead of a world: a Pitboss's GraphQL URL, where players are made now")
    .option('--api-token-file <file>', 'where a token of the role SERVICE is, for --arrange')
    .addOption(
      new Option(
        '--api-token <token>',
        'the token itself: as an option it can be seen by whoever lists processes, in the variable it cannot',
      ).env('PITBOSS_API_TOKEN'),
    )
    .option('--crash <command>', 'for scenario 28: a shell command that kills the wallet and starts it again')
    .option('--only <numbers>', 'only these scenarios, such as 1-4,23')
    .option('--timeout <ms>', 'how long an answer may take', '5000')
    .option('--json <file>', 'write everything that was seen as JSON')
    .option('--junit <file>', 'write the verdicts as JUnit XML')
    .addHelpText(
      'after',
      '\nExample, beside a running `npm start`:\n' +
        '  export PITBOSS_API_TOKEN=$(npm run -s pitboss -- token --role SERVICE --brand demo)\n' +
        '  npm run pitboss -- conformance --dialect hub88 --url http://127.0.0.1:4000/providers/demo-spinwell \\\n' +
        '    --key .pitboss/keys/demo-spinwell.pem --arrange http://127.0.0.1:4000/graphql',
    )
    .action(run)

async function run(options: Options, command: Command): Promise<void> {
  const conforms = await tryWallet(options).catch((error: unknown) => {
    if (!(error instanceof Problem)) throw error
    reportFailure(error, command)
    throw new CommanderError(2, error.code, error.message)
  })
  if (!conforms) throw new Problem('NONCONFORMING', 'the wallet does not do what the protocol asks')
}

/** Whether nothing failed. */
async function tryWallet(options: Options): Promise<boolean> {
  const { dialect: name, url, json, junit } = options
  const dialect = kitDialects.get(name)
  if (!dialect) throw new Problem('OPTIONS', `dialect ${name} is not known`, 'dialect')
  checkUrl(url, 'url')
  checkWritable(json, 'json')
  checkWritable(junit, 'junit')
  const timeoutMs = milliseconds(options.timeout)
  const only = options.only === undefined ? {} : { only: selection(options.only) }
  const key = readText(options.key, 'key')
  const startedAt = new Date().toISOString()
  const world = await worldFor(options, timeoutMs)
  let begun = false
  const rows = await runKit({
    dialect,
    url,
    key,
    world,
    timeoutMs,
    ...only,
    onRow(row) {
      if (!begun) print(heading)
      begun = true
      print(...linesOf(row))
    },
  })
  const result: Run = { dialect: name, url, startedAt, rows }
  if (json) writeFileSync(json, jsonReport(result))
  if (junit) writeFileSync(junit, junitReport(result))
  print(summaryOf(rows))
  return rows.every(({ verdict }) => verdict !== 'FAIL')
}

async function worldFor(options: Options, timeoutMs: number): Promise<World> {
  const { world, main, arrange, crash } = options
  if ([world, main, arrange].filter(Boolean).length !== 1) {
    throw new Problem('OPTIONS', 'give one of --world, --main and --arrange: whom to play with')
  }
  const found = arrange
    ? await arranged(options, arrange, timeoutMs)
    : worldOf(world ? readWorldFile(readText(world, 'world')) : worldOfOptions(options), shell)
  return crash ? { ...found, crash: () => shell(crash) } : found
}

function arranged(options: Options, arrange: string, timeoutMs: number): Promise<World> {
  const { url, apiTokenFile: file } = options
  const token = file === undefined ? options.apiToken : readText(file, 'apiTokenFile').trim()
  if (!token) throw new Problem('OPTIONS', 'apiToken is missing: --arrange needs it', 'apiToken')
  checkUrl(arrange, 'arrange')
  const accountCode = decodeURIComponent(new URL(url).pathname.replace(/\/+$/, '').split('/').at(-1) ?? '')
  const run = Date.now().toString(36)
  return arrangeWorld({ url: arrange, token, accountCode, run, timeoutMs })
}

const worldOfOptions = ({ main = '', second, currency, game }: Options) =>
  checkWorld({
    currency,
    game,
    players: {
      main: playerOf(main, 'main'),
      ...(second === undefined ? {} : { second: playerOf(second, 'second') }),
    },
  })

function playerOf(text: string, field: keyof Options): { user: string; token: string } {
  const [, user, token] = /^([^:]+):(.+)$/.exec(text) ?? []
  if (user && token) return { user, token }
  throw new Problem('OPTIONS', `${field} is not like player-7:token`, field)
}

async function shell(command: string): Promise<void> {
  await promisify(exec)(command).catch((error: { code?: number; stderr?: string }) => {
    const said = error.stderr?.trim().split('\n').at(-1) ?? ''
    throw new Problem('COMMAND', `\`${command}\` ended with ${error.code ?? 'a signal'}: ${said}`)
  })
}

function checkUrl(text: string, field: keyof Options): void {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return
  throw new Problem('OPTIONS', `${field} ${text} is not like http://127.0.0.1:4000/providers/acme`, field)
}

function milliseconds(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text)
  throw new Problem('OPTIONS', 'timeout is not a whole number of milliseconds from 1', 'timeout')
}
