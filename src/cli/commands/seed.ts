import { Command } from 'commander'
import { readDatabaseConfig } from '../../config.ts'
import { layHouse, layPlayers } from '../demo/lay-demo.ts'
import { demoKeys } from '../demo/keys.ts'
import { asSystem } from '../command-context.ts'
import { print } from '../output.ts'

export const seedCommand = (): Command =>
  new Command('seed')
    .summary('lay down the demo: two brands with providers, games and players')
    .description(
      'Lays the demo down: the brands "demo" and "nordic", two providers with an account at each, games, ' +
        'players with money, and one operator of each role. What is there already stays as it is. ' +
        'The private keys of the demo providers are written to a folder: `simulate --key` takes one of them.',
    )
    .option('--keys <folder>', 'where the private keys are, or are put', 'demo-keys')
    .addHelpText(
      'after',
      '\nExample:\n  npm run pitboss -- seed --keys /tmp/keys\n' +
        '  export PITBOSS_API_TOKEN=$(npm run -s pitboss -- token --role SERVICE --brand demo)\n' +
        '  npm run pitboss -- simulate --provider demo-spinwell --key /tmp/keys/demo-spinwell.pem',
    )
    .action(async (options: { keys: string }) => {
      const laid = await asSystem(readDatabaseConfig(), async (ctx, submit) => {
        const house = await layHouse(ctx, demoKeys(options.keys))
        return (await layPlayers(ctx, submit)) || house
      })
      print(laid ? 'the demo is laid down' : 'nothing to do: the demo is there already')
    })
