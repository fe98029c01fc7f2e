import type { IncomingMessage } from 'node:http'

/** Whether a browser page may open a socket: one of ours, or of the list. Programs send no Origin. */
export function originAllowed(request: IncomingMessage, allowed: readonly string[]): boolean {
  const { origin, host } = request.headers
  if (origin === undefined) return true
  if (allowed.includes(origin)) return true
  return URL.canParse(origin) && new URL(origin).host === host
}

/** Where sockets are opened, as the caller of this request would say it. */
export function socketUrlOf(headers: IncomingMessage['headers']): string {
  const host = headers.host && /^[\w.:[\]-]{1,255}$/.test(headers.host) ? headers.host : 'localhost'
  return `${headers['x-forwarded-proto'] === 'https' ? 'wss' : 'ws'}://${host}/graphql`
}
