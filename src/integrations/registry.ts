import type { QuoteKeys } from '../domain/search/types.ts'
import type { Dialect } from './dialect.ts'
import { engine } from './engine/engine.ts'
import { evolution } from './evolution/evolution.ts'
import { hub88 } from './hub88/hub88.ts'
import { swipe } from './swipe/swipe.ts'

/** Every dialect spoken, by the name that provider accounts carry. */
export const dialects: ReadonlyMap<string, Dialect> = new Map(
  [hub88, evolution, swipe, engine].map((one) => [one.name, one]),
)

/** How an id that people quote stands in keys: of the dialects that build keys of ids. */
export const quoteKeys: QuoteKeys = (id) =>
  [...dialects.values()]
    .filter((one) => one.transactionKeysOf ?? one.roundKeyStartOf)
    .map((one) => ({
      dialect: one.name,
      transactionKeys: one.transactionKeysOf?.(id) ?? [],
      roundKeyStart: one.roundKeyStartOf?.(id),
    }))
