// A script over plain HTTP, with types made from the schema: it prints every settled bet, a page at a time. Its
// answers are typed by its query, so that a field that is not asked for, or does not exist, does not compile.
//
//   PITBOSS_URL=http://127.0.0.1:4000/graphql PITBOSS_TOKEN=pb_… node list-bets.ts [--by-hash]
import { graphql } from './gql/index.ts'
import type { BetFilter, SettledBetsQuery, TypedDocumentString } from './gql/graphql.ts'

const SettledBets = graphql(`
  query SettledBets($first: Int!, $after: String, $filter: BetFilter) {
    bets(first: $first, after: $after, filter: $filter, sort: { key: PLACED_AT, direction: ASC }) {
      nodes {
        transactionKey
        result
        placedAt
        stake {
          amount
          currency
        }
        payout {
          amount
        }
        player {
          externalId
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

const { PITBOSS_URL: url = 'http://127.0.0.1:4000/graphql', PITBOSS_TOKEN: token = '' } = process.env
/** By the hash of the document instead of its text: for roles that may run trusted documents only. */
const byHash = process.argv.includes('--by-hash')
const PAGE_SIZE = 2

async function ask<Result, Variables>(
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
): Promise<Result> {
  const { __meta__: meta } = document
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({
      ...(byHash ? { documentId: meta?.['hash'] as string } : { query: document.toString() }),
      variables,
    }),
  })
  const { data, errors } = (await response.json()) as { data?: Result; errors?: { message: string }[] }
  if (!data || errors)
    throw new Error(errors?.map(({ message }) => message).join('; ') ?? response.statusText)
  return data
}

const filter: BetFilter = { status: { eq: 'SETTLED' }, kind: { eq: 'REAL' } }
let after: string | null = null
let more = true
while (more) {
  const { bets }: SettledBetsQuery = await ask(SettledBets, { first: PAGE_SIZE, after, filter })
  for (const { transactionKey, result, stake, payout, player } of bets?.nodes ?? []) {
    const line = [transactionKey, player?.externalId, result, stake.amount, payout.amount, stake.currency]
    process.stdout.write(`${line.join(' ')}\n`)
  }
  after = bets?.pageInfo.endCursor ?? null
  more = bets?.pageInfo.hasNextPage ?? false
}
