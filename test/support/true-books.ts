// A database with a little of everything that money does, all of it true: two players through a provider's signed
// calls, and an operator at the cashier.
import { foldAll } from '../../src/domain/figures/fold.ts'
import { uuidv7 } from '../../src/lib/uuid.ts'
import { commandsOf } from './commands.ts'
import type { TestDatabase } from './database.ts'
import { betFields, rollbackFields, winFields } from './hub88-client.ts'
import { openScene, type Scene } from './hub88-scene.ts'
import type { WorldSession } from './provider-world.ts'

export interface TrueBooks {
  readonly scene: Scene
  readonly sql: TestDatabase['sql']
  /** Plays the same once more, under other keys. */
  playMore(): Promise<void>
  close(): Promise<void>
}

export async function openTrueBooks(): Promise<TrueBooks> {
  const scene = await openScene()
  const sessions = [await scene.player({ cashMinor: 0n }), await scene.player({ cashMinor: 0n })]
  const operatorId = uuidv7()
  for (const session of sessions) await deposit(scene, session, operatorId)
  const playMore = async () => {
    for (const session of sessions) await play(scene, session)
  }
  await playMore()
  await foldAll(scene.app.database)
  return { scene, sql: scene.app.database.sql, playMore, close: () => scene.app.close() }
}

/** An operator's deposit of 1000.00, with its audit entry and the answer that is remembered under its key. */
async function deposit({ app, world }: Scene, { player }: WorldSession, operatorId: string): Promise<void> {
  const commands = commandsOf({ ...world })
  const seat = { playerId: player.id, tokenHash: Buffer.alloc(0) }
  const auditId = uuidv7()
  const command = {
    ...commands.deposit(seat, { key: `deposit ${player.id}`, amountMinor: 100_000n }),
    actor: { kind: 'OPERATOR', id: operatorId } as const,
    trace: `request ${player.id}`,
  }
  const { brandId } = world
  const subject = { brandId, subjectType: 'Player', subjectId: player.id }
  const audit = { action: 'recordDeposit', outcome: 'ALLOWED', ...subject } as const
  await app.submit({ command, attach: () => ({ audit, auditId }) })
  await app.database.sql`
    insert into mutation_keys (brand_id, actor_id, mutation, key, input_hash, result, created_at) values
    (${brandId}, ${operatorId}, 'recordDeposit', ${player.id}, '', ${{ auditEntryId: auditId } as never}, now())`
}

/** Won, lost, taken back before and after its win, taken back before it came, sent twice, too dear, left open. */
async function play(scene: Scene, session: WorldSession): Promise<void> {
  const send = (verb: 'bet' | 'win' | 'rollback', fields: object) =>
    scene.call(`/transaction/${verb}`, fields)
  const [won, lost, back, reversed, never, dear, open] = Array.from({ length: 7 }, () => betFields(session))
  const all = { won, lost, back, reversed, never, dear, open }
  const bet = (name: keyof typeof all) => all[name] ?? betFields(session)
  await send('bet', bet('won'))
  await send('win', winFields(bet('won')))
  await send('win', winFields(bet('won'), { amount: 50_000, round_closed: true }))
  await send('bet', bet('lost'))
  await send('bet', bet('lost'))
  await send('win', winFields(bet('lost'), { amount: 0, round_closed: true }))
  await send('bet', bet('back'))
  await send('rollback', rollbackFields(bet('back')))
  await send('bet', bet('reversed'))
  const win = winFields(bet('reversed'), { round_closed: true })
  await send('win', win)
  await send('rollback', rollbackFields(win))
  await send('rollback', rollbackFields(bet('reversed')))
  await send('rollback', rollbackFields(bet('never')))
  await send('bet', bet('never'))
  await send('bet', { ...bet('dear'), amount: 900_000_000_000 })
  await send('bet', bet('open'))
}
