/** Who acts: an operator (by which token), a provider account, or the system itself. */
export interface Actor {
  readonly kind: 'OPERATOR' | 'PROVIDER_ACCOUNT' | 'SYSTEM'
  /** The operator's or the provider account's id; null for the system. */
  readonly id: string | null
  /** What it may do. The system may do everything. */
  readonly permissions: ReadonlySet<string>
  /** The brands it may see and touch. An empty set sees nothing. */
  readonly brandIds: ReadonlySet<string>
}
