import { defineConfig } from 'vitest/config'

/** The tests of the pure rules: no database, so that thousands of runs are affordable. */
export default defineConfig({
  test: {
    include: [
      'test/domain/money/{decide*,draft}.test.ts',
      'test/integrations/{hub88,swipe,evolution}/*.test.ts',
      'test/integrations/*.test.ts',
    ],
    pool: 'forks',
    maxWorkers: 1,
  },
})
