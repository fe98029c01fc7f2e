// Lays the demo down through the verbs themselves, as any platform would. Every step may be done twice: a start that
// was cut short is taken up again by the next one. What comes last in each part tells whether the part is there.
import { addBrand } from '../../domain/brands/add-brand.ts'
import { everyBrand } from '../../domain/brands/every-brand.ts'
import type { Context } from '../../domain/context.ts'
import { importGames } from '../../domain/games/import-games.ts'
import { recordDeposit } from '../../domain/money/record-deposit.ts'
import type { Submit } from '../../domain/money/types.ts'
import { createOperator } from '../../domain/operators/create-operator.ts'
import { allOperators } from '../../domain/operators/queries.ts'
import { findPlayerByExternalId } from '../../domain/players/find-by-external-id.ts'
import { addAccount } from '../../domain/providers/add-account.ts'
import { blockPlayer } from '../../domain/sessions/block-player.ts'
import { registerPlayer } from '../../domain/wallets/register-player.ts'
import { Problem } from '../../lib/problem.ts'
import { type Random, seededRandom } from '../../simulator/random.ts'
import { dialectKnowledge } from '../dialect-knowledge.ts'
import {
  countries,
  demoAccounts,
  demoBrands,
  demoGames,
  demoOperators,
  demoPlayerCounts,
  familyNames,
  givenNames,
} from './demo-data.ts'
import type { DemoKeys } from './keys.ts'

/** Brands, provider accounts, games and operators: quick. False when they are there already. */
export async function layHouse(ctx: Context, keys: DemoKeys): Promise<boolean> {
  if (await isHouseLaid(ctx)) return false
  for (const brand of demoBrands) await unless('BRAND_TAKEN', () => addBrand(ctx, brand))
  for (const { code, brandCode, provider } of demoAccounts) {
    const account = { brandCode, provider, code, dialect: 'hub88', publicKeys: [keys.publicKey(code)] }
    await unless('ACCOUNT_TAKEN', () => addAccount(ctx, account, dialectKnowledge))
  }
  await importGames(ctx, demoGames)
  for (const operator of demoOperators) {
    const kind = operator.role === 'SERVICE' ? 'SCRIPT' : 'STAFF'
    await unless('LOGIN_TAKEN', () => createOperator(ctx, { kind, ...operator }))
  }
  return true
}

/** Players with money: some seconds the first time. Ends early, to be taken up again, when the signal says so. */
export async function layPlayers(ctx: Context, submit: Submit, stopping?: AbortSignal): Promise<boolean> {
  if (await arePlayersLaid(ctx)) return false
  for (const { code, currency } of demoBrands) await layPlayersOf(ctx, submit, { code, currency }, stopping)
  return true
}

async function isHouseLaid(ctx: Context): Promise<boolean> {
  const logins = new Set((await allOperators(await seeingAll(ctx))).map(({ login }) => login))
  return demoOperators.every(({ login }) => logins.has(login))
}

/** The last player is registered once everybody else has money. */
async function arePlayersLaid(ctx: Context): Promise<boolean> {
  for (const { id, code } of await everyBrand(ctx)) {
    const count = demoPlayerCounts[code]
    if (count === undefined) continue
    const last = { brandId: id, externalId: externalIdOf(code, count) }
    if (!(await findPlayerByExternalId(ctx, last))) return false
  }
  return true
}

const externalIdOf = (brandCode: string, number: number) => `${brandCode}-${String(number).padStart(4, '0')}`

/** Lists show what lies in the actor's brands; this one has them all, as they are now. */
export async function seeingAll(ctx: Context): Promise<Context> {
  const brandIds = new Set((await everyBrand(ctx)).map(({ id }) => id))
  return { ...ctx, actor: { ...ctx.actor, brandIds } }
}

async function unless(code: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== code) throw error
  }
}

async function layPlayersOf(
  ctx: Context,
  submit: Submit,
  { code: brandCode, currency }: { readonly code: string; readonly currency: string },
  stopping: AbortSignal | undefined,
): Promise<void> {
  const random = seededRandom(`demo players of ${brandCode}`)
  const count = demoPlayerCounts[brandCode] ?? 0
  const openings: Promise<void>[] = []
  for (let number = 1; number <= count; number += 1) {
    const externalId = externalIdOf(brandCode, number)
    const country = random.pick(countries[brandCode] ?? ['MT'])
    const profile = profileOf(random, externalId)
    const amount = `${random.pick([50, 80, 100, 150, 200, 500]) * (currency === 'SEK' ? 10 : 1)}.00`
    const person = { brandCode, externalId, country, currency, profile }
    if (number === count) await Promise.all(openings)
    if (stopping?.aborted) break
    told(await registerPlayer(ctx, { idempotencyKey: `demo:${externalId}`, ...person }))
    const opening = deposit(ctx, submit, { brandCode, externalId, amount, currency })
    openings.push(number % 70 === 69 ? opening.then(() => block(ctx, brandCode, externalId)) : opening)
  }
  await Promise.all(openings)
}

async function deposit(
  ctx: Context,
  submit: Submit,
  of: { brandCode: string; externalId: string; amount: string; currency: string },
): Promise<void> {
  const { brandCode, externalId, amount, currency } = of
  const player = { brandCode, externalId }
  const answer = await recordDeposit(
    ctx,
    { idempotencyKey: `demo:opening:${externalId}`, player, amount, currency },
    submit,
  )
  // A player blocked by a start that was cut short has the money already, or does without.
  if (answer.userError?.code !== 'PLAYER_BLOCKED') told(answer)
}

async function block(ctx: Context, brandCode: string, externalId: string): Promise<void> {
  const player = { brandCode, externalId }
  const reason = 'Two accounts from one device; documents are being checked'
  await blockPlayer(ctx, { idempotencyKey: `demo:block:${externalId}`, player, reason })
}

function told({
  userError,
}: {
  readonly userError: { readonly code: string; readonly message: string } | null
}): void {
  if (userError) throw new Problem(userError.code, `the demo was refused: ${userError.message}`)
}

function profileOf(random: Random, externalId: string) {
  const given = random.pick(givenNames)
  const digits = String(1_000_000 + random.int(9_000_000))
  return {
    name: `${given} ${random.pick(familyNames)}`,
    email: `${given.toLowerCase()}.${externalId}@example.com`,
    phone: `+35699${digits.slice(0, 6)}`,
    birthDate: `${1955 + random.int(50)}-${pad(1 + random.int(12))}-${pad(1 + random.int(28))}`,
  }
}

const pad = (number: number) => String(number).padStart(2, '0')
