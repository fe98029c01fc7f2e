/** What a screen of bets asks for: 50 of them, each with five others that it leads to. */
export const listQuery = /* GraphQL */ `
  query Bets {
    bets(first: 50) {
      nodes {
        id
        transactionKey
        status
        result
        kind
        stake { minorUnits currency }
        payout { minorUnits currency }
        placedAt
        settledAt
        player { id externalId status country }
        game { id code name category provider { id code name } }
        round { id roundKey status startedAt }
        session { id status country openedAt }
      }
      pageInfo { hasNextPage }
    }
  }
`
