import { relative } from 'node:path'
import type { Role } from '../../domain/operators/permissions.ts'
import { demoAccounts } from './demo-data.ts'

export interface Greeting {
  readonly url: string
  readonly tokens: ReadonlyMap<Role, string>
  readonly startedInSeconds: number
  readonly dataDir: string
  readonly logPath: string
  readonly simulatorRate: number | undefined
  /** The first start on a folder. */
  readonly isNew: boolean
}

const folder = (path: string) => {
  const near = relative(process.cwd(), path)
  return near && !near.startsWith('..') ? near : path
}

/** What a person sees once everything runs. The token is in the fragment: browsers send that to no server. */
export function greeting(facts: Greeting): string[] {
  const { url, tokens, startedInSeconds, dataDir, logPath, simulatorRate, isNew } = facts
  const admin = tokens.get('ADMIN') ?? ''
  const play =
    simulatorRate === undefined
      ? 'off (DEMO_SIMULATOR)'
      : `about ${simulatorRate} signed calls a second, through ${demoAccounts.map(({ code }) => code).join(', ')}`
  return [
    '',
    `  Pitboss is running. It took ${startedInSeconds.toFixed(1)} s to start.`,
    '',
    `  GraphiQL    ${url}/graphiql#token=${admin}`,
    `  GraphQL     ${url}/graphql   (subscriptions: ${url.replace(/^http/, 'ws')}/graphql)`,
    `  Providers   ${url}/providers/<account code>/…`,
    `  Simulator   ${play}`,
    ...(isNew ? ['              (it begins once the demo’s players are registered, in some seconds)'] : []),
    `  Data        ${folder(dataDir)}   (delete it to start anew)`,
    `  Log         ${folder(logPath)}`,
    '',
    '  Development tokens: the same at every start, good for this demo only',
    ...[...tokens].map(([role, token]) => `    ${role.padEnd(14)} ${token}`),
    '',
    '  Press Ctrl-C to stop everything.',
    '',
  ]
}
