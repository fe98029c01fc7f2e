import { Command, Option } from 'commander'
import { readDatabaseConfig, readSecretConfig } from '../../config.ts'
import { addAccount } from '../../domain/providers/add-account.ts'
import { dialects } from '../../integrations/registry.ts'
import { assert } from '../../lib/problem.ts'
import { asSystem } from '../command-context.ts'
import { demoSecret, demoServerSecret } from '../demo/secret.ts'
import { dialectKnowledge } from '../dialect-knowledge.ts'
import { print } from '../output.ts'
import { readText } from '../read-text.ts'

interface Options {
  readonly brand: string
  readonly provider: string
  readonly providerName?: string
  readonly code: string
  readonly dialect: string
  readonly publicKey?: readonly string[]
  readonly sharedSecretFile?: readonly string[]
  readonly freeWinsTo: 'cash' | 'bonus'
  readonly stuckAfter: string
  readonly engineUrl?: string
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
        '/providers/<code>/… , signed as its dialect says: with the private key that belongs to the public key ' +
        "given here, or with a secret shared with it. The database holds that secret sealed with the server's own: " +
        'with DATABASE_URL, PITBOSS_SECRET or PITBOSS_SECRET_FILE must be the one of the servers.',
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
    .option('--public-key <files...>', 'PEM files of its RSA public keys; two while a key is rotated')
    .option('--shared-secret-file <files...>', 'files with a secret each; two while a secret is rotated')
    .addOption(
      new Option('--free-wins-to <account>', 'the account of the wallet that wins of free bets are paid to')
        .choices(['cash', 'bonus'])
        .default('cash'),
    )
    .option('--stuck-after <minutes>', 'a round that is open for longer is stuck', '1440')
    .option('--engine-url <url>', "the provider's game engine, for dialects that call one")
    .addHelpText(
      'after',
      '\nExample:\n  npm run pitboss -- provider add --brand demo --provider acme --provider-name "Acme Games" \\\n' +
        '    --code demo-acme --dialect hub88 --public-key acme.pub.pem',
    )
    .action(add)

async function add(options: Options): Promise<void> {
  const { brand, provider, providerName, code, dialect, engineUrl } = options
  const publicKeys = options.publicKey?.map((path) => readText(path, 'publicKey'))
  const sharedSecrets = options.sharedSecretFile?.map((path) => lineOf(readText(path, 'sharedSecretFile')))
  const input = {
    brandCode: brand,
    provider: { code: provider, name: providerName ?? provider },
    code,
    dialect,
    freeWinsTo: options.freeWinsTo === 'bonus' ? ('BONUS' as const) : ('CASH' as const),
    stuckAfterMinutes: Number(options.stuckAfter),
    ...(publicKeys ? { publicKeys } : {}),
    ...(sharedSecrets ? { sharedSecrets } : {}),
    ...(engineUrl ? { engineUrl } : {}),
  }
  const serverSecret = sharedSecrets && readServerSecret()
  await asSystem(readDatabaseConfig(), (ctx) => addAccount(ctx, input, dialectKnowledge, serverSecret))
  print(`added the provider account ${code}: its calls go to /providers/${code}/…`)
}

/** Editors end a file with a line break, which is no part of a secret. */
const lineOf = (text: string) => text.replace(/\r?\n$/, '')

/** The secret of the servers on this database. */
function readServerSecret(): Buffer {
  const { database, secret } = readSecretConfig()
  if (secret) return secret
  assert(database.kind === 'EMBEDDED', 'a server of the operator has a secret')
  return demoServerSecret(demoSecret(database.dataDir))
}
