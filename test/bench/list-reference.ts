// The fastest honest way to answer the list query: one prepared statement that makes the JSON, behind node:http.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import postgres from 'postgres'
import { type ConnectionTarget, postgresOptions } from '../../src/db/connection.ts'
import { serveTurns, workerInput } from './harness-worker.ts'
import { listStatement } from './list-statement.ts'

export interface ListReferenceInput {
  readonly target: ConnectionTarget
  readonly brandId: string
  readonly poolMax: number
}

const { target, brandId, poolMax } = workerInput() as ListReferenceInput
const sql = postgres(postgresOptions(target, { max: poolMax }))

const server = createServer((request, response) => {
  request.resume()
  sql
    .unsafe<{ data: string }[]>(listStatement, [brandId], { prepare: true })
    .then(([row]) => {
      const body = Buffer.from(`{"data":${row?.data ?? null}}\n`)
      response.setHeader('content-type', 'application/json; charset=utf-8')
      response.setHeader('content-length', body.length)
      response.end(body)
    })
    .catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined))
})

server.listen(0, '127.0.0.1', () => {
  serveTurns((server.address() as AddressInfo).port, () =>
    Promise.reject(new Error('the load comes over HTTP')),
  )
})
