import { Command, Option } from 'commander'
import { readDatabaseConfig, readSecretConfig } from '../../config.ts'
import { addAccount } from '../../domain/providers/add-account.ts'
import { replaceKeys } from '../../domain/providers/replace-keys.ts'
import { dialects } from '../../integrations/registry.ts'
import { assert } from '../../lib/problem.ts'
import { asSystem } from '../command-context.ts'
import { demoSecret, demoServerSecret } from '../demo/secret.ts'
import { dialectKnowledge } from '../dialect-knowledge.ts'
import { print } from '../output.ts'
import { readText } from '../read-text.ts'

interface KeyOptions {
  readonly publicKey?: readonly string[]
  readonly sharedSecretFile?: readonly string[]
}

interface Options extends KeyOptions {
  readonly brand: string
  readonly provider: string
  readonly providerName?: string
  readonly code: string
  readonly dialect: string
  readonly freeWinsTo: 'cash' | 'bonus'
  readonly stuckAfter: string
  readonly engineUrl?: string
}

export const providerCommand = (): Command =>
  new Command('provider')
    .summary("add a provider's account with a brand, or change its keys")
    .description('Providers supply games; an account is the integration of one provider with one brand.')
    .addCommand(addCommand())
    .addCommand(keysCommand())

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
    .option(
      '--engine-url <url>',
      "where the provider's game engine listens; needed by --dialect engine, and by no other",
    )
    .addHelpText(
      'after',
      '\nExample:\n  npm run pitboss -- provider add --brand demo --provider acme --provider-name "Acme Games" \\\n' +
        '    --code demo-acme --dialect hub88 --public-key acme.pub.pem',
    )
    .action(add)

const keysCommand = (): Command =>
  new Command('keys')
    .summary('change what the calls of a provider account are verified with')
    .description(
      'Replaces the keys or secrets of a provider account by those given here: first the old and the new one, ' +
        'so that calls signed with either are taken, then the new one alone once the provider has changed over. ' +
        'Servers take it within half a minute. The same command seals a shared secret anew after the secret of the ' +
        'servers was changed.',
    )
    .requiredOption('--code <code>', "the account's code")
    .option('--public-key <files...>', 'PEM files of its RSA public keys')
    .option('--shared-secret-file <files...>', 'files with a secret each')
    .addHelpText(
      'after',
      '\nExample:\n  npm run pitboss -- provider keys --code demo-acme --public-key acme.pub.pem new.pub.pem',
    )
    .action(replace)

async function replace(options: KeyOptions & { readonly code: string }): Promise<void> {
  const { keys, serverSecret } = keysOf(options)
  const input = { code: options.code, ...keys }
  await asSystem(readDatabaseConfig(), (ctx) => replaceKeys(ctx, input, dialectKnowledge, serverSecret))
  print(`replaced the keys of the provider account ${options.code}`)
}

/** The keys in the files, and the servers' secret when it is needed. */
function keysOf({ publicKey, sharedSecretFile }: KeyOptions) {
  const publicKeys = publicKey?.map((path) => readText(path, 'publicKey'))
  const sharedSecrets = sharedSecretFile?.map((path) => lineOf(readText(path, 'sharedSecretFile')))
  return {
    keys: { ...(publicKeys ? { publicKeys } : {}), ...(sharedSecrets ? { sharedSecrets } : {}) },
    serverSecret: sharedSecrets && readServerSecret(),
  }
}

async function add(options: Options): Promise<void> {
  const { brand, provider, providerName, code, dialect, engineUrl } = options
  const { keys, serverSecret } = keysOf(options)
  const input = {
    brandCode: brand,
    provider: { code: provider, name: providerName ?? provider },
    code,
    dialect,
    freeWinsTo: options.freeWinsTo === 'bonus' ? ('BONUS' as const) : ('CASH' as const),
    stuckAfterMinutes: Number(options.stuckAfter),
    ...keys,
    ...(engineUrl ? { engineUrl } : {}),
  }
  await asSystem(readDatabaseConfig(), (ctx) => addAccount(ctx, input, dialectKnowledge, serverSecret))
  const traffic = engineUrl ? `its bets go to ${engineUrl}` : `its calls go to /providers/${code}/…`
  print(`added the provider account ${code}: ${traffic}`)
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
