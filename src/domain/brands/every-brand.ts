import type { ReadContext } from '../context.ts'

export interface BrandName {
  readonly id: string
  readonly code: string
}

/** All brands there are, by code: for the system itself, never on somebody's behalf. */
export const everyBrand = async (ctx: Pick<ReadContext, 'sql'>): Promise<BrandName[]> => [
  ...(await ctx.sql<BrandName[]>`/* brands: every one */ select id, code from brands order by code`),
]
