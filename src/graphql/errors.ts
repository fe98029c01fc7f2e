// The one place where errors take the shape in which they leave the process. An allow-list: what is not known to be
// meant for outside becomes INTERNAL with an errorId, and is written whole to the log under that id.
import { GraphQLError, type GraphQLFormattedError, Kind } from 'graphql'
import { Forbidden } from '../domain/audit/forbidden.ts'
import type { Permission } from '../domain/operators/permissions.ts'
import { isAway } from '../lib/is-away.ts'
import type { Log } from '../lib/log.ts'
import { Problem } from '../lib/problem.ts'
import { uuidv7 } from '../lib/uuid.ts'
import { countTokens } from './count-tokens.ts'
import { limits } from './limit-values.ts'

/** Every code that a top-level error can have. README explains them. */
export const errorCodes = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'LIMIT_EXCEEDED',
  'RATE_LIMITED',
  'COST_EXCEEDED',
  'DOCUMENT_NOT_REGISTERED',
  'CONFLICT',
  'TIMEOUT',
  'CURSOR_EXPIRED',
  'UNAVAILABLE',
  'INTERNAL',
] as const

export type ErrorCode = (typeof errorCodes)[number]

const isErrorCode = (code: unknown): code is ErrorCode => errorCodes.some((one) => one === code)

/** Errors made here, so that nobody else's extensions can pass for ours. */
const ours = new WeakSet<GraphQLError>()

/** An error that is meant for outside, message and all. */
export function refused(code: ErrorCode, message: string, extensions: object = {}): GraphQLError {
  const error = new GraphQLError(message, { extensions: { ...extensions, code } })
  ours.add(error)
  return error
}

/** The caller's token lacks a permission: for all that was asked, or for this argument of it. */
export const forbidden = (permission: Permission, argument?: string): GraphQLError =>
  refused('FORBIDDEN', `${argument ?? 'this'} needs the permission ${permission}`, {
    permission,
    ...(argument && { field: argument }),
  })

interface Outside {
  readonly code: ErrorCode
  readonly message: string
  readonly extensions?: object
}

export interface ErrorPresenter {
  /** Tells in which request an error came up, before it is presented. */
  note(error: GraphQLError, requestId: string): void
  /** `stage` is the code that the stage of the operation gives: GRAPHQL_PARSE_FAILED and the like. */
  present(error: unknown, stage?: unknown): GraphQLFormattedError
}

export interface PresenterOptions {
  readonly log: Log
  /** What the database cancels a statement after. */
  readonly statementTimeoutMs: number
}

export function openErrorPresenter({ log, statementTimeoutMs }: PresenterOptions): ErrorPresenter {
  const requests = new WeakMap<GraphQLError, string>()
  return {
    note: (error, requestId) => void requests.set(error, requestId),
    present(error, stage) {
      const located = error instanceof GraphQLError ? error : undefined
      const root = rootOf(error)
      const known = outsideOf(root, located, stage) ?? ofDatabase(root, statementTimeoutMs)
      const { code, message, extensions } = known ?? { code: 'INTERNAL' as const, message: 'Internal error' }
      const requestId = located && requests.get(located)
      const errorId = uuidv7()
      if (code === 'INTERNAL' || code === 'TIMEOUT' || code === 'UNAVAILABLE') {
        const facts = { err: root, errorId, requestId, path: located?.path?.join('.') }
        log.error(facts, code === 'INTERNAL' ? 'an error was masked' : 'an operation could not be finished')
      }
      const shown = { ...extensions, code, errorId }
      const { locations, path } = located?.toJSON() ?? {}
      return { message, ...(locations && { locations }), ...(path && { path }), extensions: shown }
    },
  }
}

/** What was thrown first, beneath the errors that GraphQL wraps around it to say where. */
function rootOf(error: unknown): unknown {
  let root = error
  while (root instanceof GraphQLError && !ours.has(root) && root.originalError) root = root.originalError
  return root
}

