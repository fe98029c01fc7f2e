import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestApp, type TestApp } from '../support/app.ts'
import { launchBrowser } from '../support/browser.ts'

const browser: Browser | undefined = await launchBrowser()
let pitboss: TestApp

beforeAll(async () => {
  pitboss = await startTestApp({ buildGraphiql: true })
})
afterAll(async () => {
  await browser?.close()
  await pitboss?.close()
})

it('GraphiQL is served under a policy that lets nothing foreign in', async () => {
  const page = await fetch(`${pitboss.url}/graphiql/`)
  expect([200, 503]).toContain(page.status)
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(page.headers.get('content-security-policy')).toContain("default-src 'self'")
  const redirect = await fetch(`${pitboss.url}/graphiql`, { redirect: 'manual' })
  expect([redirect.status, redirect.headers.get('location')]).toEqual([302, '/graphiql/'])
})

it.skipIf(browser === undefined)(
  'GraphiQL works in a browser under its own policy',
  { timeout: 90_000 },
  async () => {
    const built = async () => (await fetch(`${pitboss.url}/graphiql/`)).status
    await expect.poll(built, { timeout: 60_000 }).toBe(200)
    const page = await browser?.newPage()
    if (!page) throw new Error('there is no browser')
    const complaints: string[] = []
    page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())))
    page.on('pageerror', (error) => complaints.push(String(error)))
    const foreign: string[] = []
    page.on(
      'request',
      (request) => void (request.url().startsWith(pitboss.url) || foreign.push(request.url())),
    )
    await page.goto(`${pitboss.url}/graphiql/#token=${pitboss.tokens.ADMIN}`)
    const execute = page.getByLabel(/execute query/i)
    await execute.waitFor({ timeout: 30_000 })
    // The button is there before the editor behind it is: a click may come too early to do anything.
    const answer = async () => {
      const text = await page.locator('.result-window').innerText()
      if (text.trim() === '') await execute.click({ timeout: 1000 }).catch(() => undefined)
      return text
    }
    await expect.poll(answer, { timeout: 40_000, interval: 500 }).toContain('"data"')
    expect(complaints).toEqual([])
    expect(foreign.filter((url) => !/^(blob|data):/.test(url))).toEqual([])
    await page.close()
  },
)
