import { backoff } from '../lib/backoff.ts'
import { Problem } from '../lib/problem.ts'

/** The platform around Pitboss, as far as a provider's game needs one: it speaks GraphQL with a service token. */
export interface Platform {
  /** Runs an operation; asks again while the server cannot be reached or cannot answer. */
  run<T>(document: string, variables?: object): Promise<T>
}

interface GraphqlReply<T> {
  readonly data?: T | null
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[]
}

const timeoutMs = 10_000
const attemptsMax = 8
const passing: ReadonlySet<string> = new Set(['UNAVAILABLE', 'TIMEOUT', 'RATE_LIMITED'])

export function openPlatform(urls: readonly string[], token: string): Platform {
  let turn = 0

  async function ask<T>(document: string, variables: object): Promise<GraphqlReply<T>> {
    turn += 1
    const response = await fetch(`${urls[turn % urls.length]}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: document, variables }),
      signal: AbortSignal.timeout(timeoutMs),
    })
    if (response.status === 401)
      throw new Problem('UNAUTHENTICATED', 'the server does not take this token', 'token')
    return (await response.json()) as GraphqlReply<T>
  }

  return {
    async run<T>(document: string, variables: object = {}): Promise<T> {
      for (let attempt = 1; ; attempt += 1) {
        const reply = await ask<T>(document, variables).catch((error: unknown) => {
          if (error instanceof Problem || attempt === attemptsMax) throw reachable(error, urls)
          return undefined
        })
        const failed = reply?.errors?.[0]
        if (reply && !failed && reply.data) return reply.data
        const code = failed?.extensions?.code ?? 'UNAVAILABLE'
        if (failed && (!passing.has(code) || attempt === attemptsMax)) throw new Problem(code, failed.message)
        await backoff(attempt, { firstMs: 50, capMs: 2_000 })
      }
    },
  }
}

const reachable = (error: unknown, urls: readonly string[]): unknown =>
  error instanceof Problem
    ? error
    : new Problem('UNREACHABLE', `there is no answer from ${urls.join(' or ')}`, 'url')
