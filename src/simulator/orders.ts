/** What the demo tells its simulator to do, as one line of JSON on its standard input. */
export interface SimulatorOrders {
  readonly url: string
  /** Of the SERVICE role. */
  readonly token: string
  readonly faultShare: number
  readonly accounts: readonly {
    readonly code: string
    /** The file of the provider's private key. */
    readonly keyPath: string
    readonly seats: number
    /** Calls a second. */
    readonly rate: number
  }[]
  /** The game engine to offer, and to place bets with. */
  readonly engine?: {
    readonly accountCode: string
    readonly port: number
    /** Shared with the platform. */
    readonly secret: string
    /** Bets a second. */
    readonly rate: number
  }
}
