// The WebSocket half: graphql-transport-ws on the path of HTTP. It owns the open sockets: whose they are, when their
// time is over, and how they are closed. What an operation may do is the pipeline's.
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { handleProtocols } from 'graphql-ws'
import { type WebSocket, WebSocketServer } from 'ws'
import { repeatedly } from '../lib/repeatedly.ts'
import { originAllowed } from './origins.ts'
import type { Connection, Protocol } from './protocol.ts'
import { type Admitted, type WatchOptions, watchTokens } from './watch-tokens.ts'

export interface SocketOptions extends WatchOptions {
  readonly protocol: Protocol
  readonly corsOrigins: readonly string[]
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

/** A client may come back after both: after 4403 it is told at connection_init whether its token still holds. */
const closeCodes = { goingAway: 1001, forbidden: 4403 } as const

const messageBytesMax = 64 * 1024
const pingEveryMs = 15_000
const socketsMax = 10_000

interface Open {
  readonly socket: WebSocket
  readonly connection: Connection
  alive: boolean
}

export function openSockets(options: SocketOptions): Sockets {
  const { log } = options
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

  const admitted = (): Admitted[] =>
    [...open].flatMap(({ socket, connection }) => {
      const viewer = connection.viewer()
      return viewer ? [{ viewer, end: (reason) => socket.close(closeCodes.forbidden, reason) }] : []
    })

  const watcher = watchTokens(options, admitted)
  const failed = (error: unknown) => log.error({ err: error }, 'sockets were not pinged')
  const pinger = repeatedly(pingEveryMs, async () => pingAll(open), failed)

  return {
    attach: (http) => void http.on('upgrade', upgrade),
    count: () => open.size,
    subscriptions: () => [...open].reduce((sum, one) => sum + one.connection.running(), 0),
    revoke(tokenId) {
      for (const one of admitted()) if (one.viewer.tokenId === tokenId) one.end('the token was revoked')
    },
    async close(graceMs) {
      closing = true
      const stopped = Promise.all([watcher.stop(), pinger.stop()])
      const gone = [...open].map(({ socket }) => new Promise((resolve) => socket.once('close', resolve)))
      for (const { socket } of open) socket.close(closeCodes.goingAway, 'the server is shutting down')
      const late = setTimeout(() => {
        for (const { socket } of open) socket.terminate()
      }, graceMs)
      await Promise.all([stopped, ...gone])
      clearTimeout(late)
    },
  }
}

/** Who has not answered the last ping is gone. */
function pingAll(open: ReadonlySet<Open>): void {
  for (const one of open) {
    if (!one.alive) one.socket.terminate()
    one.alive = false
    if (one.socket.readyState === one.socket.OPEN) one.socket.ping()
  }
}

function deny(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
