/** What the Headers pane holds, once parsed. */
export type Headers = Record<string, string>

export function headersOf(token: string): Headers {
  return { Authorization: `Bearer ${token}` }
}

/** The credential in the text of the Headers pane; undefined while the text is no JSON object or names none. */
export function authorizationIn(paneText: string): string | undefined {
  try {
    const headers: unknown = JSON.parse(paneText)
    if (typeof headers !== 'object' || headers === null) return undefined
    const found = Object.entries(headers).find(([name]) => name.toLowerCase() === 'authorization')
    return typeof found?.[1] === 'string' ? found[1] : undefined
  } catch {
    return undefined
  }
}
