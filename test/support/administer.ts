import postgres from 'postgres'
import { type ConnectionTarget, postgresOptions } from '../../src/db/connection.ts'

/** One statement on the server itself, as CREATE DATABASE. */
export async function administer(server: ConnectionTarget, statement: string): Promise<void> {
  const client = postgres(postgresOptions(server, { max: 1 }))
  try {
    await client.unsafe(statement)
  } finally {
    await client.end({ timeout: 1 })
  }
}
