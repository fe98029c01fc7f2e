import { Command, Option } from 'commander'
import { readDatabaseConfig } from '../../config.ts'
import { createOperator } from '../../domain/operators/create-operator.ts'
import { type Role, roles } from '../../domain/operators/permissions.ts'
import { asSystem } from '../command-context.ts'
import { print } from '../output.ts'

interface Options {
  readonly login: string
  readonly name: string
  readonly role: Role
  readonly brand: readonly string[]
  readonly script?: true
}

export const operatorCommand = (): Command =>
  new Command('operator')
    .summary('add an operator')
    .description('Operators are the staff, and the scripts that act in their stead.')
    .addCommand(addCommand())

const addCommand = (): Command =>
  new Command('add')
    .summary('add an operator')
    .description('Adds an operator with one role in one or more brands. Then make a token: `token create`.')
    .requiredOption('--login <login>', 'the sign-in name; unique over all brands')
    .requiredOption('--name <name>', 'as people call them')
    .addOption(new Option('--role <role>', 'what they may do').choices(roles).makeOptionMandatory())
    .requiredOption('--brand <codes...>', 'the brands they work for')
    .option('--script', 'not a person but a program')
    .addHelpText(
      'after',
      '\nExample:\n  npm run pitboss -- operator add --login ana --name "Ana Borg" --role SUPPORT --brand demo nordic',
    )
    .action(async ({ login, name, role, brand, script }: Options) => {
      const kind = script ? 'SCRIPT' : 'STAFF'
      await asSystem(readDatabaseConfig(), (ctx) =>
        createOperator(ctx, { kind, login, name, role, brandCodes: brand }),
      )
      print(`added the operator ${login}`)
    })
