import { defineConfig } from 'prisma/config'

// The address is for `prisma migrate status` and the like; the service itself applies the migrations when it starts.
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  ...(process.env['DATABASE_URL'] !== undefined && { datasource: { url: process.env['DATABASE_URL'] } }),
})
