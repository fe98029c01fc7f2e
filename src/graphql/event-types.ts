import { type EventType as EventName, eventTypes } from '../domain/journal/types.ts'
import type { EventType } from './generated.ts'

const screaming = (name: EventName) => name.replace(/(?<!^)(?=[A-Z])/g, '_').toUpperCase() as EventType

const typeOfName = new Map(eventTypes.map((name) => [name, screaming(name)]))
const nameOfType = new Map(eventTypes.map((name) => [screaming(name), name]))

/** `BetPlaced` -> `BET_PLACED` */
export const eventType = (name: EventName): EventType => typeOfName.get(name) ?? screaming(name)

/** `BET_PLACED` -> `BetPlaced`; undefined for control messages, which are no events. */
export const eventName = (type: string): EventName | undefined => nameOfType.get(type as EventType)
