const STORAGE_KEY = 'pitboss.token'

/**
 * The access token of this browser tab. It arrives in the fragment (`#token=pb_…`), which browsers send to
 * no server, and is taken out of the address bar at once, so that a copied link or the history holds none.
 */
export function takeToken(): string | undefined {
  const arrived = tokenInFragment()
  if (arrived === undefined) return sessionStorage.getItem(STORAGE_KEY) ?? undefined
  sessionStorage.setItem(STORAGE_KEY, arrived)
  history.replaceState(history.state, '', location.pathname + location.search)
  return arrived
}

/** A link followed inside the open page changes the fragment only: start again with its token. */
export function reloadOnNewToken(): void {
  addEventListener('hashchange', () => {
    if (tokenInFragment() !== undefined) location.reload()
  })
}

function tokenInFragment(): string | undefined {
  return new URLSearchParams(location.hash.slice(1)).get('token')?.trim() || undefined
}
