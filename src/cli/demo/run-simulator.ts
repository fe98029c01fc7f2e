import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Log } from '../../lib/log.ts'
import { backoff } from '../../lib/backoff.ts'
import type { SimulatorOrders } from '../../simulator/orders.ts'

export interface RunningSimulator {
  stop(): Promise<void>
}

const program = join(import.meta.dirname, '../../simulator/main.ts')
const stopWithinMs = 3_000

/**
 * Starts the simulator in a process of its own, and again when it ends by itself. Its orders, the token among them,
 * go through its standard input; when that is closed, because it shall stop or because we are gone, it ends.
 */
export function runSimulator(orders: SimulatorOrders, log: Log): RunningSimulator {
  let child: ChildProcess | undefined
  let stopping = false
  let restarts = 0

  function begin(): void {
    const started = spawn(process.execPath, [program], {
      stdio: ['pipe', 'ignore', 'pipe'],
      // Ctrl-C in a terminal is for us: we stop the simulator before the server that it talks to.
      detached: true,
      env: {},
    })
    child = started
    started.stdin.on('error', () => undefined)
    started.stdin.write(`${JSON.stringify(orders)}\n`)
    started.stderr.on('data', (chunk) => log.warn({ said: String(chunk).trim() }, 'the simulator complains'))
    started.on('error', (error) => log.error({ err: error }, 'the simulator could not be started'))
    started.on('exit', (code, signal) => {
      if (stopping) return
      restarts += 1
      log.warn({ code, signal, restarts }, 'the simulator ended and is started again')
      void backoff(restarts, { firstMs: 500, capMs: 30_000 }).then(() => {
        if (!stopping) begin()
      })
    })
  }

  begin()
  return {
    async stop() {
      stopping = true
      if (!child || child.exitCode !== null || child.signalCode !== null) return
      const { promise, resolve } = Promise.withResolvers<void>()
      const killing = setTimeout(() => child?.kill('SIGKILL'), stopWithinMs)
      child.once('exit', () => resolve())
      child.stdin?.end()
      await promise
      clearTimeout(killing)
    },
  }
}
