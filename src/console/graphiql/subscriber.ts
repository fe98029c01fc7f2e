import type { FetcherParams } from '@graphiql/toolkit'
import type { ExecutionResult } from 'graphql'
import { createClient } from 'graphql-ws'
import type { Headers } from './headers.ts'
import { ShownError } from './shown-error.ts'

/**
 * One socket per subscription: it opens with the headers of that moment and closes with the subscription.
 * It never reconnects, because a silent reconnect would hide the events that passed in between.
 */
export function subscribe(
  path: string,
  params: FetcherParams,
  headers: Headers,
): AsyncIterable<ExecutionResult> {
  const url = new URL(path, location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  const client = createClient({ url: url.href, connectionParams: headers, retryAttempts: 0 })
  const { query, variables, operationName } = params
  const results = client.iterate({ query, variables, operationName }) as AsyncIterator<ExecutionResult>
  const iterator: AsyncIterableIterator<ExecutionResult> = {
    next: () => results.next().catch(rethrowReadably),
    return: () => results.return?.() ?? Promise.resolve({ done: true, value: undefined }),
    [Symbol.asyncIterator]: () => iterator,
  }
  return iterator
}

function rethrowReadably(cause: unknown): never {
  if (cause instanceof CloseEvent) throw closeError(cause)
  throw cause
}

function closeError({ code, reason }: CloseEvent): ShownError {
  const closed = { closeCode: code, closeReason: reason }
  if (code === 4403) return new ShownError('FORBIDDEN: token ended', { code: 'FORBIDDEN', ...closed })
  if (code === 4401)
    return new ShownError('UNAUTHENTICATED: no valid token', { code: 'UNAUTHENTICATED', ...closed })
  return new ShownError(`Socket closed: ${code} ${reason}`.trim(), closed)
}