function outsideOf(root: unknown, located: GraphQLError | undefined, stage: unknown): Outside | undefined {
  if (root instanceof Problem) return ofProblem(root, located)
  if (!(root instanceof GraphQLError)) return undefined
  if (ours.has(root)) {
    const { code, http: _http, ...extensions } = root.extensions
    return {
      code: isErrorCode(code) ? code : 'INTERNAL',
      message: located?.message ?? root.message,
      extensions,
    }
  }
  return ofGraphql(located ?? root, stage)
}

/** A Problem's own code when it is one of the closed list; else it is the caller's input that cannot be. */
function ofProblem(problem: Problem, located: GraphQLError | undefined): Outside {
  const { field } = problem
  const message = isVariableError(located) ? located.message : problem.message
  if (isErrorCode(problem.code)) {
    const permission = problem instanceof Forbidden && { permission: problem.permission }
    return { code: problem.code, message, extensions: { ...permission, ...(field && { field }) } }
  }
  return { code: 'BAD_USER_INPUT', message, extensions: { reason: problem.code, ...(field && { field }) } }
}

/** What graphql-js and Apollo say about the caller's document and variables; never what they say of our results. */
function ofGraphql(error: GraphQLError, stage: unknown): Outside | undefined {
  const message = error.message.replace(/ ?Did you mean(.+?)\?$/su, '')
  const [, tokens] = /^Syntax Error: Document contains more \w+ (\d+) tokens/u.exec(message) ?? []
  if (tokens !== undefined) {
    const found = error.source && countTokens(error.source)
    const extensions = { limit: 'tokens', most: Number(tokens), ...(found !== undefined && { found }) }
    const message = `the document has ${found ?? 'more'} tokens; the limit is ${tokens}`
    return { code: 'LIMIT_EXCEEDED', message, extensions }
  }
  if (stage === 'GRAPHQL_VALIDATION_FAILED' && message.startsWith('Too many validation errors')) {
    const extensions = { limit: 'errors', most: limits.errors }
    return {
      code: stage,
      message: `the document has more mistakes; the limit is ${limits.errors}`,
      extensions,
    }
  }
  const ofVariable: boolean = isVariableError(error)
  if (ofVariable) return { code: 'BAD_USER_INPUT', message, extensions: { field: variableField(message) } }
  // An error with a path was thrown by a resolver: its code is nobody's word but its own.
  if (!error.path && isErrorCode(stage) && stage !== 'INTERNAL') return { code: stage, message }
  if (/^Argument "[^"]+" (of required type|has invalid value)/u.test(message)) {
    return { code: 'BAD_USER_INPUT', message }
  }
  if (/^(Must provide an operation|Unknown operation named|Must provide operation name)/u.test(message)) {
    return { code: 'OPERATION_RESOLUTION_FAILURE', message }
  }
  return undefined
}

const isVariableError = (error: GraphQLError | undefined): error is GraphQLError =>
  error?.nodes?.[0]?.kind === Kind.VARIABLE_DEFINITION && error.message.startsWith('Variable "$')

/** Where in the variables: `filter.placedAt.gte`, or the variable alone. */
function variableField(message: string): string | undefined {
  const [, name] = /^Variable "\$(\w+)"/u.exec(message) ?? []
  const [, field] = / at "([\w.[\]]+)"; /u.exec(message) ?? []
  return field !== undefined && name !== undefined && field.startsWith(name) ? field : name
}

export const awayMessage = 'the database is not reachable; try again'

/** The database took too long, or is away: that may be said; what it said may not. */
function ofDatabase(thrown: unknown, statementTimeoutMs: number): Outside | undefined {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    const code = 'code' in error ? String(error.code) : ''
    if (code === '57014') return timedOut(statementTimeoutMs)
    if (code === '55P03') return { code: 'TIMEOUT', message: 'what the operation reads is locked; try again' }
  }
  return isAway(thrown) ? { code: 'UNAVAILABLE', message: awayMessage } : undefined
}

const timedOut = (most: number): Outside => ({
  code: 'TIMEOUT',
  message: `the operation took too long: the limit of a statement is ${most} ms`,
  extensions: { limit: 'statementMs', most },
})
