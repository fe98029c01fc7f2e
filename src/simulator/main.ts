// The simulator as a process of its own: it plays the providers of the demo until it is told to stop. It knows HTTP
// and the providers' signing only. It lives as long as its standard input is open, so it never outlives its parent.
import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { backoff } from '../lib/backoff.ts'
import type { SimulatorOrders } from './orders.ts'
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
  void Promise.all(orders.accounts.map((account) => playOn(orders, account))).then(() => process.exit(0))
})
input.once('close', stop)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop)

/** Plays one account, and begins again when something ends it: a demo goes on. */
async function playOn(orders: SimulatorOrders, account: SimulatorOrders['accounts'][number]): Promise<void> {
  const privateKey = createPrivateKey(readFileSync(account.keyPath))
  for (let attempt = 1; !stopping.signal.aborted; attempt += 1) {
    try {
      await simulate({
        urls: [orders.url],
        token: orders.token,
        accountCode: account.code,
        privateKey,
        seed: account.code,
        run: `${process.pid}-${Date.now()}`,
        players: 'EXISTING',
        rate: account.rate,
        seats: account.seats,
        faultShare: orders.faultShare,
        tolerant: true,
        signal: stopping.signal,
      })
    } catch (error) {
      if (stopping.signal.aborted) return
      process.stderr.write(`${account.code}: ${error instanceof Error ? error.message : String(error)}\n`)
      await backoff(attempt, { firstMs: 500, capMs: 10_000 })
    }
  }
}
