import { type KeyObject, sign } from 'node:crypto'
import { promisify } from 'node:util'
import { betFields } from '../support/hub88-client.ts'
import { postRequest } from './harness-http.ts'
import type { Crowd } from './players.ts'

const signAside = promisify<string, Buffer, KeyObject, Buffer>(sign)

const signedAtOnce = 64

/** Requests of bets, each of another player than its neighbours, signed on all cores before the clock runs. */
export class SignedBets {
  readonly #crowd: Crowd
  readonly #privateKey: KeyObject
  #ready: Buffer[] = []
  #made = 0

  constructor(crowd: Crowd, privateKey: KeyObject) {
    this.#crowd = crowd
    this.#privateKey = privateKey
  }

  take(): Buffer | undefined {
    return this.#ready.pop()
  }

  async fill(count: number, signal: AbortSignal): Promise<void> {
    while (this.#ready.length < count) {
      signal.throwIfAborted()
      const made = Array.from({ length: signedAtOnce }, () => this.#make())
      this.#ready.push(...(await Promise.all(made)))
    }
  }

  async #make(): Promise<Buffer> {
    const { sessions, world } = this.#crowd
    const subject = sessions[this.#made++ % sessions.length]
    if (!subject) throw new Error('there are no players')
    const body = JSON.stringify(betFields({ token: subject.token, user: subject.user }))
    const signature = await signAside('RSA-SHA256', Buffer.from(body), this.#privateKey)
    return postRequest(`/providers/${world.accountCode}/transaction/bet`, body, {
      'X-Hub88-Signature': signature.toString('base64'),
    })
  }
}
