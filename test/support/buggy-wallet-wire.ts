import type { IncomingMessage } from 'node:http'
import type { BuggyWallet } from './buggy-wallet.ts'

export interface WireCall {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface WireAnswer {
  readonly status: number
  readonly text: string
}

export type Tongue = (wallet: BuggyWallet, call: WireCall) => Promise<WireAnswer>
