import { type Command, CommanderError, type Option } from 'commander'
import { explainFailure } from '../db/explain-failure.ts'
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
  const reason = explainFailure(error)
  complain(
    reason ? `error: ${reason}` : error instanceof Error ? (error.stack ?? error.message) : String(error),
  )
  return 1
}

/** The field at fault by the name of its option. */
function naming({ message, field }: Problem, command: Command): string {
  const option = field && optionOf(field, command)
  if (!field || !option) return message
  const flag = option.long ?? option.flags
  return message.startsWith(`${field} `) ? flag + message.slice(field.length) : `${flag}: ${message}`
}

/** Fields say more than options do: --cooling-off gives coolingOffHours, --shared-secret-file sharedSecrets. */
const optionOf = (field: string, { options }: Command): Option | undefined =>
  options.find((one) => one.attributeName() === field) ??
  options.find((one) => field.startsWith(one.attributeName().replace(/File$/, '')))
