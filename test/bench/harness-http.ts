// An HTTP client that costs next to nothing, because it shares the machine's cores with what it measures: requests
// are bytes made ahead of time, one keep-alive connection carries one request at a time, and of a reply only the
// status line and Content-Length are read.
import { connect, type Socket } from 'node:net'

export interface Reply {
  readonly status: number
  readonly body: Buffer
}

const headEnd = Buffer.from('\r\n\r\n')

export class HttpConnection {
  readonly #socket: Socket
  #chunks: Buffer[] = []
  #waiting: { resolve(reply: Reply): void; reject(error: Error): void } | undefined
  #failure: Error | undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
    socket.on('error', (error) => this.#fail(error))
    socket.on('close', () => this.#fail(new Error('the server closed the connection')))
  }

  static open(port: number): Promise<HttpConnection> {
    const socket = connect({ host: '127.0.0.1', port })
    return new Promise((resolve, reject) => {
      socket.once('connect', () => resolve(new HttpConnection(socket)))
      socket.once('error', reject)
    })
  }

  send(request: Buffer): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.#failure) return reject(this.#failure)
      this.#waiting = { resolve, reject }
      this.#socket.write(request)
    })
  }

  close(): void {
    this.#socket.destroy()
  }

  #read(chunk: Buffer): void {
    this.#chunks.push(chunk)
    const text = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks)
    const end = text.indexOf(headEnd)
    if (end < 0) return
    const head = text.toString('latin1', 0, end)
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
    if (length === undefined) return this.#fail(new Error(`a reply without Content-Length: ${head}`))
    const bodyStart = end + headEnd.length
    if (text.length < bodyStart + Number(length)) {
      this.#chunks = [text]
      return
    }
    this.#chunks = []
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.resolve({ status: Number(head.slice(9, 12)), body: text.subarray(bodyStart) })
  }

  #fail(error: Error): void {
    this.#failure ??= error
    this.#waiting?.reject(error)
    this.#waiting = undefined
    this.#socket.destroy()
  }
}

/** Connections of one turn only: between turns a server closes those that are idle. */
export async function withConnections<T>(
  port: number,
  count: number,
  work: (opened: readonly HttpConnection[]) => Promise<T>,
): Promise<T> {
  const opened = await Promise.all(Array.from({ length: count }, () => HttpConnection.open(port)))
  try {
    return await work(opened)
  } finally {
    for (const one of opened) one.close()
  }
}

/** The bytes of a POST request. */
export function postRequest(path: string, body: string, headers: Readonly<Record<string, string>>): Buffer {
  const lines = Object.entries({
    Host: '127.0.0.1',
    'Content-Type': 'application/json',
    'Content-Length': String(Buffer.byteLength(body)),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`)
}
