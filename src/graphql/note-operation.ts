/** Tells the metrics of an operation that is over; `type` is undefined when the document told none. */
export type NoteOperation = (type: string | undefined, flawless: boolean, ms: number) => void
