// The disk is full while bets go on, and has room again later: a file system of 200 MB and a large file on it do that.
import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auditKills } from '../support/kills-audit.ts'
import { type KillsStage, more, openKillsStage } from '../support/kills-stage.ts'
import { seeded } from '../support/random.ts'
import { until } from '../support/until.ts'

const mayMount = process.getuid?.() === 0 && process.platform === 'linux'
const title = mayMount ? 'a full disk' : 'a full disk (skipped: mounting a small file system needs root)'

describe.skipIf(!mayMount)(title, () => {
  let stage: KillsStage
  let dir: string
  const mounted: string[] = []
  beforeAll(async () => {
    dir = mkdtempSync('/tmp/pitboss-disk-')
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=200m,mode=755', 'tmpfs', dir])
    mounted.push(dir)
    // What is preallocated stays; a write-ahead log that could not grow would end the server, which then has to be
    // started again by whoever makes room.
    const settings = { min_wal_size: '96MB', max_wal_size: '96MB', max_connections: '60' }
    stage = await openKillsStage({ dir, random: seeded(1), settings })
  })
  afterAll(async () => {
    await stage?.close()
    for (const one of mounted) execFileSync('umount', ['-l', one])
    rmSync(dir, { recursive: true, force: true })
  })

  /** Leaves nothing free; the answer gives it back. */
  function fill(): () => void {
    const path = join(dir, 'ballast')
    const file = openSync(path, 'w')
    for (const size of [1 << 20, 4096]) {
      const chunk = Buffer.alloc(size)
      try {
        while (statfsSync(dir).bavail > 0) writeSync(file, chunk)
      } catch {
        // No room for that much; perhaps for less.
      }
    }
    closeSync(file)
    return () => unlinkSync(path)
  }

  const linesOf = () => stage.servers.reduce((sum, { said }) => sum + said.length, 0)

  test('postpones bets and loses none; they go on once there is room, and the log stays short', async () => {
    await stage.whilePlaying(async () => {
      await until(more(stage.client, { answered: 20 }))
      const before = { ...stage.client.tally(), lines: linesOf() }
      const makeRoom = fill()
      await until(more(stage.client, { postponed: 30 }), 30_000).finally(makeRoom)
      const { unanswered, postponed } = stage.client.tally()
      // Whoever could not be served was told so in time: nobody was left without an answer.
      expect(unanswered - before.unanswered).toBe(postponed - before.postponed)
      expect(linesOf() - before.lines).toBeLessThan(60)
      await until(more(stage.client, { answered: 30 }))
    })
    expect(await auditKills(stage)).toEqual([])
  })
})
