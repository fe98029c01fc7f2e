// What keeps a program from its database in words for whoever runs it. What is not known here is a fault of ours, and
// is shown with its stack.

const away = 'the database is not reachable'

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: `${away}: nothing listens there`,
  ENOENT: `${away}: nothing listens there`,
  ENOTFOUND: `${away}: its host name is unknown`,
  EAI_AGAIN: `${away}: its host name cannot be looked up now`,
  EACCES: `${away}: its socket may not be opened`,
  EHOSTUNREACH: `${away}: no way leads to its host`,
  ENETUNREACH: `${away}: no way leads to its host`,
  ETIMEDOUT: `${away}: it does not answer`,
  ECONNRESET: `${away}: it broke the connection off`,
  CONNECT_TIMEOUT: `${away}: it does not answer`,
  CONNECTION_CLOSED: `${away}: it broke the connection off`,
  '28P01': 'the database refuses the password of DATABASE_URL',
  '28000': 'the database refuses the login of DATABASE_URL',
  '3D000': 'there is no such database: create it first',
  '53300': 'the database has no connection left',
  '57P01': 'the database ended the connection: it is being stopped',
  '57P02': 'the database ended the connection: it is starting again after a crash',
  '57P03': 'the database takes no connections now: it is starting or stopping',
  '53100': 'the disk of the database is full',
  '25006': 'the database is read-only: is it a standby?',
  '42501': 'the login role of DATABASE_URL may not do this',
}

/** Of the codes, those whose message tells more, and nothing that is secret. */
const told = new Set(['28000', '53300', '42501'])

const certificate = /^(?:ERR_TLS_|ERR_SSL_|CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_(?:GET|VERIFY)_)/

export function explainFailure(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  const code = String(error.code)
  if (certificate.test(code)) return `the database's certificate is not accepted: ${error.message}`
  if ('path' in error && 'syscall' in error && error.syscall !== 'connect') return error.message
  if (code === 'ENOSPC') return error.message
  const reason = reasons[code]
  return reason && told.has(code) ? `${reason}: ${error.message}` : reason
}
