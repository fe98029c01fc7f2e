import 'graphiql/setup-workers/vite'
import 'graphiql/style.css'
import './page.css'
import { GraphiQL } from 'graphiql'
import { useMemo, useRef, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { EXAMPLES } from './examples.ts'
import { createFetcher } from './fetcher.ts'
import { authorizationIn, headersOf } from './headers.ts'
import { storage } from './storage.ts'
import { reloadOnNewToken, takeToken } from './token.ts'

const EDIT_PAUSE_MS = 700

// The history plugin keeps the Headers pane, token included, in localStorage whatever shouldPersistHeaders says.
// One array for good: GraphiQL closes the open panel when it gets another.
const NO_HISTORY: [] = []

function Page({ token }: { token: string | undefined }) {
  const defaultHeaders = token === undefined ? {} : headersOf(token)
  const [authorization, setAuthorization] = useState(defaultHeaders['Authorization'])
  // GraphiQL reads the schema again when the fetcher changes: another credential may see another schema.
  const fetcher = useMemo(() => createFetcher(defaultHeaders), [authorization])
  const paneText = JSON.stringify(defaultHeaders, null, 2)
  return (
    <GraphiQL
      fetcher={fetcher}
      storage={storage}
      defaultTabs={EXAMPLES.map((query) => ({ query, headers: paneText }))}
      defaultHeaders={paneText}
      defaultEditorToolsVisibility="headers"
      onEditHeaders={useDebounced((text) => setAuthorization((last) => authorizationIn(text) ?? last))}
      shouldPersistHeaders={false}
      plugins={NO_HISTORY}
      inputValueDeprecation
      schemaDescription
    >
      <GraphiQL.Logo>
        <span className="name">Pitboss</span>
      </GraphiQL.Logo>
      {authorization === undefined && (
        <GraphiQL.Footer>
          <TokenHint />
        </GraphiQL.Footer>
      )}
    </GraphiQL>
  )
}

/** Typing a token must not read the schema once a letter. */
function useDebounced(call: (text: string) => void): (text: string) => void {
  const timer = useRef<number>(undefined)
  return (text) => {
    clearTimeout(timer.current)
    timer.current = window.setTimeout(call, EDIT_PAUSE_MS, text)
  }
}

function TokenHint() {
  return (
    <div className="hint" role="note">
      No access token yet. Get one with <code>npm run pitboss -- token --role ADMIN --brand demo</code>, then
      open <code>/graphiql#token=…</code> or write it into the Headers pane:{' '}
      <code>{'{ "Authorization": "Bearer …" }'}</code>
    </div>
  )
}

reloadOnNewToken()
const page = document.getElementById('page')
if (page) createRoot(page).render(<Page token={takeToken()} />)
