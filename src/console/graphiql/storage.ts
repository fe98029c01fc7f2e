const NAMESPACE = 'pitboss.'

/**
 * localStorage under a name of our own: another GraphiQL once opened on the same host and port
 * neither hides our example tabs nor loses its own to them.
 */
export const storage = {
  get length(): number {
    return ownKeys().length
  },
  getItem(key: string): string | null {
    return localStorage.getItem(NAMESPACE + key)
  },
  setItem(key: string, value: string): void {
    localStorage.setItem(NAMESPACE + key, value)
  },
  removeItem(key: string): void {
    localStorage.removeItem(NAMESPACE + key)
  },
  clear(): void {
    for (const key of ownKeys()) localStorage.removeItem(key)
  },
}

function ownKeys(): string[] {
  return Object.keys(localStorage).filter((key) => key.startsWith(NAMESPACE))
}
