import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** One file that runs where the packages of package.json are installed; what is shared with the extension is built into it. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  resolve: { alias: { '@': fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '') } },
  ssr: { noExternal: [/^@noble\//] },
  build: {
    ssr: 'src/main.ts',
    target: 'node22',
    emptyOutDir: true,
    // Of what is built in.
    license: { fileName: 'licenses.md' },
    rollupOptions: { output: { entryFileNames: 'main.mjs', banner: '#!/usr/bin/env node' } },
  },
});
