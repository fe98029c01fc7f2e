// One connection for links, spoken over without the driver: what a tick asks is one write, and each statement is
// planned once. The driver takes twice the CPU for it, and what it has read is kept until the next full garbage
// collection. Whatever is out of the ordinary (no connection yet or no more, a plan grown stale) the pool reads
// instead: reading twice does no harm.
import type { Duplex } from 'node:stream'
import postgres from 'postgres'
import { clientOptions, type DatabaseOptions, poolTypes, postgresOptions, type Sql } from './connection.ts'
import { readValues } from './rows.ts'
import { Conversation, type Told } from './wire/conversation.ts'
import { openSocket } from './wire/open-socket.ts'
import { type Parsers, valuesReader } from './wire/rows.ts'

type Values = readonly unknown[]
type Reply = Told<Values> | postgres.PostgresError

interface Read {
  readonly text: string
  readonly parameters: readonly string[]
  readonly resolve: (rows: readonly Values[]) => void
  readonly reject: (error: unknown) => void
}

interface Opened {
  readonly client: postgres.Sql
  readonly talk: Conversation<Values>
  readonly waiting: Set<Read>
  /** The one timer of the connection: set anew when it is asked after a rest, and whenever it says something. */
  readonly silence: NodeJS.Timeout
  retired: boolean
}

/** With a connection goes what was planned while a table was small. */
const lifeMs = 60_000
/** After the server should have given up on a statement: it is stopped, or out of reach. */
const silenceBeyondMs = 1000
/** After a connection could not be opened. */
const pauseMs = 1000

export class LinkLine {
  readonly #pool: Sql
  readonly #options: DatabaseOptions
  #opened: Opened | undefined
  #opensAgainAt = 0
  #closed = false
  #gathered: Read[] = []

  constructor(pool: Sql, options: DatabaseOptions) {
    this.#pool = pool
    this.#options = options
  }

  read(text: string, parameters: readonly string[]): Promise<readonly Values[]> {
    if (!this.#opened) {
      void this.open()
      return readValues(this.#pool, text, parameters)
    }
    return new Promise((resolve, reject) => {
      if (this.#gathered.length === 0) setImmediate(() => this.#send())
      this.#gathered.push({ text, parameters, resolve, reject })
    })
  }

  /** What is under way is read by the pool. */
  close(): void {
    this.#closed = true
    if (this.#opened) this.#lose(this.#opened)
  }

  #send(): void {
    const reads = this.#gathered
    const opened = this.#opened
    this.#gathered = []
    if (!opened) return reads.forEach((read) => this.#readElsewhere(read))
    if (opened.waiting.size === 0) opened.silence.refresh()
    for (const read of reads) opened.waiting.add(read)
    opened.talk.send(reads, false).forEach((reply, at) => void this.#settle(opened, reads[at], reply))
  }

  async #settle(opened: Opened, read: Read | undefined, coming: Promise<Reply>): Promise<void> {
    const reply = await coming
    if (!read || !opened.waiting.delete(read)) return
    if ('rows' in reply) read.resolve(reply.rows)
    else if (isItsOwn(reply)) read.reject(reply)
    else this.#readElsewhere(read)
    if (opened.retired && opened.waiting.size === 0) this.#lose(opened)
  }

  #readElsewhere({ text, parameters, resolve, reject }: Read): void {
    readValues(this.#pool, text, parameters).then(resolve, reject)
  }

  /** Until then, and when that fails, the pool reads. */
  async open(): Promise<void> {
    if (this.#closed || performance.now() < this.#opensAgainAt) return
    this.#opensAgainAt = Number.POSITIVE_INFINITY
    let opened: Opened | undefined
    let lost = false
    const onLost = () => {
      lost = true
      if (opened) this.#lose(opened)
    }
    const onSilence = () => {
      if (opened && opened.waiting.size > 0) this.#lose(opened)
    }
    try {
      opened = await openConnection(this.#options, onLost, onSilence)
    } catch {
      // The pool tells what is wrong.
      this.#opensAgainAt = performance.now() + pauseMs
      return
    }
    this.#opensAgainAt = 0
    if (lost || this.#closed) return this.#lose(opened)
    this.#opened = opened
    this.#retireLater(opened)
  }

  /** It is closed when it has told all. */
  #retireLater(opened: Opened): void {
    setTimeout(() => {
      opened.retired = true
      if (this.#opened === opened) this.#opened = undefined
      if (opened.waiting.size === 0) this.#lose(opened)
    }, lifeMs).unref()
  }

  #lose(opened: Opened): void {
    if (this.#opened === opened) this.#opened = undefined
    clearTimeout(opened.silence)
    const left = [...opened.waiting]
    opened.waiting.clear()
    for (const read of left) this.#readElsewhere(read)
    opened.client.end({ timeout: 0 }).catch(() => undefined)
  }
}

/** An error of the statement, not of its plan or its connection. */
const isItsOwn = ({ severity, code }: postgres.PostgresError): boolean =>
  severity === 'ERROR' && !/^(?:0A000|26000|57P0|08)/.test(code)

/** The driver opens it and signs in. */
async function openConnection(
  options: DatabaseOptions,
  onLost: () => void,
  onSilence: () => void,
): Promise<Opened> {
  const reach = postgresOptions(options.target)
  let socket: Duplex | undefined
  const client = postgres({
    ...clientOptions({ ...options, poolMax: 1, plannedOnce: true }),
    ssl: false,
    socket: async () => (socket = await openSocket(reach)),
    idle_timeout: 0,
    max_lifetime: null,
    fetch_types: false,
    onclose: onLost,
  } as postgres.Options<Record<string, postgres.PostgresType>>)
  try {
    await client`/* links: open */ select 1`
    await client.reserve()
    if (!socket) throw new Error('a connection without a socket')
    const silence = setTimeout(onSilence, options.statementTimeoutMs + silenceBeyondMs).unref()
    const talk = new Conversation(
      socket,
      () => void silence.refresh(),
      (bytes, at) => valuesReader(bytes, at, parsers),
    )
    return { client, talk, waiting: new Set(), silence, retired: false }
  } catch (error) {
    client.end({ timeout: 0 }).catch(() => undefined)
    throw error
  }
}

/** As the pool reads them. */
const parsers: Parsers = new Map(
  Object.values(poolTypes.types).flatMap(({ from, parse }) => from.map((oid) => [oid, parse] as const)),
)
