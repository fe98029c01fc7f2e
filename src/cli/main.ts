// The command line: operators' and developers' tools around a running or resting Pitboss. It parses, calls a verb of
// the domain as the system, and prints. It has no rules of its own.
import type { Command } from 'commander'
import { reportFailure } from './failure.ts'
import { pitbossProgram } from './program.ts'

const program = pitbossProgram()
let running: Command = program
program.hook('preAction', (_, action) => {
  running = action
})

// A reader that has seen enough, such as `head`, is no mistake.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = reportFailure(error, running)
}
