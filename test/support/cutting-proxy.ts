import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConnectionTarget } from '../../src/db/connection.ts'

export interface CuttingProxy {
  readonly target: ConnectionTarget
  /** The next reply that says this is swallowed, and both sides are cut. */
  cutAfter(tag: string): void
  /** How often it has cut. */
  cuts(): number
  close(): Promise<void>
}

/** Stands between a process and PostgreSQL: at a Unix socket for a Unix socket, at a port for a port. */
export async function openCuttingProxy(target: ConnectionTarget): Promise<CuttingProxy> {
  const sockets = new Set<Socket>()
  const dir = mkdtempSync(join(tmpdir(), 'proxy-'))
  let tag: string | undefined
  let cut = 0

  const dial = () => {
    if (!('url' in target)) return connect(`${target.socketDir}/.s.PGSQL.${target.port}`)
    const { hostname, port, searchParams } = new URL(target.url)
    const folder = searchParams.get('host')
    if (folder) return connect(`${folder}/.s.PGSQL.${port || 5432}`)
    return connect({ host: hostname || 'localhost', port: Number(port || 5432), noDelay: true })
  }

  const server = createServer({ noDelay: true }, (client) => {
    const database = dial()
    const end = () => [client, database].forEach((socket) => socket.destroy())
    for (const socket of [client, database]) {
      sockets.add(socket)
      socket.on('error', end)
      socket.on('close', end)
      socket.on('close', () => sockets.delete(socket))
    }
    client.pipe(database)
    database.on('data', (data) => {
      // A command tag is text with a zero behind it.
      if (tag === undefined || !data.includes(`${tag}\0`)) {
        client.write(data)
        return
      }
      tag = undefined
      cut += 1
      end()
    })
  })

  const address = 'url' in target ? { host: '127.0.0.1', port: 0 } : { path: join(dir, '.s.PGSQL.5432') }
  await new Promise<void>((resolve) => server.listen(address, resolve))

  return {
    target:
      'url' in target
        ? { url: viaPort(target.url, server.address()) }
        : { ...target, socketDir: dir, port: 5432 },
    cutAfter: (said) => {
      tag = said
    },
    cuts: () => cut,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

function viaPort(text: string, address: ReturnType<ReturnType<typeof createServer>['address']>): string {
  const url = new URL(text)
  url.hostname = '127.0.0.1'
  url.searchParams.delete('host')
  url.port = String(typeof address === 'object' ? address?.port : '')
  return url.href
}
