/**
 * The tabs of a first visit, in the order of their file names. The first word after `query` or `subscription` is the
 * name on the tab. They run as they stand: variables have defaults, and every list takes `$first`.
 */
const texts = import.meta.glob<string>('./examples/*.graphql', {
  query: '?raw',
  import: 'default',
  eager: true,
})

export const EXAMPLES: readonly string[] = Object.keys(texts)
  .toSorted()
  .map((path) => texts[path] ?? '')
