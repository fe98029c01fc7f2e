import { Command } from 'commander'
import { readDatabaseConfig } from '../../config.ts'
import { addBrand, type NewBrand } from '../../domain/brands/add-brand.ts'
import { asSystem } from '../command-context.ts'
import { print } from '../output.ts'

export const brandCommand = (): Command =>
  new Command('brand').summary('add a brand').description('Brands are tenants.').addCommand(addCommand())

const addCommand = (): Command =>
  new Command('add')
    .summary('add a brand')
    .description('Adds a brand: a tenant with players, operators and provider accounts of its own.')
    .requiredOption('--code <code>', 'small letters, digits and hyphens; stays for ever')
    .requiredOption('--name <name>', 'as people call it')
    .requiredOption('--time-zone <zone>', 'IANA name; its days begin at midnight there')
    .requiredOption('--currency <code>', 'the currency of its reports')
    .option('--cooling-off <hours>', 'how long a higher limit of a player waits', '24')
    .addHelpText(
      'after',
      '\nExample:\n  npm run pitboss -- brand add --code riviera --name "Riviera Play" ' +
        '--time-zone Europe/Paris --currency EUR',
    )
    .action(async ({ coolingOff, ...options }: NewBrand & { readonly coolingOff: string }) => {
      const brand = { ...options, coolingOffHours: Number(coolingOff) }
      await asSystem(readDatabaseConfig(), (ctx) => addBrand(ctx, brand))
      print(`added the brand ${options.code}`)
    })
