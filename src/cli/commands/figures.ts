import { Command } from 'commander'
import { readDatabaseConfig } from '../../config.ts'
import { type Errand, openErrand } from '../../db/errand.ts'
import { appRole } from '../../db/grants.ts'
import { compareFigures } from '../../domain/figures/compare.ts'
import { foldAll, type FoldProgress } from '../../domain/figures/fold.ts'
import { rebuildFigures } from '../../domain/figures/rebuild.ts'
import { Problem } from '../../lib/problem.ts'
import { complain, print } from '../output.ts'
import { reachMigrated } from '../reach-database.ts'

const tellEveryMs = 2000

export const figuresCommand = (): Command =>
  new Command('figures')
    .summary('count the figures of reports anew, or compare them with the ledger')
    .description(
      'Turnover, wins and the other figures of reports are added up from the journal by every running server, ' +
        'seconds behind the bets.',
    )
    .addCommand(rebuild())
    .addCommand(verify())

const rebuild = (): Command =>
  new Command('rebuild')
    .summary('forget the figures and count them anew')
    .description(
      'Forgets the figures and adds them up anew from the journal, as is needed when the time zone of a brand was ' +
        'changed. Days whose journal months were dropped stay as they are. Servers may run meanwhile; until it is ' +
        'done their reports lack what is not counted yet. Stopped, it is gone on with by the servers.',
    )
    .addHelpText('after', '\nExample:\n  npm run pitboss -- figures rebuild')
    .action(() =>
      onDatabase(async (errand) => {
        const { steps, rows, events } = await rebuildFigures(errand, {
          onStep: progress(),
          onForget: (parts) => complain(`forgetting the figures, in ${parts} parts`),
        })
        print(`counted ${events} of ${rows} events anew, in ${steps} steps`)
      }),
    )

const verify = (): Command =>
  new Command('verify')
    .summary('compare the figures with the ledger')
    .description(
      'Counts what is new, then compares the figures with the ledger and with each other in one statement, while ' +
        'bets go on. Changes nothing else. Exit code 1, and what differs, when they are not the same.',
    )
    .addHelpText('after', '\nExample:\n  npm run pitboss -- figures verify')
    .action(() =>
      onDatabase(async (errand) => {
        await foldAll(errand, { onStep: progress() })
        const differences = await compareFigures(errand)
        if (differences.length > 0) {
          throw new Problem('FIGURES_DIFFER', ['the figures are wrong:', ...differences].join('\n  '))
        }
        print('the figures are what the ledger says')
      }),
    )

async function onDatabase(work: (errand: Errand) => Promise<void>): Promise<void> {
  const reached = await reachMigrated(readDatabaseConfig())
  const errand = openErrand(reached.target, { role: appRole, applicationName: 'pitboss figures' })
  try {
    await work(errand)
  } finally {
    await errand.close()
    await reached.close()
  }
}

/** A line now and then, of what takes long. */
function progress(): (progress: FoldProgress) => void {
  let toldMs = performance.now()
  return ({ rows, events }) => {
    if (performance.now() - toldMs < tellEveryMs) return
    toldMs = performance.now()
    complain(`${rows} events read, ${events} counted`)
  }
}
