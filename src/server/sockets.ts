// The WebSocket half: graphql-transport-ws on the path of HTTP. It owns the open sockets: whose they are, when their
// time is over, and how they are closed. What an operation may do is the pipeline's.
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { handleProtocols } from 'graphql-ws'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Authenticator } from '../domain/operators/authenticate.ts'
import { sameRights } from '../domain/operators/viewer.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { originAllowed } from './origins.ts'
import type { Connection, Protocol } from './protocol.ts'

export interface SocketOptions {
  readonly log: Log
  readonly clock: Clock
  readonly authenticator: Authenticator
  readonly protocol: Protocol
  readonly corsOrigins: readonly string[]
  /** How often the tokens of open sockets are looked up. */
  readonly watchMs?: number
  readonly onClosed?: (code: number) => void
}

export interface Sockets {
  /** Takes the upgrades of a listening server. */
  attach(server: Server): void
  readonly count: () => number
  readonly subscriptions: () => number
  /** Closes what was opened with a token that was revoked. */
  revoke(tokenId: string): void
  /** Refuses new sockets, closes the open ones with 1001 and waits for them, but not for long. */
  close(graceMs: number): Promise<void>
}

export const closeCodes = { goingAway: 1001, internal: 1011, unauthenticated: 4401, forbidden: 4403 } as const

const messageBytesMax = 64 * 1024
const pingEveryMs = 15_000
const socketsMax = 10_000

interface Open {
  readonly socket: WebSocket
  readonly connection: Connection
  alive: boolean
}

export function openSockets(options: SocketOptions): Sockets {
  const { log, authenticator, clock } = options
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: messageBytesMax,
    perMessageDeflate: false,
    handleProtocols: (protocols) => handleProtocols(protocols),
  })
  const open = new Set<Open>()
  let closing = false

  function upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    stream.on('error', () => undefined)
    if (!/^\/graphql\/?(\?|$)/.test(request.url ?? '')) return deny(stream, '404 Not Found')
    if (!originAllowed(request, options.corsOrigins)) return deny(stream, '403 Forbidden')
    if (closing || open.size >= socketsMax) return deny(stream, '503 Service Unavailable')
    server.handleUpgrade(request, stream, head, (socket) => accept(socket, request))
  }

  function accept(socket: WebSocket, request: IncomingMessage): void {
    const one: Open = { socket, connection: options.protocol.open(socket, request), alive: true }
    open.add(one)
    socket.on('pong', () => void (one.alive = true))
    socket.on('error', (error) => log.debug({ err: error }, 'a socket failed'))
    socket.on('close', (code) => {
      open.delete(one)
      options.onClosed?.(code)
    })
  }

  const end = ({ socket }: Open, reason: string) => socket.close(closeCodes.forbidden, reason)
  const tokenOf = (one: Open) => one.connection.viewer()?.tokenId

  /** Revocation is told by the journal; this finds it too when the journal is late, and disabled operators. */
  async function watch(): Promise<void> {
    const ids = new Set([...open].map(tokenOf).filter((id) => id !== undefined))
    if (ids.size === 0) return
    const now = await authenticator.refresh([...ids])
    for (const one of open) {
      const viewer = one.connection.viewer()
      const current = viewer && now.get(viewer.tokenId)
      if (!viewer || !ids.has(viewer.tokenId)) continue
      if (!current) end(one, 'the token has ended')
      else if (!sameRights(viewer, current)) end(one, 'the rights of the token have changed')
    }
  }

  const watcher = every(options.watchMs ?? 500, () =>
    watch().catch((error: unknown) => log.warn({ err: error }, 'the tokens of sockets were not looked up')),
  )
  const expirer = every(100, () => {
    const now = clock.now()
    for (const one of open)
      if ((one.connection.viewer()?.expiresAt ?? now) < now) end(one, 'the token has expired')
  })
  const pinger = every(pingEveryMs, () => {
    for (const one of open) {
      if (!one.alive) one.socket.terminate()
      one.alive = false
      if (one.socket.readyState === one.socket.OPEN) one.socket.ping()
    }
  })

  return {
    attach: (http) => void http.on('upgrade', upgrade),
    count: () => open.size,
    subscriptions: () => [...open].reduce((sum, one) => sum + one.connection.running(), 0),
    revoke(tokenId) {
      for (const one of open) if (tokenOf(one) === tokenId) end(one, 'the token was revoked')
    },
    async close(graceMs) {
      closing = true
      for (const timer of [watcher, expirer, pinger]) timer.stop()
      const gone = [...open].map(({ socket }) => new Promise((resolve) => socket.once('close', resolve)))
      for (const { socket } of open) socket.close(closeCodes.goingAway, 'the server is shutting down')
      const late = setTimeout(() => {
        for (const { socket } of open) socket.terminate()
      }, graceMs)
      await Promise.all(gone)
      clearTimeout(late)
    },
  }
}

function deny(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

/** Runs again only once the run before is over. */
function every(ms: number, run: () => unknown): { stop(): void } {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  const again = () => {
    if (stopped) return
    timer = setTimeout(() => void Promise.resolve(run()).then(again), ms)
    timer.unref()
  }
  again()
  return {
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}
