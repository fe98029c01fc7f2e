import { Command, Option } from 'commander'
import { readDatabaseConfig } from '../../config.ts'
import { createToken } from '../../domain/operators/create-token.ts'
import { allOperators, tokensByOperators } from '../../domain/operators/queries.ts'
import { type Permission, permissions, type Role, roles } from '../../domain/operators/permissions.ts'
import { revokeToken } from '../../domain/operators/revoke-token.ts'
import { Problem } from '../../lib/problem.ts'
import { isUuid } from '../../lib/uuid.ts'
import { asSystem } from '../command-context.ts'
import { ensureScript } from '../ensure-script.ts'
import { print, printTable } from '../output.ts'

interface CreateOptions {
  readonly operator?: string
  readonly role?: Role
  readonly brand?: readonly string[]
  readonly name: string
  readonly days: string
  readonly permission?: readonly Permission[]
}

const dayMs = 86_400_000
const daysMax = 400

export const tokenCommand = (): Command =>
  new Command('token')
    .summary('make, list and revoke API tokens')
    .usage('[create] [options] | list | revoke <id>')
    .description('API tokens let programs and people in. Only their hashes are kept: a token is shown once.')
    .addHelpText('after', '\nExample:\n  TOKEN=$(npm run -s pitboss -- token --role SUPPORT --brand demo)')
    .addCommand(createCommand(), { isDefault: true })
    .addCommand(listCommand())
    .addCommand(revokeCommand())

const createCommand = (): Command =>
  new Command('create')
    .summary('make a token and print it, and nothing else')
    .description(
      'Makes a token and prints just the token. It belongs to the operator named by --operator; with --role and ' +
        '--brand instead, to a script operator of that role, which is added when there is none.',
    )
    .option('--operator <login>', 'whose token it is')
    .addOption(new Option('--role <role>', 'of the script that the token is for').choices(roles))
    .option('--brand <codes...>', "the brands it is for; with --operator fewer than the operator's")
    .option('--name <name>', 'what it is for', 'made on the command line')
    .option('--days <count>', 'how long it is good for: 1 to 400 days', '90')
    .addOption(new Option('--permission <names...>', 'only these of its role').choices(permissions))
    .addHelpText(
      'after',
      '\nExamples:\n  npm run -s pitboss -- token create --role SUPPORT --brand demo\n' +
        '  npm run -s pitboss -- token create --operator ana --days 30 --permission BETS_READ PLAYERS_READ',
    )
    .action(async (options: CreateOptions) => {
      const { operator, role, brand, name, permission } = options
      if ((operator === undefined) === (role === undefined)) {
        throw new Problem('OPTIONS', 'give either --operator, or --role and --brand')
      }
      if (role && !brand) throw new Problem('OPTIONS', '--brand is missing: which brands the role is for')
      if (!/^[1-9]\d{0,2}$/.test(options.days) || Number(options.days) > daysMax)
        throw new Problem('OPTIONS', 'days is not 1 to 400', 'days')
      const token = await asSystem(readDatabaseConfig(), async (ctx) => {
        const login = operator ?? (await ensureScript(ctx, role ?? 'SERVICE', brand ?? []))
        const made = await createToken(ctx, {
          login,
          name,
          expiresAt: new Date(ctx.clock.now().getTime() + Number(options.days) * dayMs),
          ...(permission ? { permissions: permission } : {}),
          ...(operator && brand ? { brandCodes: brand } : {}),
        })
        return made.token
      })
      print(token)
    })

const listCommand = (): Command =>
  new Command('list')
    .summary('list the tokens, without what they open')
    .description('Lists all tokens: id, operator, role, name, when they were last used, when they end.')
    .addHelpText('after', '\nExample:\n  npm run pitboss -- token list')
    .action(async () => {
      const rows = await asSystem(readDatabaseConfig(), async (ctx) => {
        const operators = await allOperators(ctx)
        const tokens = await tokensByOperators(
          ctx,
          operators.map(({ id }) => id),
        )
        return operators.flatMap(({ id, login, role }) =>
          (tokens.get(id) ?? []).map((token) => {
            const end = token.revokedAt ? `revoked ${day(token.revokedAt)}` : day(token.expiresAt)
            const used = token.lastUsedAt ? day(token.lastUsedAt) : 'never'
            return [token.id, login, role, token.name, used, end]
          }),
        )
      })
      printTable(['ID', 'OPERATOR', 'ROLE', 'NAME', 'LAST USED', 'ENDS'], rows)
    })

const day = (at: Date) => at.toISOString().slice(0, 10)

const revokeCommand = (): Command =>
  new Command('revoke')
    .summary('end a token at once')
    .description('Ends a token: within a second no process takes it any more, and its sockets are closed.')
    .argument('<id>', 'its id, as `token list` shows it')
    .addHelpText(
      'after',
      '\nExample:\n  npm run pitboss -- token revoke 0198c1e2-7f3a-7b1c-9d20-1f4c5a6b7c8d',
    )
    .action(async (id: string) => {
      if (!isUuid(id)) throw new Problem('OPTIONS', `${id} is not an id as \`token list\` shows it`)
      await asSystem(readDatabaseConfig(), (ctx) => revokeToken(ctx, id))
      print(`revoked ${id}`)
    })
