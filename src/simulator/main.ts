// The simulator as a process of its own: it plays the providers of the demo until it is told to stop. It knows HTTP
// and the providers' signing only. It lives as long as its standard input is open, so it never outlives its parent.
import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { backoff } from '../lib/backoff.ts'
import { startEngine } from './engine.ts'
import type { SimulatorOrders } from './orders.ts'
import { playEngine } from './play-engine.ts'
import { simulate } from './simulate.ts'

const stopping = new AbortController()
/** What is under way gets this long to be answered. */
const graceMs = 1_500

function stop(): void {
  if (stopping.signal.aborted) return
  stopping.abort()
  setTimeout(() => process.exit(0), graceMs).unref()
}

const input = createInterface({ input: process.stdin })
input.once('line', (line) => {
  const orders = JSON.parse(line) as SimulatorOrders
  const playing = [...orders.accounts.map((account) => playOn(orders, account)), offerEngine(orders)]
  void Promise.all(playing).then(() => process.exit(0))
})
input.once('close', stop)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop)

/** Plays one account, and begins again when something ends it: a demo goes on. */
async function playOn(orders: SimulatorOrders, account: SimulatorOrders['accounts'][number]): Promise<void> {
  const privateKey = createPrivateKey(readFileSync(account.keyPath))
  await goOn(account.code, (run) =>
    simulate({
      urls: [orders.url],
      token: orders.token,
      accountCode: account.code,
      privateKey,
      seed: account.code,
      run,
      players: 'EXISTING',
      rate: account.rate,
      seats: account.seats,
      faultShare: orders.faultShare,
      tolerant: true,
      signal: stopping.signal,
    }),
  )
}

/** Without its port there is no engine: its bets stay pending, and everything else goes on. */
async function offerEngine({ engine, url, token, faultShare }: SimulatorOrders): Promise<void> {
  if (!engine) return
  const { accountCode, port, secret, rate } = engine
  const times = { slowMs: 700, lateMs: 3_000 }
  await goOn(accountCode, async (run) => {
    const offered = await startEngine({ secret, seed: run, faultShare, port, ...times })
    try {
      await playEngine({ url, token, accountCode, seed: accountCode, run, rate, signal: stopping.signal })
    } finally {
      await offered.close()
    }
  })
}

/** Again and again until the simulator stops, each time under a name of its own. */
async function goOn(name: string, play: (run: string) => Promise<unknown>): Promise<void> {
  for (let attempt = 1; !stopping.signal.aborted; attempt += 1) {
    try {
      await play(`${process.pid}-${Date.now()}`)
    } catch (error) {
      if (stopping.signal.aborted) return
      process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`)
      await backoff(attempt, { firstMs: 500, capMs: 10_000 })
    }
  }
}
