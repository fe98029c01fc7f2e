// The WebSocket half of the pipeline: the same limits, access and errors as Apollo gives to HTTP, whose plugins do
// not run here. It knows operations, not sockets.
import {
  type DocumentNode,
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  parse,
  specifiedRules,
  validate,
} from 'graphql'
import { type GraphContext, renewGraphContext } from './context.ts'
import type { Charge, Costs } from './costs.ts'
import { type ErrorCode, type ErrorPresenter, refused } from './errors.ts'
import { chooseColumns } from './choose-columns.ts'
import { type Execute, openExecutor } from './execution/executor.ts'
import { parseOptions, validationOptions } from './limit-values.ts'
import { limitRules } from './limits.ts'
import { checkOperation, operationOf } from './operation.ts'

export interface OperationRequest {
  readonly query: string
  readonly operationName?: string | null | undefined
  readonly variables?: Record<string, unknown> | null | undefined
}

/** Which stage of the operation found an error: the code that it gets. */
const stages = new WeakMap<GraphQLError, ErrorCode>()

const inStage = (stage: ErrorCode, errors: readonly GraphQLError[]): readonly GraphQLError[] => {
  for (const error of errors) stages.set(error, stage)
  return errors
}

export interface Pipeline {
  /** Parses, validates and checks; errors when the operation is not to be run. */
  prepare(request: OperationRequest, ctx: GraphContext): ExecutionArgs | readonly GraphQLError[]
  execute(args: ExecutionArgs): Promise<ExecutionResult>
  /** Each event is executed with loaders of its own. */
  subscribe(args: ExecutionArgs): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult>
  presentResult(result: ExecutionResult, requestId: string): FormattedExecutionResult
  presentErrors(errors: readonly GraphQLError[], requestId: string): GraphQLFormattedError[]
}

const documentsMax = 1000

export interface PipelineOptions {
  readonly schema: GraphQLSchema
  readonly errors: ErrorPresenter
  readonly costs: Costs
}

export function openPipeline({ schema, errors, costs }: PipelineOptions): Pipeline {
  const documents = new Map<string, DocumentNode>()
  const execute = openExecutor(schema, chooseColumns)
  /** Of queries and mutations, until they are answered. Subscriptions are charged once and get nothing back. */
  const charges = new WeakMap<ExecutionArgs, Charge>()

  function documentOf(query: string): DocumentNode | readonly GraphQLError[] {
    const known = documents.get(query)
    if (known) return known
    const found = read(schema, query)
    if ('kind' in found) {
      const [oldest] = documents.keys()
      if (documents.size >= documentsMax && oldest !== undefined) documents.delete(oldest)
      documents.set(query, found)
    }
    return found
  }

  const presentErrors = (found: readonly GraphQLError[], requestId: string) =>
    found.map((error) => {
      errors.note(error, requestId)
      return errors.present(error, stages.get(error))
    })

  return {
    prepare(request, ctx) {
      const document = documentOf(request.query)
      if (!('kind' in document)) return document
      const operation = operationOf(document, request.operationName)
      if (!operation) return [refused('OPERATION_RESOLUTION_FAILURE', unresolved(request))]
      const { operationName = null, variables } = request
      const variableValues = variables ?? {}
      const args = { schema, document, contextValue: ctx, operationName, variableValues }
      try {
        checkOperation(document, operation, ctx, { transport: 'SOCKET', variables })
        const { tokenId } = ctx.viewer
        charges.set(args, costs.charge({ tokenId, document, operation, variables }))
      } catch (error) {
        if (error instanceof GraphQLError) return [error]
        throw error
      }
      return args
    },
    async execute(args) {
      const result = await execute(args)
      const charge = charges.get(args)
      return charge ? { ...result, extensions: { cost: charge.settle(result.data) } } : result
    },
    subscribe: (args) => subscribe(execute, args),
    presentErrors,
    presentResult({ errors: found, ...rest }, requestId) {
      return found ? { ...rest, errors: presentErrors(found, requestId) } : rest
    },
  }
}

const unresolved = ({ operationName }: OperationRequest) =>
  operationName
    ? `Unknown operation named "${operationName}".`
    : 'Must provide operation name if query contains multiple operations.'

function read(schema: GraphQLSchema, query: string): DocumentNode | readonly GraphQLError[] {
  let document: DocumentNode
  try {
    document = parse(query, parseOptions)
  } catch (error) {
    if (error instanceof GraphQLError) return inStage('GRAPHQL_PARSE_FAILED', [error])
    throw error
  }
  const rules = [...specifiedRules, ...limitRules]
  const found = validate(schema, document, rules, validationOptions)
  if (found.length === 0) return document
  return inStage('GRAPHQL_VALIDATION_FAILED', found)
}

async function subscribe(
  execute: Execute,
  args: ExecutionArgs,
): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
  const source = await createSourceEventStream(args)
  if (!(Symbol.asyncIterator in source)) return source
  const events = source[Symbol.asyncIterator]()
  const ctx = args.contextValue as GraphContext
  const results: AsyncIterableIterator<ExecutionResult> = {
    async next() {
      const { value, done } = await events.next()
      if (done) return { value: undefined, done: true }
      const result = await execute({ ...args, rootValue: value, contextValue: renewGraphContext(ctx) })
      return { value: result, done: false }
    },
    async return() {
      await events.return?.()
      return { value: undefined, done: true }
    },
    [Symbol.asyncIterator]: () => results,
  }
  return results
}
