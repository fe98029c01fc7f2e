/** What Drizzle says of a statement that failed, without the values that went with it: they may be anybody's. */
export function withoutValues(text: string, error: unknown): string {
  let told = text
  for (let one = error; one instanceof Error; one = one.cause) {
    if ('params' in one) told = told.replaceAll(`\nparams: ${String(one.params)}`, '')
  }
  return told
}
