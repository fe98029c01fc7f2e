import { Command } from 'commander'
import { readDatabaseConfig } from '../../config.ts'
import { migrate } from '../../db/migrate.ts'
import { commandLog, print } from '../output.ts'
import { reachDatabase } from '../reach-database.ts'

export const migrateCommand = (): Command =>
  new Command('migrate')
    .summary('bring the database to the tables of this version')
    .description(
      'Applies the numbered files of drizzle/ that the database lacks, each once, in order. ' +
        'Safe to run at any time, by several at once too: one works, the others wait. ' +
        'The login role of DATABASE_URL must own the tables.',
    )
    .addHelpText(
      'after',
      '\nExample:\n  DATABASE_URL=postgres://owner:secret@db.example.com/pitboss npm run pitboss -- migrate',
    )
    .action(async () => {
      const reached = await reachDatabase(readDatabaseConfig())
      try {
        const done = await migrate({ target: reached.target, log: commandLog, now: new Date() })
        print(...done.map((name) => `applied ${name}`))
        print(done.length === 0 ? 'nothing to do: the database is up to date' : 'the database is up to date')
      } finally {
        await reached.close()
      }
    })
