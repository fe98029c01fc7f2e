// One request over HTTP with bounds: no redirects, a time for the whole of it, a size for the reply.
import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { type AddressRules, addressProblem, guardedLookup } from './address.ts'

export interface HttpRules extends AddressRules {
  readonly timeoutMs: number
}

export interface HttpCall {
  readonly method: 'GET' | 'POST'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export interface HttpReply {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

export interface HttpClient {
  /** Rejects when no whole reply came in time. */
  send(call: HttpCall): Promise<HttpReply>
  close(): void
}

const replyBytesMax = 64 * 1024
const socketsMax = 64

export function openHttpClient(rules: HttpRules): HttpClient {
  const settings = { keepAlive: true, maxSockets: socketsMax, lookup: guardedLookup(rules) }
  const agents = { http: new HttpAgent(settings), https: new HttpsAgent(settings) }
  return {
    async send({ method, url, headers, body }) {
      const problem = addressProblem(url, rules)
      if (problem) throw new Error(`the address of the engine ${problem}`)
      const secure = url.protocol === 'https:'
      const start = secure ? httpsRequest : httpRequest
      const agent = secure ? agents.https : agents.http
      const signal = AbortSignal.timeout(rules.timeoutMs)
      return new Promise((resolve, reject) => {
        const length = body.length > 0 ? { 'content-length': String(body.length) } : {}
        const request = start(url, { method, headers: { ...headers, ...length }, agent, signal })
        request.on('error', reject)
        request.on('response', (message) => void readBody(message).then(resolve, reject))
        request.end(body)
      })
    },
    close() {
      agents.http.destroy()
      agents.https.destroy()
    },
  }
}

async function readBody(message: IncomingMessage): Promise<HttpReply> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of message as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > replyBytesMax) throw new Error(`the reply is longer than ${replyBytesMax} bytes`)
    chunks.push(chunk)
  }
  return { status: message.statusCode ?? 0, headers: message.headers, body: Buffer.concat(chunks) }
}
