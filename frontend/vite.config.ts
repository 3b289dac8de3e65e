import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

/** Holds the first paint until the chosen theme is known, so that a dark page never flashes white. */
const renderBlockingEntry: Plugin = {
  name: 'render-blocking-entry',
  transformIndexHtml: {
    order: 'post',
    handler: (html) => html.replace('<script type="module"', '<script type="module" blocking="render"'),
  },
}

/** Writes .br and .gz beside each text file, so that the server compresses nothing at run time. */
const precompress: Plugin = {
  name: 'precompress',
  apply: 'build',
  async writeBundle({ dir }, bundle) {
    const texts = Object.keys(bundle).filter((name) => /\.(js|css|html)$/.test(name))
    await Promise.all(
      texts.map(async (name) => {
        const file = join(dir!, name)
        const text = await readFile(file)
        await writeFile(`${file}.br`, await promisify(brotliCompress)(text))
        await writeFile(`${file}.gz`, await promisify(gzip)(text, { level: 9 }))
      }),
    )
  },
}

export default defineConfig({
  plugins: [react(), renderBlockingEntry, precompress],
  build: {
    assetsInlineLimit: 0, // the content security policy allows no data: URLs
    sourcemap: true,
  },
  server: {
    proxy: { '^/(api/|config\\.json|otlp/|signals/api/|alerts/api/|faults/api/|lab/api/)': 'http://127.0.0.1:3001' },
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/app/test-setup.ts'],
    testTimeout: 30_000,
    maxWorkers: '100%', // by default one fewer than there are processors
  },
})
