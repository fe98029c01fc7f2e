import {
  type EventFilter,
  type IdDimension,
  idDimensionNames,
  idDimensions,
} from '../domain/journal/filter.ts'
import type { JournalEvent } from '../domain/journal/types.ts'

type Bucket<T> = Map<string, Set<T>>

/**
 * Finds those who may want an event without asking all the others: each member stands under the ids of the first
 * dimension that its filter names (the narrowest comes first), else under its brands and types. What is found is
 * still to be matched.
 */
export class FilterIndex<T> {
  readonly #byId = new Map<IdDimension, Bucket<T>>(idDimensionNames.map((name) => [name, new Map()]))
  readonly #byBrand: Bucket<T> = new Map()
  readonly #byBrandAndType: Bucket<T> = new Map()

  add(filter: EventFilter, member: T): void {
    for (const [bucket, key] of this.#keys(filter)) {
      const members = bucket.get(key)
      if (members) members.add(member)
      else bucket.set(key, new Set([member]))
    }
  }

  remove(filter: EventFilter, member: T): void {
    for (const [bucket, key] of this.#keys(filter)) {
      const members = bucket.get(key)
      members?.delete(member)
      if (members?.size === 0) bucket.delete(key)
    }
  }

  /** The groups of those who may want the event; nobody stands in two of them. */
  *candidates(event: JournalEvent): Iterable<ReadonlySet<T>> {
    for (const [name, bucket] of this.#byId) {
      const id = bucket.size === 0 ? null : idDimensions[name](event)
      const members = id === null ? undefined : bucket.get(id)
      if (members) yield members
    }
    if (event.brandId === null) return
    const ofBrand = this.#byBrand.get(event.brandId)
    if (ofBrand) yield ofBrand
    const ofType = this.#byBrandAndType.get(event.brandId + event.type)
    if (ofType) yield ofType
  }

  *#keys(filter: EventFilter): Iterable<[Bucket<T>, string]> {
    const name = idDimensionNames.find((one) => filter[one] !== undefined)
    const bucket = name && this.#byId.get(name)
    if (name && bucket) {
      for (const id of filter[name] ?? []) yield [bucket, id]
      return
    }
    for (const brandId of filter.brandIds) {
      if (!filter.types) yield [this.#byBrand, brandId]
      for (const type of filter.types ?? []) yield [this.#byBrandAndType, brandId + type]
    }
  }
}
