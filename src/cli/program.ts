import { Command } from 'commander'
import { brandCommand } from './commands/brand.ts'
import { conformanceCommand } from './commands/conformance.ts'
import { documentsCommand } from './commands/documents.ts'
import { figuresCommand } from './commands/figures.ts'
import { gameCommand } from './commands/game.ts'
import { migrateCommand } from './commands/migrate.ts'
import { operatorCommand } from './commands/operator.ts'
import { providerCommand } from './commands/provider.ts'
import { reconcileCommand } from './commands/reconcile.ts'
import { retentionCommand } from './commands/retention.ts'
import { schemaCommand } from './commands/schema.ts'
import { sealCommand } from './commands/seal.ts'
import { seedCommand } from './commands/seed.ts'
import { simulateCommand } from './commands/simulate.ts'
import { tokenCommand } from './commands/token.ts'
import { verifyCommand } from './commands/verify.ts'

/** Everything that can be typed. */
export function pitbossProgram(): Command {
  const program = new Command('pitboss')
    .usage('<command> [options]')
    .description(
      'Pitboss, the betting-management back office.\n\n' +
        'Commands work on the database of DATABASE_URL. Without it they use the embedded one in .pitboss/ ' +
        '(or PITBOSS_DATA_DIR): the one that `npm start` is running, or else started just for the command.',
    )
    .helpOption('-h, --help', 'show this help')
    .showHelpAfterError('Add --help to see what there is.')
    .addHelpText('after', '\nExample:\n  npm run pitboss -- token create --role SUPPORT --brand demo')
  const commands = [
    migrateCommand(),
    seedCommand(),
    simulateCommand(),
    conformanceCommand(),
    brandCommand(),
    operatorCommand(),
    providerCommand(),
    gameCommand(),
    tokenCommand(),
    documentsCommand(),
    retentionCommand(),
    reconcileCommand(),
    figuresCommand(),
    verifyCommand(),
    sealCommand(),
    schemaCommand(),
  ]
  for (const command of commands) program.addCommand(command)
  settle(program)
  return program.helpCommand('help [command]', 'show what a command does')
}

/** Subcommands that are made apart do not take these over by themselves. */
function settle(command: Command): void {
  command.exitOverride().helpOption('-h, --help', 'show this help').helpCommand(false)
  for (const child of command.commands) {
    child.copyInheritedSettings(command)
    settle(child)
  }
}
