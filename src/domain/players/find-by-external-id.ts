import type { ReadContext } from '../context.ts'

/** What a provider may know of a player: no personal data. */
export interface PlayerFacts {
  readonly id: string
  readonly externalId: string
  readonly country: string
  readonly createdAt: Date
}

export async function findPlayerByExternalId(
  ctx: Pick<ReadContext, 'sql'>,
  by: { readonly brandId: string; readonly externalId: string },
): Promise<PlayerFacts | undefined> {
  const [row] = await ctx.sql<PlayerFacts[]>`
    /* players: by external id, for a provider */
    select p.id, p.external_id as "externalId", p.country, p.created_at as "createdAt"
    from players p where p.brand_id = ${by.brandId} and p.external_id = ${by.externalId}`
  return row
}
