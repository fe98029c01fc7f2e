import type { KitDialect } from './dialect.ts'
import { evolution } from './evolution.ts'
import { caleta, hub88 } from './hub88.ts'
import { swipe } from './swipe.ts'

/** Every dialect that the kit speaks, by the name it is asked for. */
export const kitDialects: ReadonlyMap<string, KitDialect> = new Map(
  [hub88, caleta, swipe, evolution].map((one) => [one.name, one]),
)
