// HTTP as the scenarios need it: every request on a connection of its own, many at the same moment, and connections
// that are cut before the answer is read.
import { type ClientRequest, request as httpRequest } from 'node:http'
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { WireRequest, WireResponse } from './dialects/dialect.ts'

/** What came, or why nothing came. */
export type Arrival = WireResponse | { readonly silence: string }

export interface Transport {
  readonly url: string
  send(request: WireRequest): Promise<Arrival>
  /** All at once: every connection stands before the first request is written. */
  volley(requests: readonly WireRequest[]): Promise<readonly Arrival[]>
  /** Hangs up when the request is written, or when the answer begins to arrive. */
  cut(request: WireRequest, when: 'SENT' | 'ANSWERED'): Promise<void>
}

export function openTransport(url: string, timeoutMs: number): Transport {
  const base = new URL(url)
  const prefix = base.pathname.replace(/\/+$/, '')

  const writing = (socket: Socket, { method, path, headers, body }: WireRequest): ClientRequest =>
    httpRequest({
      createConnection: () => socket,
      host: base.hostname,
      port: portOf(base),
      method,
      path: prefix + path,
      headers: {
        ...headers,
        Host: base.host,
        Connection: 'close',
        ...(method === 'POST' ? { 'Content-Length': Buffer.byteLength(body) } : {}),
      },
    })

  const exchange = (socket: Socket, request: WireRequest) =>
    withinTime(socket, timeoutMs, (done, failed) => {
      const call = writing(socket, request).on('error', failed)
      call.on('response', (response) => {
        const chunks: Buffer[] = []
        response.on('error', failed).on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () =>
          done({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
        )
      })
      call.end(request.body)
    })

  const reach = () => connected(base, timeoutMs).catch((error: unknown) => silence(error))

  return {
    url,
    async send(request) {
      const socket = await reach()
      return 'silence' in socket ? socket : exchange(socket, request)
    },
    async volley(requests) {
      const sockets = await Promise.all(requests.map(reach))
      return Promise.all(
        requests.map(async (request, at) => {
          const socket = sockets[at]
          if (!socket || 'silence' in socket) return socket ?? { silence: 'no connection' }
          return exchange(socket, request)
        }),
      )
    },
    async cut(request, when) {
      const socket = await connected(base, timeoutMs)
      await withinTime(socket, timeoutMs, (done, failed) => {
        const call = writing(socket, request).on('error', failed)
        const hangUp = () => done({ status: 0, text: '' })
        if (when === 'ANSWERED') socket.once('data', hangUp)
        call.end(request.body, when === 'SENT' ? hangUp : undefined)
      })
    },
  }
}

const portOf = ({ port, protocol }: URL) => Number(port) || (protocol === 'https:' ? 443 : 80)

function connected(base: URL, timeoutMs: number): Promise<Socket> {
  const host = base.hostname.replace(/^\[|\]$/g, '')
  const place = { host, port: portOf(base), timeout: timeoutMs }
  return new Promise((resolve, reject) => {
    const secure = base.protocol === 'https:'
    const socket = secure ? connectTls({ ...place, servername: host }) : connectTcp(place)
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      socket.off('error', reject).setTimeout(0).setNoDelay(true)
      resolve(socket)
    })
    socket.once('error', reject)
    socket.once('timeout', () => {
      socket.destroy()
      reject(new Error(`no connection within ${timeoutMs} ms`))
    })
  })
}

/** Runs an exchange on a socket, and ends the socket with it. */
function withinTime(
  socket: Socket,
  timeoutMs: number,
  run: (done: (response: WireResponse) => void, failed: (error: unknown) => void) => void,
): Promise<Arrival> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => settle({ silence: `no answer within ${timeoutMs} ms` }), timeoutMs)
    function settle(arrival: Arrival): void {
      clearTimeout(timer)
      // What comes after the end is nobody's error.
      socket.on('error', () => {})
      socket.destroy()
      resolve(arrival)
    }
    run(settle, (error) => settle(silence(error)))
  })
}

function silence(error: unknown): { readonly silence: string } {
  const { code, message } = error as NodeJS.ErrnoException
  return { silence: code === 'ECONNREFUSED' ? 'the connection is refused' : (code ?? message) }
}
