import { defineConfig } from 'vite'

/** The dashboard and the playground: `npm run build` bundles them into dist/web, `npm run dashboard` serves them from source beside a running service. */
export default defineConfig({
  root: 'src/web',
  // Parts find each other from wherever they stand; the pages find them by the path that the service writes, see src/http/web.ts.
  base: './',
  publicDir: false,
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    assetsDir: 'assets',
    target: 'es2022',
    sourcemap: false,
    // Everything comes from files: the pages' Content-Security-Policy takes no data: scripts and no inline modules.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1_500,
    rolldownOptions: {
      input: ['src/web/index.html', 'src/web/playground.html'],
      // "use client" speaks to servers that render React; here is none.
      onwarn: (warning, warn) => {
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning)
      },
    },
  },
  server: { proxy: Object.fromEntries(['/graphql', '/plots', '/download', '/playground/examples.json'].map((path) => [path, 'http://localhost:4000'])) },
})
