// Tamper evidence: every sealed window must still hash to its seal, and the seals must be the chain that was signed
// and, where files of it are at hand, the one that was exported.
import { existsSync } from 'node:fs'
import type { ReadContext } from '../context.ts'
import { sealsAfter } from '../journal/seals/queries.ts'
import { faultOf, type Seal } from '../journal/seals/seal.ts'
import { exportedChains } from '../journal/seals/seal-file.ts'
import { type Rehashed, sealChains } from '../journal/seals/windows.ts'
import { Problem } from '../../lib/problem.ts'
import { Copies } from './copies.ts'
import type { Found, Invariant, Look } from './types.ts'

/** Windows that are hashed in one statement. */
const pageRows = 20

export const sealsHold: Invariant = {
  id: 'I18',
  says: 'journal, ledger and audit are what was sealed',
  over: 'seals',
  async *check(look) {
    const { sealsDir } = look
    if (sealsDir !== undefined && !existsSync(sealsDir)) {
      throw new Problem('FILE', `seals ${sealsDir}: there is no such folder`, 'seals')
    }
    const exported = sealsDir === undefined ? [] : await exportedChains(sealsDir)
    const names = new Set([...(await chainsInUse(look)), ...exported])
    for (const name of [...names].sort()) yield* chainHolds(look, name)
  },
}

async function chainsInUse({ sql, name }: Look): Promise<string[]> {
  const rows = await sql.unsafe<{ chain: string }[]>(
    `/* verify: ${name}, chains */ select chain from seals group by chain`,
  )
  return rows.map(({ chain }) => chain)
}

async function* chainHolds(look: Look, name: string): AsyncGenerator<Found> {
  const ctx = { sql: look.sql as ReadContext['sql'] }
  const chain = sealChains.find((one) => one.name === name)
  const copies = look.sealsDir === undefined ? undefined : new Copies(look.sealsDir, name)
  for (let before: Seal | undefined; ; ) {
    const page = await sealsAfter(ctx, name, before?.number ?? 0n, pageRows)
    const now = (await chain?.rehash(ctx, page)) ?? []
    const wrong: string[] = []
    for (const [index, seal] of page.entries()) {
      const contradiction = await copies?.contradict(seal)
      const fault = faultOf(seal, before) ?? stranger(seal, look) ?? damage(seal, now[index]) ?? contradiction
      if (fault !== undefined) wrong.push(`${placeOf(seal)}: ${fault}`)
      before = seal
    }
    const last = page.length < pageRows
    const beyond = last ? await copies?.beyond() : undefined
    if (beyond) wrong.push(`${placeOf(beyond)}: it was exported, and the database ends before it`)
    yield { rows: page.length, broken: wrong.length, first: wrong }
    if (last) return
  }
}

const placeOf = ({ chain, number, afterKey, lastKey, firstAt, lastAt }: Seal) =>
  `${chain} seal ${number}, after ${afterKey} up to ${lastKey}, ${firstAt} to ${lastAt}`

/** Whoever can write the database can sign all seals anew, but not with a key that is known elsewhere. */
const stranger = ({ publicKey }: Seal, { sealKeys }: Look): string | undefined =>
  !sealKeys || sealKeys.some((key) => key.equals(publicKey))
    ? undefined
    : `it is signed with another key: ${publicKey.toString('hex')}`

/** What became of the rows of a window; undefined when they are as they were sealed. */
function damage(seal: Seal, now: Rehashed | undefined): string | undefined {
  if (!now) return 'there is no such chain'
  if (now.dropped || (now.digest.equals(seal.digest) && now.rows === seal.rows)) return undefined
  const noun = seal.chain === 'audit' ? 'audit entries' : 'journal rows'
  const counted = [difference(seal.rows, now.rows, noun), difference(seal.legs, now.legs, 'ledger entries')]
  const told = counted.filter((one) => one !== undefined)
  return told.length > 0 ? told.join(', ') : 'a row was changed, or rows changed places'
}

function difference(sealed: number, now: number, noun: string): string | undefined {
  if (now === sealed) return undefined
  return now < sealed
    ? `${sealed - now} of ${sealed} ${noun} are missing`
    : `${now - sealed} ${noun} were added`
}
