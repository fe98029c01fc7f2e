/** Fields that have no value in the world of access-paths.test.ts. Their rules are in the golden file. */
export const unseen: readonly { readonly why: string; readonly fields: readonly string[] }[] = [
  { why: 'sent to those that are too slow', fields: ['StreamLagged.resumeAfter'] },
  { why: 'sent when nothing else was for a while', fields: ['Heartbeat.at'] },
]
