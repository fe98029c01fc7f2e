/** The tabs of a first visit. The first word after `query` or `subscription` is the name on the tab. */

const LATEST_BETS = `# The latest bets, newest first.
# Ctrl-Enter runs, Ctrl-Space completes.
query LatestBets {
  bets(first: 20, sort: { key: PLACED_AT, direction: DESC }) {
    edges {
      node {
        id
        status
        result
        stake { amount currency }
        payout { amount currency }
        placedAt
        transactionKey
        player { externalId }
        game { name provider { name } }
        round { roundKey status }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
`

const ONE_BET = `# All that is known of one bet: its stages, its money, and what the provider sent.
query OneBet {
  bets(first: 1, sort: { key: PLACED_AT, direction: DESC }) {
    nodes {
      id
      status
      stake { amount currency }
      payout { amount currency }
      timeline { stage at source { __typename } }
      ledgerEntries(first: 20, sort: { key: RECORDED_AT, direction: ASC }) {
        nodes { id account amount { amount currency } balanceAfter { amount } recordedAt }
      }
      providerCalls(first: 5) {
        nodes { id receivedAt requestBody replyBody }
      }
    }
  }
}
`

const LIVE_BETS = `# Every event of a bet as it happens, over the socket. Run it, then place a bet.
subscription LiveBets {
  betEvents {
    cursor
    occurredAt
    replayed
    event {
      __typename
      ... on BetPlaced {
        bet { id }
        stake { amount currency }
        player { externalId }
      }
      ... on WinRecorded {
        bet { id }
        payout { amount currency }
      }
      ... on LossRecorded {
        bet { id }
      }
    }
  }
}
`

const WHO_AM_I = `# Whose token this is and what it may do.
query WhoAmI {
  viewer {
    name
    role
    permissions
  }
}
`

export const EXAMPLES: readonly string[] = [LATEST_BETS, ONE_BET, LIVE_BETS, WHO_AM_I]
