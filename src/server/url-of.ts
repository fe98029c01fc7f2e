import type { AddressInfo } from 'node:net'

/** An address that can be typed: a listener on all addresses is reached by the local one. */
export function urlOf(host: string, { port }: AddressInfo): string {
  if (host === '0.0.0.0' || host === '::') return `http://127.0.0.1:${port}`
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
