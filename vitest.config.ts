import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * These come first, so that none of them is left to one worker in the end; those that run servers of their own not
 * side by side.
 */
const longest = [
  'flows/kills',
  'conformance/bugs',
  'contract/access-paths',
  'flows/simulator',
  'cli/commands',
  'cli/demo',
  'domain/invariants/broken',
  'flows/live-resume',
  'flows/races',
  'graphql/money-lists',
  'live/resume',
  'conformance/crash',
  'cli/documents',
].map((name) => `/test/${name}.test.ts`)

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = longest.findIndex((name) => moduleId.endsWith(name))
      return at === -1 ? longest.length : at
    }
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other))
  }
}

export default defineConfig({
  resolve: {
    // Vitest would load graphql twice, once as CommonJS and once as a module, and the two do not know each other.
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    // A worker keeps what it has loaded for the next file: half the time of most files is loading.
    isolate: false,
    // One more than the smallest machine has cores: some file always waits for a process or a timer.
    maxWorkers: 3,
    // Most of what tests make is thrown away at once: less is copied about where there is room for it.
    execArgv: ['--max-semi-space-size=64'],
    sequence: { sequencer: LongestFirst },
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
