/** The token of an Authorization value; undefined when it is not a bearer's. */
export function bearerToken(authorization: unknown): string | undefined {
  if (typeof authorization !== 'string' || authorization.length > 300) return undefined
  return /^bearer +([^\s]+) *$/i.exec(authorization)?.[1]
}

/** The same out of a socket's connection_init payload, in whatever case the name is written. */
export function bearerOfPayload(payload: unknown): string | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined
  const found = Object.entries(payload).find(([name]) => name.toLowerCase() === 'authorization')
  return bearerToken(found?.[1])
}
