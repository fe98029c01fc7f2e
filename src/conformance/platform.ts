// The platform around a Pitboss under test, as far as a world needs one: GraphQL with a service token.
import { Problem } from '../lib/problem.ts'

export interface Platform {
  /** Runs an operation; a refusal, of the request or by the rules, is a Problem. */
  run<T extends object>(document: string, variables?: object): Promise<T>
}

interface GraphqlReply<T> {
  readonly data?: T | null
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[]
}

export function openPlatform(url: string, token: string, timeoutMs: number): Platform {
  return {
    async run<T extends object>(document: string, variables: object = {}): Promise<T> {
      const { data, errors } = await ask<T>(url, token, timeoutMs, { query: document, variables })
      const failed = errors?.[0]
      if (failed || !data) {
        const { message = 'the answer has no data', extensions } = failed ?? {}
        throw new Problem(extensions?.code ?? 'UNAVAILABLE', message, 'arrange')
      }
      const refused = Object.values(data).map(firstUserError).find(Boolean)
      if (refused) throw new Problem(refused.code, refused.message, 'arrange')
      return data
    },
  }
}

async function ask<T>(url: string, token: string, timeoutMs: number, body: object): Promise<GraphqlReply<T>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(timeoutMs),
  }).catch(() => {
    throw new Problem('UNREACHABLE', `there is no answer from ${url}`, 'arrange')
  })
  if (response.status === 401) {
    throw new Problem('UNAUTHENTICATED', 'the server does not take this token', 'apiToken')
  }
  return (await response.json().catch(() => {
    throw new Problem('UNREACHABLE', `${url} does not speak GraphQL`, 'arrange')
  })) as GraphqlReply<T>
}

/** What a mutation's rules refused. */
function firstUserError(payload: unknown): { code: string; message: string } | undefined {
  const { userErrors = [] } = (payload ?? {}) as { userErrors?: { code: string; message: string }[] }
  return userErrors[0]
}
