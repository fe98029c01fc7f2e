import type { Log } from '../lib/log.ts'
import type { Metrics } from './metrics.ts'

/** An answer over HTTP, as metrics and log know it. */
export interface Answered {
  readonly requestId: string
  readonly method: string
  readonly route: string
  readonly status: number
  readonly ms: number
}

export const answerNoter =
  (metrics: Metrics, log: Log) =>
  (answered: Answered): void => {
    const { route, method, status, ms } = answered
    metrics.noteRequest(route, method, status, ms)
    if (status >= 500) log.warn(answered, 'request failed')
    else log.debug(answered, 'request')
  }
