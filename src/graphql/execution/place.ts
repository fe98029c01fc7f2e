// Where in the answer a value stands: what paths are made of, and the way up when a null must rise.
import type { FieldPlan, Shape } from './plan.ts'

/** Objects by key, lists by index. */
export type Holder = Record<string | number, unknown>

/** The position of an object or a list. */
export class Place {
  readonly prev: Place | undefined
  readonly key: string | number
  readonly holder: Holder
  readonly plan: FieldPlan
  readonly shape: Shape
  /** Null has taken its place: what becomes of anything beneath it is no longer asked. */
  nulled = false

  constructor(prev: Place | undefined, key: string | number, holder: Holder, plan: FieldPlan, shape: Shape) {
    this.prev = prev
    this.key = key
    this.holder = holder
    this.plan = plan
    this.shape = shape
  }
}

export function pathTo(prev: Place | undefined, key: string | number): (string | number)[] {
  const path = [key]
  for (let place = prev; place; place = place.prev) path.push(place.key)
  return path.toReversed()
}

export function isNulled(from: Place | undefined): boolean {
  for (let place = from; place; place = place.prev) if (place.nulled) return true
  return false
}
