import type { Fetcher, FetcherParams } from '@graphiql/toolkit'
import { type ExecutionResult, getOperationAST, OperationTypeNode, parse } from 'graphql'
import type { Headers } from './headers.ts'
import { ShownError } from './shown-error.ts'
import { subscribe } from './subscriber.ts'

const ENDPOINT = '/graphql'

/**
 * Queries and mutations go over HTTP, subscriptions over the socket, both with the headers of the Headers
 * pane. `defaultHeaders` serve only the first introspection, which GraphiQL sends before the pane exists.
 */
export function createFetcher(defaultHeaders: Headers): Fetcher {
  return (params, options) => {
    if (isSubscription(params)) return subscribe(ENDPOINT, params, options?.headers ?? {})
    const isIntrospection = params.operationName === 'IntrospectionQuery'
    return post(params, options?.headers ?? (isIntrospection ? defaultHeaders : {}))
  }
}

function isSubscription({ query, operationName }: FetcherParams): boolean {
  try {
    return getOperationAST(parse(query), operationName)?.operation === OperationTypeNode.SUBSCRIPTION
  } catch {
    return false // not GraphQL: the server says what is wrong with it
  }
}

async function post(params: FetcherParams, headers: Headers): Promise<ExecutionResult> {
  const response = await fetch(ENDPOINT, {
    method: 'POST',
    headers: {
      accept: 'application/graphql-response+json, application/json;q=0.9',
      'content-type': 'application/json',
      ...headers,
    },
    body: JSON.stringify(params),
  })
  const text = await response.text()
  try {
    return JSON.parse(text)
  } catch {
    throw new ShownError('The answer is not GraphQL', { status: response.status, body: text.slice(0, 1000) })
  }
}
