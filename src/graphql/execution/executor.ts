// How operations are executed, over HTTP and WebSocket alike: along a plan that is made once per document. What the
// plans leave out (mutations, reading the schema, documents that cannot be executed) goes to graphql-js, which also
// says what is right: test/graphql/execution compares the two.
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type FragmentDefinitionNode,
  getOperationAST,
  getVariableValues,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  visit,
} from 'graphql'
import { NotPlanned, OperationPlan, type Variables } from './plan.ts'
import { Run } from './run.ts'

export type Execute = (args: Omit<ExecutionArgs, 'schema'>) => ExecutionResult | Promise<ExecutionResult>

/** Plans that one document may have: one for each way its directives can turn out. */
const plansMax = 16
/** A plan of more fields is used once: fragments within fragments make a long plan of a short document. */
const planSizeMax = 5000

/** `prepare` is called before each run along a plan. */
export function openExecutor(
  schema: GraphQLSchema,
  prepare: (plan: OperationPlan, context: unknown) => void = () => undefined,
): Execute {
  const known = new WeakMap<DocumentNode, PlannedDocument>()
  const documentOf = (document: DocumentNode) => {
    const found = known.get(document) ?? new PlannedDocument(schema, document)
    known.set(document, found)
    return found
  }
  return (args) => {
    const { document, rootValue, contextValue, operationName, variableValues } = args
    const operation = getOperationAST(document, operationName)
    const planned = documentOf(document)
    if (!operation || !planned.can(operation)) return execute({ ...args, schema })
    const definitions = operation.variableDefinitions ?? []
    const { coerced, errors } = getVariableValues(schema, definitions, variableValues ?? {}, {
      maxErrors: 50,
    })
    if (errors) return { errors }
    const plan = planned.planOf(operation, coerced)
    if (!plan) return execute({ ...args, schema })
    prepare(plan, contextValue)
    return new Run(plan, rootValue, contextValue, coerced).start()
  }
}

class PlannedDocument {
  readonly #schema: GraphQLSchema
  readonly #fragments: Record<string, FragmentDefinitionNode> = {}
  /** The variables that directives ask. */
  readonly #conditions = new Set<string>()
  readonly #plans = new Map<string, OperationPlan>()
  readonly #plain: boolean

  constructor(schema: GraphQLSchema, document: DocumentNode) {
    this.#schema = schema
    for (const one of document.definitions) {
      if (one.kind === Kind.FRAGMENT_DEFINITION) this.#fragments[one.name.value] = one
    }
    const names: string[] = []
    visit(document, {
      Field: ({ name, alias }) => void names.push(name.value, alias?.value ?? ''),
      Directive: ({ arguments: given }) => {
        for (const { value } of given ?? []) {
          if (value.kind === Kind.VARIABLE) this.#conditions.add(value.name.value)
        }
      },
    })
    // Assigned to an object, __proto__ would be its prototype.
    this.#plain = !names.some((name) => ['__schema', '__type', '__proto__'].includes(name))
  }

  can({ operation }: OperationDefinitionNode): boolean {
    return this.#plain && operation !== OperationTypeNode.MUTATION
  }

  planOf(operation: OperationDefinitionNode, variables: Variables): OperationPlan | undefined {
    const values = [...this.#conditions].map((name) => variables[name])
    const key = JSON.stringify([operation.name?.value, ...values])
    const known = this.#plans.get(key)
    if (known && known.size <= planSizeMax) return known
    const plan = this.#make(operation, variables)
    if (plan && (known || this.#plans.size < plansMax)) this.#plans.set(key, plan)
    return plan
  }

  #make(operation: OperationDefinitionNode, variables: Variables): OperationPlan | undefined {
    try {
      return new OperationPlan(this.#schema, operation, this.#fragments, variables)
    } catch (error) {
      if (error instanceof NotPlanned || error instanceof GraphQLError) return undefined
      throw error
    }
  }
}
