import { join } from 'node:path'

/** How the npm scripts start a program: behind the guard, which also keeps what was compiled. */
export const guarded = ['--import', join(import.meta.dirname, '../../src/guard.js')] as const
