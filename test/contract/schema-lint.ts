// How @graphql-eslint judges the schema: its rules for any schema and for Relay, and where this one differs, with the
// reason. A new type without an id, or a new plain list of things that have one, has to be entered here.
import { configs, parser, rules } from '@graphql-eslint/eslint-plugin'
import type { Linter } from 'eslint'

/** Types that are no things of their own: they are read where they stand, and nobody asks for one again. */
export const withoutIdentity: Readonly<Record<string, string>> = {
  Actor: 'who did something: an operator, a token, a provider account or nobody',
  AuditChange: 'a line of an audit entry',
  BetPreview: 'a bet, and what would become of it',
  BetEventMessage: 'a message',
  Exclusion: 'a part of a player',
  Fact: 'a value',
  Figure: 'a value',
  Heartbeat: 'a message',
  KindFigures: 'a part of other figures',
  LedgerEntryPreview: 'what is not there yet',
  Money: 'a value',
  MoneyChange: 'two values',
  MoneyPreview: 'an answer',
  PageInfo: 'Relay has it so',
  PendingLimit: 'a part of a limit',
  Performance: 'a report',
  PerformanceRow: 'a line of a report',
  ProviderHealth: 'an account, and a time',
  ReachedLimit: 'the limit as it was then: a part of an event',
  ReconciliationProgress: 'a figure',
  ReportedTransaction: 'a line of a report',
  RoundPreview: 'a round, and what would become of it',
  SessionFigures: 'a part of a session',
  SearchHit: 'a thing, and where it was found',
  SearchResult: 'an answer',
  SharedNetwork: 'a line of a report',
  SharedNetworks: 'a report',
  StatementSum: 'a line of a statement',
  StoryEntry: 'a line of a story',
  StreamLagged: 'a message',
  StreamLive: 'a message',
  StuckRound: 'a round, and since when it hangs',
  TimelineStage: 'a line of a timeline',
  Viewer: 'the caller',
  WalletBalance: 'a wallet, and an instant',
  WalletPreview: 'a wallet, and what would become of it',
  WalletStatement: 'a wallet, and two instants',
}

/** Lists of things with an id that are no connections: short by nature, and wanted whole. */
export const plainLists: Readonly<Record<string, string>> = {
  'Brand.limits': 'a few',
  'Brand.operators': 'staff',
  'Brand.providerAccounts': 'one a provider',
  'Game.limits': 'a few',
  'Operator.brands': 'a few',
  'Operator.tokens': 'a few',
  'Player.limits': 'a few',
  'Player.wallets': 'one a currency',
  'Provider.accounts': 'one a brand',
  'Provider.games': 'a catalogue, kept in memory',
  'Query.brands': 'a few',
  'Query.games': 'a catalogue, kept in memory',
  'Query.nodes': 'as many as were asked for',
  'Query.operators': 'staff',
  'Query.providers': 'a few',
  'SharedNetwork.players': 'a hundred at most',
  'Token.brands': 'a few',
  'Transaction.ledgerEntries': 'the legs of one transaction',
  'Viewer.brands': 'a few',
}

const whatTheCallerMay = 'made to be asked for next to fields of other types, as GitHub has it'

/** What single rules complain of and is better so: the rule, the name that it points at, the reason. */
export const excepted: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'no-typename-prefix': {
    roundKey: 'one name for it wherever it stands: on bets, filters and references too',
    transactionKey: 'one name for it wherever it stands: on bets, calls, filters and references too',
    viewerCanBlockPlayers: whatTheCallerMay,
    viewerCanManageSessions: whatTheCallerMay,
    viewerCanRecordCash: whatTheCallerMay,
    viewerCanRegisterPlayers: whatTheCallerMay,
    viewerCanSeeAudit: whatTheCallerMay,
    viewerCanSeePersonalData: whatTheCallerMay,
    viewerCanSeeProviderCalls: whatTheCallerMay,
  },
  'relay-edge-types': {
    StoryEntryEdge: 'a page of lines',
    StuckRoundEdge: 'a page of findings about rounds, not of the rounds',
  },
}

export const lintConfig: Linter.Config = {
  files: ['schema/*.graphql'],
  languageOptions: { parser, parserOptions: { graphQLConfig: { schema: 'schema/*.graphql' } } },
  plugins: { '@graphql-eslint': { rules } } as never,
  rules: {
    ...(configs['flat/schema-recommended'].rules as Linter.RulesRecord),
    ...(configs['flat/schema-relay'].rules as Linter.RulesRecord),
    // A line where it fits into one, a block where it does not.
    '@graphql-eslint/description-style': 'off',
    '@graphql-eslint/strict-id-in-types': [
      'error',
      // Pages, payloads and their errors have none either, nor have figures.
      {
        exceptions: {
          suffixes: ['Connection', 'Edge', 'Payload', 'Error', 'Count', 'Figures', 'Totals'],
          types: Object.keys(withoutIdentity),
        },
      },
    ],
    // Values have plain lists; those of things with an id are looked at by `plainLists`, which this rule cannot name.
    '@graphql-eslint/relay-edge-types': [
      'error',
      { withEdgeSuffix: true, shouldImplementNode: true, listTypeCanWrapOnlyEdgeType: false },
    ],
  },
}
