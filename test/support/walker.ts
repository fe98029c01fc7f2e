// Walks over the whole schema as somebody, over HTTP and the socket, and compares what two of them were given.
import type { GraphqlError, TestApp } from './app.ts'
import { inPlace } from './in-place.ts'
import { positions, type Step, type Walk } from './schema-walk.ts'

export interface Result {
  readonly data: object | null
  readonly errors: readonly GraphqlError[]
}

/** What a walk brought: one result, or of a subscription one a message. */
export interface Seen {
  readonly walk: Walk
  readonly results: readonly Result[]
}

export interface Compared {
  readonly step: Step
  readonly reference: unknown
  /** What the other one has there. */
  readonly value: unknown
  /** The code of the error that took it away; undefined when nothing says why. */
  readonly refusal: string | undefined
}

const AT_ONCE = 4

export class Walker {
  readonly #pitboss: TestApp
  readonly #walks: readonly Walk[]
  readonly #ids: ReadonlyMap<string, readonly string[]>
  readonly #variables: Readonly<Record<string, unknown>>

  constructor(
    pitboss: TestApp,
    walks: readonly Walk[],
    ids: ReadonlyMap<string, readonly string[]>,
    after: string,
  ) {
    this.#pitboss = pitboss
    this.#walks = walks
    this.#ids = ids
    const newest = (type: string) => ids.get(type)?.[0]
    this.#variables = {
      bet: newest('Bet'),
      player: newest('Player'),
      round: newest('Round'),
      session: newest('Session'),
      call: newest('ProviderCall'),
      reconciliation: newest('Reconciliation'),
      wallet: newest('Wallet'),
      game: newest('Game'),
      after,
      now: new Date().toISOString(),
      before: new Date(Date.now() - 86_400_000).toISOString(),
    }
  }

  /** In the order of the walks. */
  async walk(token: string): Promise<readonly Seen[]> {
    const seen: Seen[] = []
    const rest = this.#walks.entries()
    const go = async () => {
      for (const [at, walk] of rest) seen[at] = { walk, results: await this.#results(walk, token) }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, go))
    return seen
  }

  async #results(walk: Walk, token: string): Promise<readonly Result[]> {
    const ids = (walk.by === undefined ? undefined : this.#ids.get(walk.by)) ?? []
    const text = this.#ids.get(walk.search ?? '')?.[0] ?? 'p-1'
    const variables = { ...this.#variables, ids: ids.slice(0, 100), text }
    if (walk.operation === 'subscription') return this.#messages(walk.text, variables, token)
    const { data, errors = [] } = await this.#pitboss.graphql<object | null>(walk.text, variables, { token })
    return [{ data, errors }]
  }

  /** What happened so far, up to the message that says so. */
  async #messages(
    query: string,
    variables: Record<string, unknown>,
    token: string,
  ): Promise<readonly Result[]> {
    const client = this.#pitboss.socket({ token })
    const results: Result[] = []
    for await (const { data, errors = [] } of client.iterate<Message>({ query, variables })) {
      const { __typename: type } = data?.betEvents?.event ?? {}
      if (type === 'Heartbeat') continue
      results.push({ data: data ?? null, errors: errors as GraphqlError[] })
      if (!data || type === 'StreamLive') break
    }
    await client.dispose()
    return results
  }
}

interface Message {
  readonly betEvents?: { readonly event: { readonly __typename: string } }
}

/** `kind Type.field` of every field that has a value. */
export const given = ({ walk, results }: Seen): string[] =>
  results.flatMap(({ data }) =>
    data
      ? [...positions(walk.root, data)]
          .filter(({ value }) => value !== null && value !== undefined)
          .map(({ step }) => `${step.kind} ${step.type.name}.${step.field.name}`)
      : [],
  )

/**
 * Every place where the reference has a value, and what became of it for the other one. What is below something that
 * was refused, or that its list leaves out, is left out.
 */
export function* compare(reference: Seen, other: Seen): Generator<Compared> {
  for (const [at, { data }] of reference.results.entries()) {
    const result = other.results[at] ?? other.results.at(-1) ?? { data: null, errors: [] }
    const placed = inPlace(data, result.data)
    const errors = result.errors.map((error) => ({ ...error, path: [...placed.moved(error.path ?? [])] }))
    for (const { step, path, value } of data ? positions(reference.walk.root, data) : []) {
      if (value === null || value === undefined) continue
      const found = follow(placed.data, path)
      if (placed.gone.has(`.${found.lost}`)) continue
      const refusal = found.value === undefined ? refusalAt(errors, found.lost) : undefined
      if (refusal !== undefined && found.lost !== path.join('.')) continue
      yield { step, reference: value, value: found.value, refusal }
    }
  }
}

/** The value at a path; or the path of the null that took it away. */
function follow(data: unknown, path: readonly (string | number)[]): { value?: unknown; lost: string } {
  let value = data
  for (const [at, key] of path.entries()) {
    if (value === null || value === undefined) return { lost: path.slice(0, at).join('.') }
    value = (value as Record<string | number, unknown>)[key]
  }
  return value === null || value === undefined ? { lost: path.join('.') } : { value, lost: '' }
}

const refusalAt = (errors: readonly GraphqlError[], lost: string): string | undefined =>
  errors.find(({ path }) => `${path?.join('.') ?? ''}.`.startsWith(lost && `${lost}.`))?.extensions.code
