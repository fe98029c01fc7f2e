// What a document may ask for, as validation rules: the same for HTTP and WebSocket. Fragments count as often as they
// are spread, and introspection is not counted: GraphiQL's own query is deeper than any that reads data should be.
import {
  type ASTVisitor,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
  type ValueNode,
} from 'graphql'
import { refused } from './errors.ts'
import { literalMistake } from './input-limits.ts'
import { limits } from './limit-values.ts'

/** The counts of a selection set with everything that is spread into it. */
interface Extent {
  readonly depth: number
  readonly aliases: number
  readonly directives: number
  /** All the way down. */
  readonly fields: number
  /** At the top alone. */
  readonly roots: number
}

const nothing: Extent = { depth: 0, aliases: 0, directives: 0, fields: 0, roots: 0 }

function limitsRule(context: ValidationContext): ASTVisitor {
  const fragments = new Map<string, Extent>()
  return {
    OperationDefinition(operation) {
      const extent = measure(context, operation.selectionSet, fragments)
      const directives = extent.directives + (operation.directives?.length ?? 0)
      const { depth, fields, aliases, roots } = extent
      report(context, operation, 'depth', depth, `is ${depth} fields deep`)
      report(context, operation, 'fields', fields, `has ${fields} fields`)
      report(context, operation, 'aliases', aliases, `has ${aliases} aliases`)
      report(context, operation, 'directives', directives, `has ${directives} directives`)
      if (operation.operation === OperationTypeNode.MUTATION) {
        report(context, operation, 'mutations', roots, `has ${roots} mutations`)
      }
    },
  }
}

/** Values that are written in the document. */
function valuesRule(context: ValidationContext): ASTVisitor {
  const check = (name: string, value: ValueNode | undefined) => {
    const cause = value && literalMistake(name, value)
    if (cause) context.reportError(new GraphQLError(cause.message, { nodes: value, originalError: cause }))
  }
  return {
    Argument: ({ name, value }) => check(name.value, value),
    VariableDefinition: ({ variable, defaultValue }) => check(variable.name.value, defaultValue),
  }
}

export const limitRules: readonly ValidationRule[] = [limitsRule, valuesRule]

function report(
  context: ValidationContext,
  operation: OperationDefinitionNode,
  limit: keyof typeof limits,
  found: number,
  what: string,
): void {
  const most = limits[limit]
  if (found <= most) return
  const cause = refused('LIMIT_EXCEEDED', `the operation ${what}; the limit is ${most}`, {
    limit,
    most,
    found,
  })
  context.reportError(new GraphQLError(cause.message, { nodes: operation, originalError: cause }))
}

function measure(context: ValidationContext, set: SelectionSetNode, fragments: Map<string, Extent>): Extent {
  let [depth, aliases, directives, fields, roots] = [0, 0, 0, 0, 0]
  for (const selection of set.selections) {
    directives += selection.directives?.length ?? 0
    const isField = selection.kind === Kind.FIELD
    if (isField && selection.name.value.startsWith('__')) continue
    const below = within(context, selection, fragments)
    depth = Math.max(depth, below.depth + (isField ? 1 : 0))
    aliases += below.aliases + (isField && selection.alias ? 1 : 0)
    directives += below.directives
    fields += below.fields + (isField ? 1 : 0)
    roots += isField ? 1 : below.roots
  }
  return { depth, aliases, directives, fields, roots }
}

function within(
  context: ValidationContext,
  selection: SelectionSetNode['selections'][number],
  fragments: Map<string, Extent>,
): Extent {
  if (selection.kind !== Kind.FRAGMENT_SPREAD) {
    return selection.selectionSet ? measure(context, selection.selectionSet, fragments) : nothing
  }
  const name = selection.name.value
  const known = fragments.get(name)
  const fragment: FragmentDefinitionNode | null | undefined = context.getFragment(name)
  if (known || !fragment) return known ?? nothing
  // A fragment within itself is an error of its own: here it only must not go round for ever.
  fragments.set(name, nothing)
  const extent = measure(context, fragment.selectionSet, fragments)
  fragments.set(name, extent)
  return extent
}
