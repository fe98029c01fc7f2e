// A connection that stops in the middle of its request is cut off; one that waits for its answer is not.
import { once } from 'node:events'
import { connect } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { silentLog } from '../../src/lib/log.ts'
import { createHttp } from '../../src/server/http.ts'
import { openMetrics } from '../../src/server/metrics.ts'

let app: FastifyInstance
beforeAll(async () => {
  const options = { log: silentLog, metrics: openMetrics(), corsOrigins: [], requestBytesMax: 1024 }
  app = await createHttp({ ...options, silenceMs: 1000 })
  app.post('/echo', (request, reply) => reply.send(request.body))
  app.get('/silent', async () => {
    await once(app.server, 'timeout')
    return { answered: true }
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => app?.close())

const portOf = () => (app.server.address() as { port: number }).port

test('a request that falls silent is cut off', async () => {
  const socket = connect(portOf(), '127.0.0.1')
  socket.write(
    'POST /echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 20\r\n\r\n{"half":',
  )
  let answer = ''
  socket.on('data', (data) => void (answer += String(data)))
  await once(socket, 'close')
  expect(answer).toBe('')
})

test('a request that has come whole waits for its answer as long as it takes', async () => {
  const response = await fetch(`http://127.0.0.1:${portOf()}/silent`)
  expect(await response.json()).toEqual({ answered: true })
})
