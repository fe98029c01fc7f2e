import {
  ApolloServer,
  type ApolloServerOptionsWithGateway,
  type ApolloServerPlugin,
  type GraphQLRequestListener,
  HeaderMap,
} from '@apollo/server'
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled'
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled'
import type { ExecutionResult, GraphQLSchema } from 'graphql'
import type { Log } from '../lib/log.ts'
import { assert } from '../lib/problem.ts'
import type { GraphContext } from './context.ts'
import type { Charge, Costs } from './costs.ts'
import type { ErrorPresenter } from './errors.ts'
import { chooseColumns } from './choose-columns.ts'
import { type Execute, openExecutor } from './execution/executor.ts'
import { parseOptions, validationOptions } from './limit-values.ts'
import { limitRules } from './limits.ts'
import type { NoteOperation } from './note-operation.ts'
import { checkOperation } from './operation.ts'

export interface ApolloOptions {
  readonly schema: GraphQLSchema
  readonly log: Log
  readonly errors: ErrorPresenter
  readonly costs: Costs
  readonly noteOperation: NoteOperation
}

type Gateway = ApolloServerOptionsWithGateway<GraphContext>['gateway']

/** Apollo Server as the HTTP half of the pipeline. It is started by the caller, and stopped after HTTP is. */
export function createApollo(options: ApolloOptions): ApolloServer<GraphContext> {
  const { schema, errors } = options
  const execute = openExecutor(schema, chooseColumns)
  const failed: Failed = new WeakMap()
  return new ApolloServer<GraphContext>({
    gateway: telling(schema, failed),
    parseOptions,
    validationRules: [...limitRules],
    validationOptions,
    // Who may read the schema is decided per caller, in checkOperation.
    introspection: true,
    hideSchemaDetailsFromClientErrors: true,
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    // Apollo's own puts a line break at the end, for which V8 copies the whole text.
    stringifyResult: (result) => JSON.stringify(result),
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    stopOnTerminationSignals: false,
    logger: apolloLog(options.log),
    formatError: (formatted, error) => errors.present(error, formatted.extensions?.['code']),
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      pipeline(options),
      answering(execute, failed),
    ],
  })
}

/** What was executed already, by its context, and has errors. */
type Failed = WeakMap<object, Promise<ExecutionResult>>

const noHead = { headers: new HeaderMap() }

/**
 * Executes. An answer without errors is final. The way through the gateway would give each request to the garbage
 * collector as old: it makes an object with accessors, which V8 puts among what lives long, and all that the request
 * has made hangs on it.
 */
function answering(execute: Execute, failed: Failed): ApolloServerPlugin<GraphContext> {
  const listener: GraphQLRequestListener<GraphContext> = {
    async responseForOperation({ document, contextValue, operationName, request: { variables } }) {
      const running = run(execute, { document, contextValue, operationName, variableValues: variables })
      const result = await running.catch(() => undefined)
      if (result && !result.errors) {
        const { data = null, extensions } = result
        return {
          http: noHead,
          body: { kind: 'single', singleResult: { data, ...(extensions && { extensions }) } },
        }
      }
      failed.set(contextValue, running)
      return null
    },
  }
  return { requestDidStart: async () => listener }
}

/** What is thrown is told like what is rejected. */
const run = async (execute: Execute, args: Parameters<Execute>[0]) => execute(args)

/** Apollo tells errors of what somebody else executes, and this is the one way in which it lets somebody else. */
function telling(schema: GraphQLSchema, failed: Failed): Gateway {
  return {
    onSchemaLoadOrUpdate(listen) {
      listen({ apiSchema: schema, coreSupergraphSdl: '' })
      return () => undefined
    },
    load: async () => ({
      async executor({ context }) {
        const told = failed.get(context)
        // Never again: a mutation would be done twice.
        assert(told, 'what the gateway is asked for was executed before')
        return told
      },
    }),
    stop: async () => undefined,
  }
}

function pipeline({ errors, costs, noteOperation }: ApolloOptions): ApolloServerPlugin<GraphContext> {
  return {
    async requestDidStart() {
      const startedMs = performance.now()
      let charge: Charge | undefined
      return {
        async didResolveOperation({ document, operation, contextValue, request: { variables } }) {
          checkOperation(document, operation, contextValue, { transport: 'HTTP', variables })
          const { tokenId } = contextValue.viewer
          if (operation) charge = costs.charge({ tokenId, document, operation, variables })
        },
        async didEncounterErrors({ errors: found, contextValue }) {
          for (const error of found) errors.note(error, contextValue.requestId)
        },
        async willSendResponse({ operation, errors: found, response: { body } }) {
          if (charge && body.kind === 'single') {
            const { singleResult: result } = body
            result.extensions = { ...result.extensions, cost: charge.settle(result.data) }
          }
          noteOperation(operation?.operation, (found?.length ?? 0) === 0, performance.now() - startedMs)
        },
      }
    },
  }
}

/** Apollo speaks in sentences; the log takes facts and a sentence. */
const apolloLog = (log: Log) => ({
  debug: (text: string) => log.debug({}, text),
  info: (text: string) => log.info({}, text),
  warn: (text: string) => log.warn({}, text),
  error: (text: string) => log.error({}, text),
})
