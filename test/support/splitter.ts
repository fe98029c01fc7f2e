import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** One address before several servers: each new connection goes to the next of them, as a load balancer's would. */
export async function openSplitter(urls: readonly string[]): Promise<{
  readonly url: string
  /** Connections so far, per server. */
  readonly taken: readonly number[]
  close(): Promise<void>
}> {
  const ports = urls.map((url) => Number(new URL(url).port))
  const taken = ports.map(() => 0)
  const sockets = new Set<Socket>()
  let next = 0
  const server = createServer({ noDelay: true }, (client) => {
    const turn = next++ % ports.length
    taken[turn] = (taken[turn] ?? 0) + 1
    const behind = connect({ host: '127.0.0.1', port: ports[turn] ?? 0, noDelay: true })
    for (const [from, to] of [
      [client, behind],
      [behind, client],
    ] as const) {
      sockets.add(from)
      from.on('error', () => to.destroy()).on('close', () => to.destroy())
      from.pipe(to)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
