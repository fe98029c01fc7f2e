import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConnectionTarget } from '../../src/db/connection.ts'

/**
 * When a connection is cut. BEFORE: the COMMIT never arrives. BEHIND: it arrives, and nobody is there to hear what
 * came of it. UNHEARD: it is done, and the reply is swallowed. UNTRUE: it never arrives, and a reply that says it is
 * done is made up: no protocol can stand that, so a check that does not see it sees nothing.
 */
export const moments = ['BEFORE', 'BEHIND', 'UNHEARD', 'UNTRUE'] as const

export type Moment = (typeof moments)[number]

export interface Cut {
  readonly moment: Moment
  /** In order, or with a reset. At a Unix socket there is no reset. */
  readonly how: 'FIN' | 'RST'
}

export interface CuttingProxy {
  readonly target: ConnectionTarget
  /** Asked at every COMMIT that passes, until told otherwise. */
  cutWhen(ask: () => Cut | undefined): void
  /** At the next COMMIT, once. */
  cut(cut: Cut): void
  /** What is connected stays so, and nothing is handed on any more, as behind a router that has lost its way. */
  mute(): void
  /** How often it has cut. */
  cuts(): number
  close(): Promise<void>
}

/** The message by which a lane commits, and what a server says when it has. */
const commitMessage = Buffer.from('P\0\0\0\x0e\0commit\0\0\0')
const committedTag = 'COMMIT\0'
const committedReply = Buffer.from('C\0\0\0\x0bCOMMIT\0Z\0\0\0\x05I')
/** Asks a server to answer what it has heard so far; and its being ready then, inside a transaction. */
const sync = Buffer.from('S\0\0\0\x04')
const readyInside = Buffer.from('Z\0\0\0\x05T')

const nothing = () => undefined

/** Stands between a process and PostgreSQL: at a Unix socket for a Unix socket, at a port for a port. */
export async function openCuttingProxy(target: ConnectionTarget): Promise<CuttingProxy> {
  const sockets = new Set<Socket>()
  const dir = mkdtempSync(join(tmpdir(), 'proxy-'))
  let ask: () => Cut | undefined = nothing
  let cuts = 0

  const server = createServer({ noDelay: true }, (client) => {
    const database = dial(target)
    const pair = [client, database]
    for (const socket of pair) {
      sockets.add(socket)
      socket.on('error', () => end(pair))
      socket.on('close', () => end(pair))
      socket.on('close', () => sockets.delete(socket))
    }
    passOn(client, database, () => {
      const cut = ask()
      if (cut) cuts += 1
      return cut
    })
  })

  const address = 'url' in target ? { host: '127.0.0.1', port: 0 } : { path: join(dir, '.s.PGSQL.5432') }
  await new Promise<void>((resolve) => server.listen(address, resolve))

  return {
    target:
      'url' in target
        ? { url: viaPort(target.url, server.address()) }
        : { ...target, socketDir: dir, port: 5432 },
    cutWhen(asked) {
      ask = asked
    },
    cut(cut) {
      ask = () => {
        ask = nothing
        return cut
      }
    },
    mute() {
      for (const socket of sockets) socket.removeAllListeners('data').pause()
    },
    cuts: () => cuts,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

function dial(target: ConnectionTarget): Socket {
  if (!('url' in target)) return connect(`${target.socketDir}/.s.PGSQL.${target.port}`)
  const { hostname, port, searchParams } = new URL(target.url)
  const folder = searchParams.get('host')
  if (folder) return connect(`${folder}/.s.PGSQL.${port || 5432}`)
  return connect({ host: hostname || 'localhost', port: Number(port || 5432), noDelay: true })
}

/** Hands everything on, both ways, until a COMMIT comes by at which the connection is to be cut. */
function passOn(client: Socket, database: Socket, atCommit: () => Cut | undefined): void {
  const pair = [client, database]
  let under: Cut | undefined
  const lie = () => client.write(committedReply, () => end(pair))
  client.on('data', (data) => {
    const place = data.indexOf(commitMessage)
    const cut = place < 0 ? undefined : atCommit()
    under ??= cut
    if (!cut || cut.moment === 'UNHEARD') database.write(data)
    else if (cut.moment === 'BEHIND') database.write(data, () => end(pair, cut.how))
    else if (cut.moment === 'BEFORE') database.write(data.subarray(0, place), () => end(pair, cut.how))
    else database.write(Buffer.concat([data.subarray(0, place), sync]))
  })
  database.on('data', (data) => {
    if (under?.moment === 'UNHEARD' && data.includes(committedTag)) return end(pair, under.how)
    const ready = data.subarray(-readyInside.length).equals(readyInside)
    if (under?.moment !== 'UNTRUE' || !ready) return client.write(data)
    client.write(data.subarray(0, -readyInside.length))
    lie()
  })
}

function end(sockets: readonly Socket[], how: Cut['how'] = 'FIN'): void {
  for (const socket of sockets) {
    if (how === 'RST' && socket.remotePort !== undefined) socket.resetAndDestroy()
    else socket.destroy()
  }
}

function viaPort(text: string, address: ReturnType<ReturnType<typeof createServer>['address']>): string {
  const url = new URL(text)
  url.hostname = '127.0.0.1'
  url.searchParams.delete('host')
  url.port = String(typeof address === 'object' ? address?.port : '')
  return url.href
}
