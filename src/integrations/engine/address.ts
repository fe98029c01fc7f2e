// Where a game engine may be: what an account's URL names is called with our own network's reach, so it must not lead
// into it. A name is resolved once, for the connection itself: an address that was looked at is the one that is used.
import { lookup as resolve } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

export interface AddressRules {
  /** Plain http to other machines. */
  readonly allowHttp: boolean
  /** Addresses of private networks. */
  readonly allowPrivate: boolean
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

const inward = new BlockList()
for (const network of [
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24',
  '192.168.0.0/16 198.18.0.0/15 224.0.0.0/4 240.0.0.0/4',
].flatMap((line) => line.split(' '))) {
  const [address = '', bits] = network.split('/')
  inward.addSubnet(address, Number(bits))
}
for (const network of '::/127 64:ff9b::/96 fc00::/7 fe80::/10 ff00::/8'.split(' ')) {
  const [address = '', bits] = network.split('/')
  inward.addSubnet(address, Number(bits), 'ipv6')
}

const within = (list: BlockList, address: string) =>
  list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** Why the URL may not be called; undefined when it may. A name's addresses are checked when it is resolved. */
export function addressProblem(url: URL, { allowHttp, allowPrivate }: AddressRules): string | undefined {
  const host = hostOf(url)
  const here = host === 'localhost' || (isIP(host) > 0 && within(loopback, host))
  if (url.protocol !== 'https:' && !here && !allowHttp) return 'is not https'
  if (isIP(host) > 0 && !here && !allowPrivate && within(inward, host)) return 'is in a private network'
  return undefined
}

const hostOf = (url: URL) => url.hostname.replace(/^\[(.*)\]$/, '$1')

/** Resolves a name; fails when any of its addresses is inward. */
export const guardedLookup =
  ({ allowPrivate }: AddressRules): LookupFunction =>
  (hostname, options, done) =>
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? []
      if (error || !first) return done(error ?? new Error(`${hostname} has no address`), '', 0)
      const own = hostname === 'localhost' || allowPrivate
      if (!own && addresses.some(({ address }) => within(inward, address))) {
        return done(new Error(`${hostname} is in a private network`), '', 0)
      }
      if (options.all) return done(null, addresses)
      return done(null, first.address, first.family)
    })
