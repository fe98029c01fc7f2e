import {
  type DocumentNode,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
} from 'graphql'
import type { Caller } from './context.ts'
import { refused } from './errors.ts'
import { inputMistake } from './input-limits.ts'

/**
 * What may depend on the caller, checked before every operation and never as a validation rule: a document that has
 * been validated once is taken from the cache for everybody.
 */
export function checkOperation(
  document: DocumentNode,
  operation: OperationDefinitionNode | null | undefined,
  caller: Caller,
  { transport, variables }: { readonly transport: 'HTTP' | 'SOCKET'; readonly variables: Variables },
): void {
  if (!operation) return
  if (transport === 'HTTP' && operation.operation === OperationTypeNode.SUBSCRIPTION) {
    const message = `subscriptions run over WebSocket (graphql-transport-ws) at ${caller.socketUrl}`
    throw refused('BAD_REQUEST', message, { http: { status: 400 } })
  }
  if (!caller.viewer.permissions.has('SCHEMA_READ') && asksForSchema(document, operation)) {
    throw refused('FORBIDDEN', 'reading the schema needs the permission SCHEMA_READ', {
      permission: 'SCHEMA_READ',
      http: { status: 200 },
    })
  }
  const mistake = variables && inputMistake(variables)
  if (mistake) throw mistake
}

type Variables = Readonly<Record<string, unknown>> | null | undefined

export const operationOf = (document: DocumentNode, name: string | null | undefined) =>
  getOperationAST(document, name)

const answers = new WeakMap<OperationDefinitionNode, boolean>()

/** Whether the operation reads the schema, at its root or through fragments. */
function asksForSchema(document: DocumentNode, operation: OperationDefinitionNode): boolean {
  const known = answers.get(operation)
  if (known !== undefined) return known
  const answer = selectsSchema(document, operation.selectionSet, new Set())
  answers.set(operation, answer)
  return answer
}

function selectsSchema(document: DocumentNode, set: SelectionSetNode, seen: Set<string>): boolean {
  return set.selections.some((selection) => {
    if (selection.kind === Kind.FIELD) return ['__schema', '__type'].includes(selection.name.value)
    if (selection.kind === Kind.INLINE_FRAGMENT) return selectsSchema(document, selection.selectionSet, seen)
    const name = selection.name.value
    if (seen.has(name)) return false
    seen.add(name)
    const fragment = document.definitions.find(
      (one) => one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === name,
    )
    return fragment?.kind === Kind.FRAGMENT_DEFINITION && selectsSchema(document, fragment.selectionSet, seen)
  })
}
