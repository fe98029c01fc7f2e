// The buggy wallet at a URL, in one of the dialects that the conformance kit tries.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { checkWorld, type World, worldOf } from '../../src/conformance/world.ts'
import { BuggyWallet, type PlantedBug } from './buggy-wallet.ts'
import { speakEvolution } from './buggy-wallet-evolution.ts'
import { speakHub88 } from './buggy-wallet-hub88.ts'
import { speakSwipe } from './buggy-wallet-swipe.ts'
import type { Tongue } from './buggy-wallet-wire.ts'
import { generateKeys } from './hub88-client.ts'

export interface WalletServer {
  readonly wallet: BuggyWallet
  readonly url: string
  /** What the provider signs with. */
  readonly key: string
  readonly world: World
  close(): Promise<void>
}

export type WalletDialect = 'hub88' | 'caleta' | 'swipe' | 'evolution'

/** As short as they can be: the kit signs each of some thousand calls. */
const keys = generateKeys(512)
const privateKey = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const secret = 'a shared secret'

const tongues: Readonly<Record<WalletDialect, { readonly key: string; readonly tongue: Tongue }>> = {
  hub88: { key: privateKey, tongue: speakHub88('HUB88', keys.publicKey) },
  caleta: { key: privateKey, tongue: speakHub88('CALETA', keys.publicKey) },
  swipe: { key: secret, tongue: speakSwipe(secret) },
  evolution: { key: secret, tongue: speakEvolution(secret) },
}

export async function serveBuggyWallet(dialect: WalletDialect, bug?: PlantedBug): Promise<WalletServer> {
  const { key, tongue } = tongues[dialect]
  const wallet = new BuggyWallet(dialect === 'evolution' ? 'STRICT' : 'LENIENT', bug)
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('error', () => {}).on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://wallet')
      const { method = 'GET', headers } = request
      const body = Buffer.concat(chunks).toString('utf8')
      const path = pathname.replace(/^\/base/, '')
      void tongue(wallet, { method, path, query: searchParams, headers, body }).then(({ status, text }) =>
        response.writeHead(status, { 'Content-Type': 'application/json' }).end(text),
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    wallet,
    key,
    url: `http://127.0.0.1:${port}/base`,
    world: { ...worldOf(checkWorld(worldFile), async () => {}), block: async () => wallet.block('blocked') },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The players of the buggy wallet, as a user of the kit would write them down. */
export const worldFile = {
  currency: 'EUR',
  game: 'book',
  players: {
    main: { user: 'main', token: 'live-main' },
    second: { user: 'second', token: 'live-second' },
    expired: { user: 'expired', token: 'over-expired', liveToken: 'live-expired' },
    blocked: { user: 'blocked', token: 'live-blocked' },
    limited: { user: 'limited', token: 'live-limited', overLimit: '50.00' },
  },
}
