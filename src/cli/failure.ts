import { type Command, CommanderError } from 'commander'
import { Problem } from '../lib/problem.ts'
import { complain } from './output.ts'

/** Tells what went wrong and returns the exit code: 2 for a wrong command line, 1 for everything else. */
export function reportFailure(error: unknown, command: Command): number {
  // Commander has told it already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof Problem) {
    complain(`error: ${naming(error, command)}`)
    return 1
  }
  complain(error instanceof Error ? (explained(error) ?? error.stack ?? error.message) : String(error))
  return 1
}

/** The field at fault by the name of its option. */
function naming({ message, field }: Problem, command: Command): string {
  const option = command.options.find((one) => one.attributeName() === field)
  if (!field || !option) return message
  const flag = option.long ?? option.flags
  return message.startsWith(`${field} `) ? flag + message.slice(field.length) : `${flag}: ${message}`
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the database is not reachable: nothing listens there',
  ENOTFOUND: 'the database is not reachable: its host name is unknown',
  CONNECT_TIMEOUT: 'the database is not reachable: it does not answer',
  '28P01': 'the database refuses the password of DATABASE_URL',
  '28000': 'the database refuses the login of DATABASE_URL',
  '3D000': 'there is no such database: create it first',
}

function explained(error: Error): string | undefined {
  const code = 'code' in error ? String(error.code) : ''
  const reason = reasons[code]
  return reason && `error: ${reason}`
}
