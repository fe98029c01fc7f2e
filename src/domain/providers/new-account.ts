// What a new provider account must be. Each refusal is a Problem INPUT_INVALID that names the field, never a key.
import { checkText, refuseInput } from '../audit/check.ts'

export interface NewAccount {
  readonly brandCode: string
  /** The provider; added when there is none of that code. */
  readonly provider: { readonly code: string; readonly name: string }
  /** Stands in the callback URL; unique over all brands. */
  readonly code: string
  readonly dialect: string
  /** The provider's public keys (PEM), any of which may sign: for dialects that verify with such. */
  readonly publicKeys?: readonly string[]
  /** Secrets shared with the provider, any of which may sign: for the other dialects. Stored sealed. */
  readonly sharedSecrets?: readonly string[]
  /** The account of the wallet that wins of free bets are paid to; CASH when absent. */
  readonly freeWinsTo?: 'CASH' | 'BONUS'
  /** A round that is open for longer is stuck; a day when absent. */
  readonly stuckAfterMinutes?: number
  /** Where the provider's game engine listens, for dialects that call one. */
  readonly engineUrl?: string
}

/** What the process knows about dialects. */
export interface DialectKnowledge {
  readonly names: readonly string[]
  /** What the dialect's signatures are verified with. */
  readonly verifiesWith: (dialect: string) => 'PUBLIC_KEY' | 'SHARED_SECRET' | undefined
  /** Whether the dialect can verify with this public key or shared secret. */
  readonly canVerify: (dialect: string, key: string) => boolean
  /** Whether the dialect calls a game engine of the provider's. */
  readonly callsEngine: (dialect: string) => boolean
}

export const codePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/
const keysMax = 4
/** Shorter ones can be guessed. */
const secretLengthMin = 16
const secretLengthMax = 512
const stuckAfterMinutesMax = 60 * 24 * 365
const urlLengthMax = 500

export function checkAccount(input: NewAccount, known: DialectKnowledge): void {
  const { provider, code, dialect, stuckAfterMinutes } = input
  if (!codePattern.test(provider.code))
    refuseInput('provider', 'is not 1 to 64 letters, digits, ".", "_" and "-"')
  checkText('providerName', provider.name, 200)
  if (!codePattern.test(code)) refuseInput('code', 'is not 1 to 64 letters, digits, ".", "_" and "-"')
  if (!known.names.includes(dialect)) refuseInput('dialect', `is not one of ${known.names.join(', ')}`)
  checkKeys(input, known)
  if (stuckAfterMinutes !== undefined && !isMinutes(stuckAfterMinutes)) {
    refuseInput('stuckAfterMinutes', `is not a whole number from 1 to ${stuckAfterMinutesMax}`)
  }
  checkEngine(input, known)
}

function checkEngine({ dialect, engineUrl }: NewAccount, known: DialectKnowledge): void {
  if (known.callsEngine(dialect) && engineUrl === undefined) {
    refuseInput('engineUrl', `is missing: ${dialect} calls a game engine there`)
  }
  if (engineUrl === undefined) return
  if (!isEngineUrl(engineUrl)) {
    refuseInput('engineUrl', 'is not an http or https URL without a user, password or fragment')
  }
  if (!known.callsEngine(dialect)) refuseInput('engineUrl', `means nothing to ${dialect}: it calls no engine`)
}

/** What calls are verified with, as given for an account of this dialect. */
export type GivenKeys = Pick<NewAccount, 'dialect' | 'publicKeys' | 'sharedSecrets'>

export function checkKeys(given: GivenKeys, known: DialectKnowledge): void {
  if (known.verifiesWith(given.dialect) === 'PUBLIC_KEY') checkPublicKeys(given, known)
  else checkSharedSecrets(given, known)
}

function checkPublicKeys(
  { dialect, publicKeys = [], sharedSecrets = [] }: GivenKeys,
  known: DialectKnowledge,
): void {
  if (sharedSecrets.length > 0)
    refuseInput('sharedSecrets', `mean nothing to ${dialect}: it takes public keys`)
  if (publicKeys.length === 0 || publicKeys.length > keysMax) {
    refuseInput('publicKeys', `are not 1 to ${keysMax}, which ${dialect} verifies with`)
  }
  if (publicKeys.some((pem) => pem.includes('PRIVATE KEY-----'))) {
    refuseInput(
      'publicKeys',
      "has a private key, which is the provider's alone: `openssl pkey -pubout` makes the public one",
    )
  }
  if (!publicKeys.every((pem) => known.canVerify(dialect, pem))) {
    refuseInput('publicKeys', `has one that is not a public key in PEM which ${dialect} can use`)
  }
}

function checkSharedSecrets(
  { dialect, publicKeys = [], sharedSecrets = [] }: GivenKeys,
  known: DialectKnowledge,
): void {
  if (publicKeys.length > 0) refuseInput('publicKeys', `mean nothing to ${dialect}: it takes shared secrets`)
  if (sharedSecrets.length === 0 || sharedSecrets.length > keysMax) {
    refuseInput('sharedSecrets', `are not 1 to ${keysMax}, which ${dialect} verifies with`)
  }
  for (const { length } of sharedSecrets) {
    if (length < secretLengthMin || length > secretLengthMax) {
      refuseInput(
        'sharedSecrets',
        `has one of ${length} characters, not ${secretLengthMin} to ${secretLengthMax}`,
      )
    }
  }
  if (!sharedSecrets.every((secret) => known.canVerify(dialect, secret))) {
    refuseInput('sharedSecrets', `has one that ${dialect} cannot use`)
  }
}

const isMinutes = (value: number) => Number.isInteger(value) && value >= 1 && value <= stuckAfterMinutesMax

/** Credentials in a URL would be shown wherever the URL is. */
function isEngineUrl(text: string): boolean {
  if (text.length > urlLengthMax || !URL.canParse(text)) return false
  const { protocol, username, password, hash } = new URL(text)
  return /^https?:$/.test(protocol) && username === '' && password === '' && hash === ''
}
