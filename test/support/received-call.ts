// A provider's account and call for tests of what a dialect makes of them: no server, no database.
import type { ReceivedCall } from '../../src/domain/providers/call-row.ts'
import type { OpenAccount } from '../../src/domain/providers/types.ts'

export const openAccount = (given: Partial<OpenAccount> = {}): OpenAccount => ({
  id: 'account',
  brandId: 'brand',
  providerId: 'provider',
  code: 'code',
  dialect: 'hub88',
  publicKeys: [],
  secrets: [],
  engineUrl: null,
  freeWinsTo: 'CASH',
  stuckAfterMinutes: 1440,
  status: 'ENABLED',
  createdAt: new Date(0),
  ...given,
})

/** An object is sent as JSON, a text as it stands. */
export const receivedCall = (body: object | string, given: Partial<ReceivedCall> = {}): ReceivedCall => ({
  id: 'id',
  method: 'POST',
  path: '/',
  query: '',
  headers: {},
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  receivedAt: new Date(1_000),
  requestId: 'request',
  ...given,
})
