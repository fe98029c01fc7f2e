import type { Client, SubscribePayload } from 'graphql-ws'
import type { Role } from '../../src/domain/operators/permissions.ts'
import type { GraphqlError, TestApp } from './app.ts'

/** What both transports can say of an operation. */
export interface Verdict {
  readonly data: unknown
  readonly errors: readonly GraphqlError[]
  readonly extensions?: Readonly<Record<string, unknown>> | undefined
}

type Caller = Role | { token: string }
export type Transport = (
  app: TestApp,
  query: string,
  role?: Caller,
  variables?: Record<string, unknown>,
) => Promise<Verdict>

async function overHttp(app: TestApp, query: string, role?: Caller, variables = {}): Promise<Verdict> {
  const { data, errors = [], extensions } = await app.graphql(query, variables, role)
  return { data, errors, extensions }
}

/** One operation on a socket of its own; its first result. */
async function overSocket(app: TestApp, query: string, role?: Caller, variables = {}): Promise<Verdict> {
  const client = app.socket(role)
  try {
    return await firstResult(client, { query, variables })
  } finally {
    await client.dispose()
  }
}

export function firstResult(client: Client, operation: SubscribePayload): Promise<Verdict> {
  return new Promise<Verdict>((resolve, reject) => {
    client.subscribe(operation, {
      next: ({ data, errors = [], extensions }) =>
        resolve({
          data,
          errors: errors as GraphqlError[],
          extensions: (extensions ?? undefined) as Verdict['extensions'],
        }),
      error: (error) =>
        Array.isArray(error) ? resolve({ data: undefined, errors: error }) : reject(error as Error),
      complete: () => undefined,
    })
  })
}

/** The same cases run over each of them. */
export const transports: readonly (readonly [string, Transport])[] = [
  ['HTTP', overHttp],
  ['WebSocket', overSocket],
]

export const codesOf = ({ errors }: Pick<Verdict, 'errors'>): string[] =>
  errors.map(({ extensions }) => extensions.code)
