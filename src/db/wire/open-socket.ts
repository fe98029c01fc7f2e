// The connection below the driver's, so that it can be spoken over without it.
import { connect, isIP, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'
import type { ClientOptions } from '../connection.ts'

const timeoutMs = 5_000
const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])

/** Connected, and enciphered as the options want it; rejects as the network says. */
export async function openSocket({ path, host, port, ssl }: ClientOptions): Promise<Duplex> {
  const [name, number] = [host ?? 'localhost', port ?? 5432]
  const socket = path === undefined ? connect({ host: name, port: number }) : connect(path)
  // Whoever uses it listens for itself; nothing that happens before that may end the process.
  socket.on('error', () => undefined)
  await event(socket, 'connect')
  socket.setNoDelay(true)
  if (!ssl) return socket
  const encrypts = await offers(socket)
  if (!encrypts && ssl === 'prefer') return socket
  if (!encrypts) throw new Error('the server does not encrypt connections')
  const given: ConnectionOptions = ssl === 'prefer' ? { rejectUnauthorized: false } : (ssl as object)
  const secure = connectTls({ socket, ...(isIP(name) ? {} : { servername: name }), ...given })
  await event(secure, 'secureConnect')
  return secure
}

/** Asks the server whether it encrypts: it answers with one letter. */
async function offers(socket: Socket): Promise<boolean> {
  socket.write(sslRequest)
  const [letter] = (await event(socket, 'data')) as Buffer
  return letter === 0x53
}

/** What the event brings; rejects on an error, an end, and after a while. */
function event(socket: Socket, name: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => socket.destroy(new Error('the server does not answer')), timeoutMs)
    const done = (settle: () => void) => {
      clearTimeout(late)
      socket.off(name, onEvent).off('error', onError).off('close', onClose)
      settle()
    }
    const onEvent = (value: unknown) => done(() => resolve(value))
    const onError = (error: Error) => done(() => reject(error))
    const onClose = () => done(() => reject(new Error('the server closed the connection')))
    socket.on(name, onEvent).on('error', onError).on('close', onClose)
  })
}
