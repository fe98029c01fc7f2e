/** How many parts a window of a health report has when none is named, and how many at most. */
export const healthParts = {
  MINUTE: { unit: 'minute', usual: 60, most: 24 * 60 },
  HOUR: { unit: 'hour', usual: 24, most: 31 * 24 },
} as const
