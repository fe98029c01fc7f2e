import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApp, type TestApp } from '../support/app.ts'

let pitboss: TestApp

beforeAll(async () => {
  pitboss = await startTestApp()
})
afterAll(() => pitboss?.close())

describe('the running server', () => {
  it('tells a caller with a token who it is', async () => {
    const answer = await pitboss.graphql('{ viewer { name role brands { code } } }', {}, 'SUPPORT')
    expect(answer.errors).toBeUndefined()
    expect(answer.data).toEqual({
      viewer: { name: 'Test SUPPORT', role: 'SUPPORT', brands: [{ code: 'demo' }] },
    })
    expect(answer.status).toBe(200)
  })
})
