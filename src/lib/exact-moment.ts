/** A Date holds milliseconds; stamps of the journal and the ledger carry microseconds, and so may a caller's moment. */
export class ExactMoment extends Date {
  readonly microseconds: string

  constructor(at: Date, microseconds: string) {
    super(at)
    this.microseconds = microseconds
  }

  /** What is made of JSON (digests of filters, fingerprints of inputs) tells such moments apart. */
  override toJSON(): string {
    return exactText(this)
  }
}

/** RFC 3339 in UTC with six digits, `2026-03-01T12:30:00.000001Z`: as text they compare as moments do. */
export const exactText = (at: Date): string =>
  `${at.toISOString().slice(0, -1)}${at instanceof ExactMoment ? at.microseconds : '000'}Z`
