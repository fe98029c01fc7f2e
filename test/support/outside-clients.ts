// The clients that front ends use, each made as its manual says, behind one face: what they are asked, and what they
// hand out after their own caches and checks.
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client/core'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { Client as UrqlClient, cacheExchange, fetchExchange, subscriptionExchange } from '@urql/core'
import { buildSchema, isAbstractType, OperationTypeNode } from 'graphql'
import { GraphQLClient } from 'graphql-request'
import type { Client as SocketClient } from 'graphql-ws'
import { typeDefs } from '../../src/graphql/schema.ts'

export interface OutsideClient {
  readonly name: string
  /** The data; throws when there is an error. */
  query(text: string): Promise<unknown>
  /** Calls with the data of each message until it is told to stop. Absent where the client has no subscriptions. */
  readonly subscribe?: (text: string, take: (data: unknown) => void) => () => void
}

interface Door {
  readonly url: string
  readonly token: string
  readonly socket: SocketClient
}

/** What Apollo's cache has to know of interfaces and unions. */
const schema = buildSchema(typeDefs.join('\n'))
const possibleTypes = Object.fromEntries(
  Object.values(schema.getTypeMap())
    .filter((type) => isAbstractType(type))
    .map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)]),
)

function apollo({ url, token, socket }: Door): OutsideClient {
  const http = new HttpLink({ uri: url, headers: { authorization: `Bearer ${token}` } })
  const link = ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(socket),
    http,
  )
  // A cache of its own for each: examples leave out ids, so that what two of them tell of a thing would not merge.
  const newClient = () => new ApolloClient({ cache: new InMemoryCache({ possibleTypes }), link })
  return {
    name: 'Apollo Client',
    query: async (text) => (await newClient().query({ query: gql(text) })).data,
    subscribe(text, take) {
      const running = newClient()
        .subscribe({ query: gql(text) })
        .subscribe(({ data }) => take(data))
      return () => running.unsubscribe()
    },
  }
}

function urql({ url, token, socket }: Door): OutsideClient {
  const forwardSubscription: Parameters<typeof subscriptionExchange>[0]['forwardSubscription'] = (
    request,
  ) => ({
    subscribe: (sink) => ({
      unsubscribe: socket.subscribe({ ...request, query: request.query ?? '' }, sink as never),
    }),
  })
  const client = new UrqlClient({
    url,
    fetchOptions: { headers: { authorization: `Bearer ${token}` } },
    preferGetMethod: false,
    exchanges: [cacheExchange, fetchExchange, subscriptionExchange({ forwardSubscription })],
  })
  return {
    name: 'urql',
    async query(text) {
      const { data, error } = await client.query(text, {}).toPromise()
      if (error) throw error
      return data as unknown
    },
    subscribe(text, take) {
      const running = client.subscription(text, {}).subscribe(({ data }) => take(data))
      return () => running.unsubscribe()
    },
  }
}

function graphqlRequest({ url, token }: Door): OutsideClient {
  const client = new GraphQLClient(url, { headers: { authorization: `Bearer ${token}` } })
  return { name: 'graphql-request', query: (text) => client.request<unknown>(text) }
}

function graphqlWs({ socket }: Door): OutsideClient {
  return {
    name: 'graphql-ws',
    async query(text) {
      for await (const { data, errors } of socket.iterate({ query: text })) {
        if (errors) throw new Error(JSON.stringify(errors))
        return data
      }
      return undefined
    },
    subscribe: (text, take) =>
      socket.subscribe(
        { query: text },
        { next: ({ data }) => take(data), error: () => undefined, complete: () => undefined },
      ),
  }
}

export const outsideClients = (door: Door): readonly OutsideClient[] =>
  [apollo, urql, graphqlRequest, graphqlWs].map((make) => make(door))
