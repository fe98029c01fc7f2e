import { Command, Option } from 'commander'
import { readDatabaseConfig } from '../../config.ts'
import { addAccount } from '../../domain/providers/add-account.ts'
import { dialects } from '../../integrations/registry.ts'
import { asSystem } from '../command-context.ts'
import { dialectKnowledge } from '../dialect-knowledge.ts'
import { print } from '../output.ts'
import { readText } from '../read-text.ts'

interface Options {
  readonly brand: string
  readonly provider: string
  readonly providerName?: string
  readonly code: string
  readonly dialect: string
  readonly publicKey: readonly string[]
}

export const providerCommand = (): Command =>
  new Command('provider')
    .summary("add a provider's account with a brand")
    .description('Providers supply games; an account is the integration of one provider with one brand.')
    .addCommand(addCommand())

const addCommand = (): Command =>
  new Command('add')
    .summary("add a provider's account with a brand")
    .description(
      'Adds a provider account, and the provider itself when it is new. The provider then calls ' +
        'POST /providers/<code>/… , signed with the private key that belongs to the public key given here.',
    )
    .requiredOption('--brand <code>', 'the brand it is for')
    .requiredOption('--provider <code>', 'the provider; added when there is none of that code')
    .option('--provider-name <name>', 'the name of a new provider; its code when absent')
    .requiredOption('--code <code>', "the account's code; stands in the callback URL, stays for ever")
    .addOption(
      new Option('--dialect <dialect>', 'what the provider speaks')
        .choices([...dialects.keys()])
        .makeOptionMandatory(),
    )
    .requiredOption('--public-key <files...>', 'PEM files of its RSA public keys; two while a key is rotated')
    .addHelpText(
      'after',
      '\nExample:\n  npm run pitboss -- provider add --brand demo --provider acme --provider-name "Acme Games" \\\n' +
        '    --code demo-acme --dialect hub88 --public-key acme.pub.pem',
    )
    .action(async ({ brand, provider, providerName, code, dialect, publicKey }: Options) => {
      const input = {
        brandCode: brand,
        provider: { code: provider, name: providerName ?? provider },
        code,
        dialect,
        publicKeys: publicKey.map((path) => readText(path, 'publicKey')),
      }
      await asSystem(readDatabaseConfig(), (ctx) => addAccount(ctx, input, dialectKnowledge))
      print(`added the provider account ${code}: its calls go to /providers/${code}/…`)
    })
