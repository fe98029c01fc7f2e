// What an operation may cost at most, read off its document before it runs, and what an answer did cost, counted on
// its data by the same prices. What lies beneath a list counts for each of its rows.
import {
  type DocumentNode,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql'
import { type Asked, collectPlaces, type Place, type Selected } from './cost-places.ts'
import {
  carriedLists,
  carriedOf,
  type Condition,
  isConnection,
  type Size,
  sizeOf,
  type Values,
  valuesOf,
} from './cost-values.ts'

/** A scalar costs nothing. A row is one of a connection's page. */
export const prices = { object: 1, connection: 2, row: 1, mutation: 10 } as const

export interface CostPlan {
  /** The most that the operation costs with these variables. */
  requested(variables: Values): number
  /** What these data cost: more than that only where a list without pages has more rows than are assumed. */
  actual(data: unknown): number
}

/** A place where objects come. */
interface Spot {
  readonly key: string
  /** Of each object. */
  readonly price: number
  /** How many there can be; ROWS: as many as what they stand in says. */
  readonly size: Size | 'ROWS'
  /** What it says of the lists in it; a connection says its own number. */
  readonly carried: Size | undefined
  readonly when: Condition | undefined
  readonly isConnection: boolean
  readonly below: Below
}

interface Below {
  readonly spots: readonly Spot[]
  /** Which of them can come together: a list for each kind of object. */
  readonly alternatives: readonly (readonly Spot[])[]
  /** The names under which a connection gives its rows. */
  readonly rowKeys: readonly string[]
}

const plans = new WeakMap<OperationDefinitionNode, CostPlan>()

/** Made once for each document: those that are kept keep their plans. */
export function costPlan(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): CostPlan {
  const known = plans.get(operation)
  if (known) return known
  const root = schema.getRootType(operation.operation)
  const isMutation = operation.operation === OperationTypeNode.MUTATION
  const read = (selected: readonly Selected[]): Below =>
    belowOf(collectPlaces(schema, document, selected), read)
  const places = collectPlaces(schema, document, root ? [{ type: root, set: operation.selectionSet }] : [])
  const below = belowOf(places, read, isMutation ? prices.mutation : undefined)
  const valuesWith = valuesOf(operation)
  const plan = {
    requested: (variables: Values) => mostOf(below, valuesWith(variables), 0),
    actual: (data: unknown) => countOf(below, data),
  }
  plans.set(operation, plan)
  return plan
}

function belowOf(
  places: readonly Place[],
  read: (selected: readonly Selected[]) => Below,
  price?: number,
): Below {
  const pairs = places.map((place) => ({ place, spot: spotOf(place, read(place.selected), price) }))
  const worth = pairs.filter(({ spot }) => spot.price > 0 || spot.below.spots.length > 0)
  const alternatives = new Map<string, Spot[]>()
  for (const type of new Set(worth.flatMap(({ place }) => [...place.types]))) {
    const together = worth.filter(({ place }) => place.types.has(type)).map(({ spot }) => spot)
    alternatives.set(together.map(({ key }) => key).join(), together)
  }
  return {
    spots: worth.map(({ spot }) => spot),
    alternatives: [...alternatives.values()],
    rowKeys: places.filter(({ asked }) => asked.some(isRows)).map(({ key }) => key),
  }
}

function spotOf({ key, when, asked }: Place, below: Below, given?: number): Spot {
  const price = given ?? Math.max(...asked.map(priceOf))
  const sizes = asked.map(({ field, node }) => sizeOf(field, node))
  const said = asked.flatMap(({ field, node }) => carriedOf(field, node) ?? [])
  return {
    key,
    price,
    size: asked.some(isRows) || asked.some(isCarried) ? 'ROWS' : largest(sizes),
    carried: said.length > 0 ? largest(said) : undefined,
    when,
    isConnection: asked.some(({ field }) => isConnection(field.type)),
    below,
  }
}

function largest(sizes: readonly Size[]): Size {
  const [only] = sizes
  return only && sizes.length === 1 ? only : (values) => Math.max(...sizes.map((size) => size(values)))
}

/** Rows are paid with their connection, whose edges and page are no things of their own. */
function priceOf(asked: Asked): number {
  const { parent, field } = asked
  const type = getNamedType(field.type)
  if (isConnection(type)) return prices.connection
  const isRow = parent.name.endsWith('Edge') && field.name === 'node'
  const isFree = !isCompositeType(type) || isRows(asked) || isRow || type.name === 'PageInfo'
  return isFree ? 0 : prices.object
}

const isRows = ({ parent, field }: Asked): boolean =>
  isConnection(parent) && ['edges', 'nodes'].includes(field.name)

const isCarried = ({ parent, field }: Asked): boolean => carriedLists.includes(`${parent.name}.${field.name}`)

/** `rows` is what the spot says that these stand in: the size of its page, or of its lists. */
function mostOf(below: Below, values: Values, rows: number): number {
  let most = 0
  for (const together of below.alternatives) {
    let sum = 0
    for (const spot of together) if (!spot.when || spot.when(values)) sum += mostAt(spot, values, rows)
    most = Math.max(most, sum)
  }
  return most
}

function mostAt({ price, size, carried, isConnection, below }: Spot, values: Values, rows: number): number {
  const count = size === 'ROWS' ? rows : size(values)
  if (isConnection) return price + count * prices.row + mostOf(below, values, count)
  return count * (price + mostOf(below, values, carried?.(values) ?? 0))
}

function countOf(below: Below, value: unknown): number {
  if (!isRecord(value)) return 0
  let sum = 0
  for (const spot of below.spots) {
    const found = value[spot.key]
    if (found !== null && found !== undefined) sum += countAt(spot, found)
  }
  return sum
}

function countAt(spot: Spot, value: unknown): number {
  if (Array.isArray(value)) {
    let sum = 0
    for (const one of value) if (one !== null) sum += countAt(spot, one)
    return sum
  }
  const sum = spot.price + countOf(spot.below, value)
  return spot.isConnection && isRecord(value) ? sum + rowsIn(spot.below, value) * prices.row : sum
}

function rowsIn({ rowKeys }: Below, connection: Readonly<Record<string, unknown>>): number {
  let most = 0
  for (const key of rowKeys) {
    const rows = connection[key]
    if (Array.isArray(rows)) most = Math.max(most, rows.length)
  }
  return most
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null
