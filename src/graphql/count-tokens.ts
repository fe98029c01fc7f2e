import { Lexer, type Source, TokenKind } from 'graphql'

/** How many tokens a document has; undefined when it is none further on. Comments are not counted. */
export function countTokens(source: Source): number | undefined {
  const lexer = new Lexer(source)
  try {
    let count = 0
    while (lexer.advance().kind !== TokenKind.EOF) count += 1
    return count
  } catch {
    return undefined
  }
}
