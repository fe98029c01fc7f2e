// Filters become conditions of SQL here, one maker per kind of filter. A filter that is null or empty says nothing;
// an empty `in` matches nothing.
import { ExactMoment, exactText } from '../lib/exact-moment.ts'
import { Problem } from '../lib/problem.ts'
import { uuidFloor } from '../lib/uuid.ts'
import type { Parameters } from './rows.ts'

export interface ChoiceFilter<T extends string = string> {
  readonly eq?: T | null | undefined
  readonly in?: readonly T[] | null | undefined
}

export interface TextFilter extends ChoiceFilter {
  readonly startsWith?: string | null | undefined
}

/** Both bounds included, in minor units. */
export interface MinorRange {
  readonly currency: string
  readonly gteMinor?: bigint | undefined
  readonly lteMinor?: bigint | undefined
}

/** All that are given must hold, both bounds included. */
export interface IntFilter {
  readonly eq?: number | null | undefined
  readonly in?: readonly number[] | null | undefined
  readonly gte?: number | null | undefined
  readonly lte?: number | null | undefined
}

/** Both bounds included, as decimal texts. */
export interface DecimalRange {
  readonly gte?: string | null | undefined
  readonly lte?: string | null | undefined
}

/** From a moment on, before another. */
export interface TimeRange {
  readonly gte?: Date | null | undefined
  readonly lt?: Date | null | undefined
}

export type Condition<Filter> = (filter: Filter, parameters: Parameters) => string[]

export const choicesMax = 100
const textBytesMax = 256

/** What is left to choose from; undefined when the filter says nothing. */
export function choicesOf<T extends string>(filter: ChoiceFilter<T> | null | undefined): T[] | undefined {
  const eq = filter?.eq ?? undefined
  const among = filter?.in ?? undefined
  if (among && among.length > choicesMax)
    throw refusal(`in takes at most ${choicesMax} values, not ${among.length}`)
  if (eq === undefined) return among && [...new Set(among)]
  return among === undefined || among.includes(eq) ? [eq] : []
}

export const choice =
  (column: string, type: 'uuid' | 'text' = 'text'): Condition<ChoiceFilter> =>
  (filter, parameters) => {
    const choices = choicesOf(filter)?.map(checkText)
    return choices ? [`${column} = any(${parameters.addArray(type, choices)})`] : []
  }

export const text =
  (column: string): Condition<TextFilter> =>
  (filter, parameters) => {
    const prefix = filter.startsWith ?? undefined
    const starts =
      prefix === undefined ? [] : [`starts_with(${column}, ${parameters.add('text', checkText(prefix))})`]
    return [...choice(column)(filter, parameters), ...starts]
  }

export const minor =
  (column: string, currency: string): Condition<MinorRange> =>
  (range, parameters) => [
    `${currency} = ${parameters.add('text', range.currency)}`,
    ...(range.gteMinor === undefined ? [] : [`${column} >= ${parameters.add('int8', range.gteMinor)}`]),
    ...(range.lteMinor === undefined ? [] : [`${column} <= ${parameters.add('int8', range.lteMinor)}`]),
  ]

/** Where there may be a currency without an amount: that does not match. */
export const minorIfAny =
  (column: string, currency: string): Condition<MinorRange> =>
  (range, parameters) => [`${column} is not null`, ...minor(column, currency)(range, parameters)]

export const time =
  (column: string): Condition<TimeRange> =>
  ({ gte, lt }, parameters) => [
    ...(gte ? [`${column} >= ${parameters.add('timestamptz', exactText(gte))}`] : []),
    ...(lt ? [`${column} < ${parameters.add('timestamptz', exactText(lt))}`] : []),
  ]

/** A time range over UUIDv7 ids that are made of that time. */
export const timeOfId =
  (column: string): Condition<TimeRange> =>
  ({ gte, lt }, parameters) => [
    ...(gte ? [`${column} >= ${parameters.add('uuid', floor(gte))}`] : []),
    ...(lt ? [`${column} < ${parameters.add('uuid', floor(lt))}`] : []),
  ]

/** No id is older than 1970, and none stands between two milliseconds. */
const floor = (at: Date) =>
  uuidFloor(new Date(Math.max(0, at.getTime() + (at instanceof ExactMoment ? 1 : 0))))

/** Of a column that is negative where there is no value, and else has so many parts to one. */
export const parts =
  (column: string, toOne: string): Condition<DecimalRange> =>
  ({ gte, lte }, parameters) => {
    const bound = (value: string) => `${parameters.add('numeric', value)} * ${toOne}`
    const bounds = [
      ...(gte ? [`${column} >= ${bound(gte)}`] : []),
      ...(lte ? [`${column} <= ${bound(lte)}`] : []),
    ]
    return bounds.length === 0 ? [] : [`${column} >= 0`, ...bounds]
  }

/** What the key leads to matches: `related('t.game_id', 'select x.id from games x', choice('x.category'))`. */
export const related =
  <Filter>(key: string, select: string, condition: Condition<Filter>): Condition<Filter> =>
  (filter, parameters) => {
    const said = condition(filter, parameters)
    return said.length === 0 ? [] : [`${key} in (${select} where ${said.join(' and ')})`]
  }

export const int =
  (column: string): Condition<IntFilter> =>
  ({ eq, in: among, gte, lte }, parameters) => {
    if (among && among.length > choicesMax)
      throw refusal(`in takes at most ${choicesMax} values, not ${among.length}`)
    const compare = (operator: string, value: number | null | undefined) =>
      value === null || value === undefined ? [] : [`${column} ${operator} ${parameters.add('int4', value)}`]
    const chosen = among ? [`${column} = any(${parameters.addArray('int4', among)})`] : []
    return [...compare('=', eq), ...chosen, ...compare('>=', gte), ...compare('<=', lte)]
  }

export const flag =
  (column: string): Condition<boolean> =>
  (value, parameters) => [`(${column}) = ${parameters.add('bool', value)}`]

/** A text that the database takes, and that is short. */
export function checkText(value: string): string {
  const bytes = Buffer.byteLength(value)
  if (bytes > textBytesMax)
    throw refusal(`a text of a filter has ${bytes} bytes; the limit is ${textBytesMax}`)
  if (value.includes('\0') || !value.isWellFormed())
    throw refusal('a text of a filter has a character that no text has')
  return value
}

const refusal = (message: string) => new Problem('BAD_USER_INPUT', message, 'filter')
