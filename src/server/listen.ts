import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { Problem } from '../lib/problem.ts'
import { urlOf } from './url-of.ts'

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there',
  EACCES: 'this user may not listen there',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the host name cannot be looked up now',
}

export interface Place {
  readonly host: string
  readonly port: number
}

/** Listens, and says where. What is wrong with the place is told by the variables that name it. */
export async function listen(
  app: FastifyInstance,
  { host, port }: Place,
  variables: string,
): Promise<string> {
  try {
    await app.listen({ host, port })
  } catch (error) {
    const reason = reasons[String((error as NodeJS.ErrnoException).code)]
    if (!reason) throw error
    throw new Problem('LISTEN', `${variables}: cannot listen on ${host}, port ${port}: ${reason}`)
  }
  return urlOf(host, app.server.address() as AddressInfo)
}
