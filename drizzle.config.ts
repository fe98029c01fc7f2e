import { defineConfig } from 'drizzle-kit'

// Only for writing the SQL of a new migration: `drizzle-kit generate --name purpose`, then edited by hand where tables
// are partitioned. Migrations are applied by src/db/migrate.ts; never `push`, `pull` or `migrate`.
export default defineConfig({
  dialect: 'postgresql',
  schema: './src/db/tables/*.ts',
  out: './drizzle',
})
