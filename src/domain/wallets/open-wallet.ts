import { build } from '../../db/build.ts'
import { wallets } from '../../db/tables/wallets.ts'
import { uuidv7 } from '../../lib/uuid.ts'
import type { VerbTransaction } from '../journal/verb-lane.ts'

interface NewWallet {
  readonly brandId: string
  readonly playerId: string
  readonly currency: string
}

/** Opens an empty wallet of a player who has none in this currency, with its event. */
export async function openWallet(tx: VerbTransaction, wallet: NewWallet, at: Date): Promise<string> {
  const id = uuidv7(at)
  await tx.query(
    build.insert(wallets).values({
      id,
      ...wallet,
      createdAt: at,
      cashMinor: 0n,
      bonusMinor: 0n,
      owedMinor: 0n,
      version: 0n,
    }),
  )
  tx.append({ type: 'WalletOpened', ...wallet, occurredAt: at, facts: { walletId: id } })
  return id
}
