import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const NAMES = ['chromium-headless-shell', 'chromium']
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking']

/** A headless Chromium of this machine, or undefined where there is none: `test.skipIf(browser === undefined)`. */
export async function launchBrowser(): Promise<Browser | undefined> {
  const executablePath = findChromium()
  if (executablePath === undefined) return undefined
  return chromium.launch({ executablePath, args: ARGS })
}

/** CHROMIUM_PATH wins, even when it is wrong: a set path that does not start must not end in a silent skip. */
function findChromium(): string | undefined {
  const chosen = process.env['CHROMIUM_PATH']
  if (chosen) return chosen
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
