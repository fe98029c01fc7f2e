// What is said over a connection that the driver has opened and signed in: statements in one piece, their replies in
// order. The driver itself writes and asks for each statement by itself, which costs a money batch more than all of
// its rules. Nothing is ever sent twice, and nobody learns anything once the connection is gone: the lane sees to it.
import type { Duplex } from 'node:stream'
import postgres from 'postgres'
import type { ReadRow } from './rows.ts'
import { type Given, WireWriter } from './writer.ts'

export interface Asked {
  readonly text: string
  readonly parameters?: readonly Given[]
}

export interface Told<Row = Record<string, unknown>> {
  /** The command tag, as `COMMIT` or `INSERT`. */
  readonly command: string
  readonly rows: readonly Row[]
}

/** A statement that the server knows by a name. */
interface Known<Row> {
  readonly name: string
  reader: ReadRow<Row> | undefined
}

/** Of a statement, from how it describes its rows. */
type ReaderOf<Row> = (bytes: Buffer, at: number) => ReadRow<Row>

/** A statement whose reply is waited for. */
interface Slot<Row> {
  readonly known: Known<Row>
  /** Under which text it is known from now on, once the server has understood it. */
  readonly learns: string | undefined
  /** A Sync follows: after an error the server listens again from there. */
  readonly last: boolean
  readonly rows: Row[]
  settle(reply: Told<Row> | postgres.PostgresError): void
  reply?: Told<Row> | postgres.PostgresError
}

export class Conversation<Row> {
  readonly #socket: Duplex
  readonly #writer = new WireWriter()
  readonly #known = new Map<string, Known<Row>>()
  readonly #heard: () => void
  readonly #readerOf: ReaderOf<Row>
  #slots: Slot<Row>[] = []
  #names = 0
  /** The beginning of a message whose rest has not come yet. */
  #partial: Buffer | undefined

  /** Takes the connection over; `heard` is called whenever the server says something. */
  constructor(socket: Duplex, heard: () => void, readerOf: ReaderOf<Row>) {
    this.#socket = socket
    this.#heard = heard
    this.#readerOf = readerOf
    for (const event of ['data', 'drain']) socket.removeAllListeners(event)
    socket.on('data', (bytes: Buffer) => this.#read(bytes))
  }

  /**
   * Sends all in one write. Together means that those behind one that fails are not run; they get its error. Otherwise
   * each stands alone.
   */
  ask(statements: readonly Asked[], together: boolean): Promise<(Told<Row> | postgres.PostgresError)[]> {
    return Promise.all(this.send(statements, together))
  }

  /** The same; each reply is told as soon as it is there. */
  send(statements: readonly Asked[], together: boolean): Promise<Told<Row> | postgres.PostgresError>[] {
    if (this.#socket.writableLength > 0) this.#writer.renew()
    const fresh = new Set<string>()
    const replies = statements.map(
      (statement, index) =>
        new Promise<Told<Row> | postgres.PostgresError>((settle) => {
          const last = !together || index === statements.length - 1
          this.#slots.push({ ...this.#put(statement, fresh), last, rows: [], settle })
          if (last) this.#writer.sync()
        }),
    )
    this.#socket.write(this.#writer.take())
    return replies
  }

  /** What has parameters comes again and is prepared; within a burst only once, since its first time may fail. */
  #put({ text, parameters = [] }: Asked, fresh: Set<string>): Pick<Slot<Row>, 'known' | 'learns'> {
    let known = this.#known.get(text)
    let learns: string | undefined
    if (!known) {
      learns = parameters.length > 0 && !fresh.has(text) ? text : undefined
      fresh.add(text)
      known = { name: learns === undefined ? '' : `s${(this.#names += 1)}`, reader: undefined }
      this.#writer.parse(known.name, text, parameters)
      this.#writer.describe(known.name)
    }
    this.#writer.bind(known.name, parameters)
    this.#writer.execute()
    return { known, learns }
  }

  #read(bytes: Buffer): void {
    this.#heard()
    const all = this.#partial ? Buffer.concat([this.#partial, bytes]) : bytes
    let at = 0
    while (all.length - at >= 5) {
      const end = at + 1 + all.readInt32BE(at + 1)
      if (end > all.length) break
      this.#hear(all[at] ?? 0, all, at + 5, end)
      at = end
    }
    this.#partial = at < all.length ? all.subarray(at) : undefined
  }

  #hear(type: number, bytes: Buffer, at: number, end: number): void {
    const [slot] = this.#slots
    if (!slot) return
    switch (String.fromCharCode(type)) {
      case '1':
        if (slot.learns !== undefined) this.#known.set(slot.learns, slot.known)
        return
      case 'T':
        slot.known.reader = this.#readerOf(bytes, at)
        return
      case 'D':
        if (slot.known.reader) slot.rows.push(slot.known.reader(bytes, at))
        return
      case 'C':
        this.#replied(slot, { command: commandOf(bytes, at, end), rows: slot.rows })
        return
      case 'I':
        this.#replied(slot, { command: '', rows: [] })
        return
      case 'E':
        this.#failed(slot, readError(bytes, at))
        return
      case 'Z':
        this.#ready()
        return
      default:
    }
  }

  #replied(slot: Slot<Row>, reply: Told<Row>): void {
    slot.reply = reply
    if (slot.last) return
    slot.settle(reply)
    this.#slots.shift()
  }

  /** What the server knew of the statement may have grown stale: the next time it is told anew. */
  #failed(slot: Slot<Row>, error: postgres.PostgresError): void {
    if (/^(?:0A000|26000)$/.test(error.code)) this.#known.clear()
    slot.reply = error
    // The server has closed the connection: nothing else will be heard.
    if (/^(?:FATAL|PANIC)$/.test(error.severity)) for (const one of this.#slots.splice(0)) one.settle(error)
  }

  /** Up to the last one before the Sync all have failed with the one that did. */
  #ready(): void {
    const count = this.#slots.findIndex(({ last }) => last) + 1
    const told = this.#slots.splice(0, count)
    const reply = told[0]?.reply
    for (const slot of told) if (reply) slot.settle(reply)
  }
}

/** `INSERT 0 5` is INSERT. */
function commandOf(bytes: Buffer, at: number, end: number): string {
  const tag = bytes.toString('latin1', at, end - 1)
  return /^[A-Z ]*[A-Z]/.exec(tag)?.[0] ?? tag
}

const errorFields: Readonly<Record<string, string>> = {
  S: 'severity_local',
  V: 'severity',
  C: 'code',
  M: 'message',
  D: 'detail',
  H: 'hint',
  P: 'position',
  W: 'where',
  s: 'schema_name',
  t: 'table_name',
  c: 'column_name',
  n: 'constraint_name',
  R: 'routine',
}

function readError(bytes: Buffer, at: number): postgres.PostgresError {
  const fields: Record<string, string> = {}
  for (let place = at; bytes[place] !== 0; ) {
    const end = bytes.indexOf(0, place)
    const name = errorFields[String.fromCharCode(bytes[place] ?? 0)]
    if (name) fields[name] = bytes.toString('utf8', place + 1, end)
    place = end + 1
  }
  return new postgres.PostgresError(fields as never)
}
