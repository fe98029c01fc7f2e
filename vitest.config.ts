import { defineConfig } from 'vitest/config'

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
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
