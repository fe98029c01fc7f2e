import { createServer, type Server, type Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import { afterEach, expect, test } from 'vitest'
import { openSocket } from '../../../src/db/wire/open-socket.ts'

/** Of localhost, until 2126. */
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgtkmtJUCItEdar7OQ
g7yeXOntrLkHuJ8F7Qsxu1E5wu2hRANCAASOohnDCRBx5nRzfFU5JNk/42+Y6i7h
MrAoKcrGiVolc69NbksnIBBTSsdzQFojEWtEw/2pZY4z0u+uta7UcxNq
-----END PRIVATE KEY-----`
const cert = `-----BEGIN CERTIFICATE-----
MIIBlDCCATugAwIBAgIUUv8l/Fymypq44IS78BSDX/FRHPkwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyODE4MzA1MVoYDzIxMjYxMTA0
MTgzMDUxWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASOohnDCRBx5nRzfFU5JNk/42+Y6i7hMrAoKcrGiVolc69NbksnIBBT
SsdzQFojEWtEw/2pZY4z0u+uta7UcxNqo2kwZzAdBgNVHQ4EFgQUtbDVraEyXbp3
4eLj/bWtzD0lWhAwHwYDVR0jBBgwFoAUtbDVraEyXbp34eLj/bWtzD0lWhAwDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
RwAwRAIgI1ohJmB40JMFq8u7xhWyxpJ5JBPpJdLeKauTv++b1AkCIGEMiielQk+O
IjNQ4aKtGLHq7OCuNr5rVjp6Nu97oyqp
-----END CERTIFICATE-----`

let server: Server | undefined
afterEach(() => server?.close())

/** What a server says to who wants it encrypted: `S` and goes on so, `N`, or nothing and goes away. */
async function listen(answer: 'S' | 'N' | 'END'): Promise<number> {
  server = createServer((socket: Socket) => {
    socket.once('data', (asked) => {
      expect(asked.toString('hex')).toBe('0000000804d2162f')
      if (answer === 'END') return socket.destroy()
      socket.write(answer)
      const talking =
        answer === 'N'
          ? socket
          : new TLSSocket(socket, { isServer: true, secureContext: createSecureContext({ key, cert }) })
      talking.on('error', () => undefined)
      return talking.on('data', (bytes) => talking.write(bytes))
    })
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

async function echoed(options: Parameters<typeof openSocket>[0]): Promise<string> {
  const socket = await openSocket({ host: '127.0.0.1', ...options })
  const said = new Promise<string>((resolve) => {
    socket.once('data', (bytes: Buffer) => resolve(bytes.toString()))
  })
  socket.write('hello')
  return said.finally(() => socket.destroy())
}

test.each([
  ['require', { rejectUnauthorized: false }],
  ['verify-full', { ca: cert, host: 'localhost', servername: 'localhost' }],
  ['prefer', 'prefer'],
] as const)('a server that encrypts is spoken to so: %s', async (_mode, ssl) => {
  expect(await echoed({ port: await listen('S'), ssl })).toBe('hello')
})

test('a certificate that nobody vouches for is refused', async () => {
  await expect(echoed({ port: await listen('S'), ssl: { host: 'localhost' } })).rejects.toThrow(
    'self-signed certificate',
  )
})

test('a server that does not encrypt is spoken to in the clear, if it need not', async () => {
  expect(await echoed({ port: await listen('N'), ssl: 'prefer' })).toBe('hello')
  await expect(echoed({ port: await listen('N'), ssl: { rejectUnauthorized: false } })).rejects.toThrow(
    'the server does not encrypt connections',
  )
})

test('a server that goes away before it answers is an error', async () => {
  await expect(echoed({ port: await listen('END'), ssl: 'prefer' })).rejects.toThrow(
    'the server closed the connection',
  )
})
