import { spawn } from 'node:child_process'

/** Stops the server once its standard input ends without a word: then whoever held the other end is gone. */
const script = 'read -r word; [ "$word" = done ] || kill -INT "$0"'

/**
 * A shell that outlives this process just long enough to stop the server, should this process be killed before it
 * could do so itself. A server left behind all the same is found by the next start.
 */
export function watchOver(serverPid: number): { dismiss(): void } {
  const shell = spawn('/bin/sh', ['-c', script, String(serverPid)], {
    cwd: '/',
    // In a group of its own: Ctrl-C is not for it.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  shell.on('error', () => undefined)
  shell.stdin.on('error', () => undefined)
  shell.unref()
  return { dismiss: () => void shell.stdin.end('done\n') }
}
