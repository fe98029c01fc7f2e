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
import { type ErrorCode, type ErrorPresenter, refused } from './errors.ts'
import { type Execute, openExecutor } from './execution/executor.ts'
import { limitRules, parseOptions, validationOptions } from './limits.ts'
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

export function openPipeline(schema: GraphQLSchema, errors: ErrorPresenter): Pipeline {
  const documents = new Map<string, DocumentNode>()
  const execute = openExecutor(schema)

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
      try {
        checkOperation(document, operation, ctx, 'SOCKET')
      } catch (error) {
        if (error instanceof GraphQLError) return [error]
        throw error
      }
      const { operationName, variables: variableValues } = request
      return {
        schema,
        document,
        contextValue: ctx,
        operationName: operationName ?? null,
        variableValues: variableValues ?? {},
      }
    },
    execute: async (args) => execute(args),
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
