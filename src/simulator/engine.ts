// A game engine that plays: an HTTP server that speaks the engine protocol, with a book of its own, and with faults
// that a seed chooses, so that what the platform makes of them can be compared with the book.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  sameSignature,
  signatureHeader,
  signReply,
  signRequest,
  timestampHeader,
} from '../integrations/engine/sign.ts'
import { type BetOrder, type BookEntry, EngineBook } from './engine-book.ts'
import { seededRandom } from './random.ts'

/**
 * DROPPED: the connection breaks before it is played. CUT: after. FAILED: a 500 instead of playing. SLOW: answered
 * within the time. LATE: done and answered when nobody waits any more. The rest are done, and answered wrongly.
 */
export const engineFaults = [
  'DROPPED',
  'CUT',
  'FAILED',
  'SLOW',
  'LATE',
  'GARBAGE',
  'UNSIGNED',
  'BADLY_SIGNED',
  'OTHER_TERMS',
] as const

export type EngineFault = (typeof engineFaults)[number]

export interface EngineOptions {
  /** Shared with the platform. */
  readonly secret: string
  readonly seed: string
  /** The share of requests that go wrong, from 0 to 1. */
  readonly faultShare: number
  readonly faults?: readonly EngineFault[]
  /** Any free one when absent. */
  readonly port?: number
  readonly slowMs: number
  /** Longer than the platform waits. */
  readonly lateMs: number
}

export interface SimulatedEngine {
  readonly url: string
  readonly book: EngineBook
  /** How often each fault was committed. */
  readonly faults: ReadonlyMap<EngineFault, number>
  close(): Promise<void>
}

const clockToleranceMs = 5 * 60_000

interface Call {
  readonly method: string
  readonly path: string
  readonly body: Buffer
  readonly signature: string
}

/** Rejects when the port is taken. */
export async function startEngine(options: EngineOptions): Promise<SimulatedEngine> {
  const random = seededRandom(`engine faults ${options.seed}`)
  const book = new EngineBook(seededRandom(`engine ${options.seed}`))
  const faults = new Map<EngineFault, number>()
  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy())
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = await read(request)
    if (!isSigned(request, call, options.secret)) return void response.writeHead(401).end()
    const fault = random.chance(options.faultShare) ? random.pick(options.faults ?? engineFaults) : undefined
    if (fault) faults.set(fault, (faults.get(fault) ?? 0) + 1)
    if (fault === 'DROPPED') return void response.destroy()
    if (fault === 'FAILED') return void response.writeHead(500).end('{"error":"engine"}')
    if (fault === 'LATE') await sleep(options.lateMs, undefined, { ref: false })
    const reply = perform(book, call)
    if (!reply) return void response.writeHead(404).end()
    if (fault === 'CUT') return void response.destroy()
    if (fault === 'SLOW') await sleep(options.slowMs, undefined, { ref: false })
    send(response, call, reply, options.secret, fault)
  }

  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    book,
    faults,
    async close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function read(request: IncomingMessage): Promise<Call> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  const { method = '', url: path = '' } = request
  return { method, path, body: Buffer.concat(chunks), signature: String(request.headers[signatureHeader]) }
}

function isSigned(request: IncomingMessage, call: Call, secret: string): boolean {
  const timestamp = String(request.headers[timestampHeader])
  const fresh = Math.abs(Date.now() - Number(timestamp)) < clockToleranceMs
  return fresh && sameSignature(call.signature, signRequest(secret, { timestamp, ...call }))
}

type Reply = { readonly betId: string } & (BookEntry | { readonly status: 'UNKNOWN' })

/** Undefined when there is no such path. */
function perform(book: EngineBook, { method, path, body }: Call): Reply | undefined {
  if (method === 'POST' && path === '/bets') {
    const order = JSON.parse(body.toString()) as BetOrder
    return { betId: order.betId, ...book.play(order) }
  }
  const [, betId, cancels] = /^\/bets\/([\da-f-]{36})(\/cancel)?$/.exec(path) ?? []
  if (betId === undefined) return undefined
  if (method === 'POST' && cancels) return { betId, ...book.cancel(betId) }
  return method === 'GET' && !cancels
    ? { betId, ...(book.entries.get(betId) ?? { status: 'UNKNOWN' }) }
    : undefined
}

function send(
  response: ServerResponse,
  call: Call,
  reply: Reply,
  secret: string,
  fault: EngineFault | undefined,
): void {
  const body = Buffer.from(
    fault === 'GARBAGE'
      ? '{"betId": "…'
      : JSON.stringify(fault === 'OTHER_TERMS' ? { ...reply, stakeMinor: '1', currency: 'XXX' } : reply),
  )
  const key = fault === 'BADLY_SIGNED' ? `${secret}, but another` : secret
  const signature = signReply(key, { requestSignature: call.signature, status: 200, body })
  const signed = fault === 'UNSIGNED' ? {} : { [signatureHeader]: signature }
  response.writeHead(200, { 'content-type': 'application/json', ...signed }).end(body)
}
