import { Command } from 'commander'
import { readDatabaseConfig } from '../../config.ts'
import { exportSeals } from '../../domain/journal/seals/export-seals.ts'
import { asSystem } from '../command-context.ts'
import { print } from '../output.ts'

export const sealCommand = (): Command =>
  new Command('seal')
    .summary('export the seals of journal, ledger and audit')
    .description(
      'A running server seals what was written, in chains that are signed. Seals that lie elsewhere too are ' +
        'what nobody can rewrite who rules the database.',
    )
    .addCommand(exportCommand())

const exportCommand = (): Command =>
  new Command('export')
    .summary('append all new seals to the files of a folder')
    .description(
      'Writes a file of JSON lines for every chain and appends to it what is new, safely on disk before the ' +
        'command ends. May be run at any time, again and again; what a file holds is never rewritten.',
    )
    .requiredOption('--to <folder>', 'where the files are; made when absent')
    .addHelpText('after', '\nExample:\n  npm run pitboss -- seal export --to /mnt/elsewhere/seals')
    .action(async ({ to }: { readonly to: string }) => {
      const count = await asSystem(readDatabaseConfig(), (ctx) => exportSeals(ctx, to))
      print(count === 1 ? 'exported 1 seal' : `exported ${count} seals`)
    })
