/** What an operator may be allowed to do; the schema's enum Permission lists the same. */
export const permissions = [
  'BRANDS_MANAGE',
  'OPERATORS_MANAGE',
  'PROVIDERS_MANAGE',
  'GAMES_MANAGE',
  'PLAYERS_READ',
  'PLAYERS_PII',
  'PLAYERS_WRITE',
  'WALLETS_READ',
  'CASH_WRITE',
  'SESSIONS_READ',
  'SESSIONS_NETWORK',
  'SESSIONS_WRITE',
  'BETS_READ',
  'BETS_PLACE',
  'BETS_CORRECT',
  'ROUNDS_RESOLVE',
  'RECONCILE',
  'CALLS_READ',
  'CALLS_BODY',
  'EVENTS_READ',
  'ALERTS_READ',
  'ALERTS_WRITE',
  'RULES_MANAGE',
  'REPORTS_READ',
  'EXPORTS_CREATE',
  'AUDIT_READ',
  'SCHEMA_READ',
] as const

export type Permission = (typeof permissions)[number]

export const roles = [
  'ADMIN',
  'GAME_OPS',
  'FRAUD_ANALYST',
  'SUPPORT',
  'ANALYST',
  'AUDITOR',
  'SERVICE',
] as const

export type Role = (typeof roles)[number]

const reading: readonly Permission[] = [
  'PLAYERS_READ',
  'WALLETS_READ',
  'SESSIONS_READ',
  'BETS_READ',
  'EVENTS_READ',
  'SCHEMA_READ',
]

/** The role table: a role is a set of permissions; a token may hold fewer, never more. */
export const rolePermissions: Readonly<Record<Role, readonly Permission[]>> = {
  ADMIN: permissions,
  GAME_OPS: [
    ...reading,
    'GAMES_MANAGE',
    'SESSIONS_WRITE',
    'BETS_CORRECT',
    'ROUNDS_RESOLVE',
    'RECONCILE',
    'CALLS_READ',
    'CALLS_BODY',
    'ALERTS_READ',
    'REPORTS_READ',
  ],
  FRAUD_ANALYST: [
    ...reading,
    'PLAYERS_WRITE',
    'SESSIONS_NETWORK',
    'CALLS_READ',
    'ALERTS_READ',
    'ALERTS_WRITE',
    'RULES_MANAGE',
    'REPORTS_READ',
  ],
  SUPPORT: [...reading, 'PLAYERS_PII', 'PLAYERS_WRITE', 'SESSIONS_WRITE'],
  ANALYST: [...reading, 'REPORTS_READ', 'EXPORTS_CREATE'],
  AUDITOR: [
    ...reading,
    'SESSIONS_NETWORK',
    'CALLS_READ',
    'CALLS_BODY',
    'ALERTS_READ',
    'REPORTS_READ',
    'AUDIT_READ',
    'EXPORTS_CREATE',
  ],
  // Scripts: the platform around Pitboss (registration, cashier, game launch) and internal tools.
  SERVICE: [
    ...reading,
    'PLAYERS_PII',
    'PLAYERS_WRITE',
    'CASH_WRITE',
    'SESSIONS_WRITE',
    'BETS_PLACE',
    'RECONCILE',
    'REPORTS_READ',
  ],
}
