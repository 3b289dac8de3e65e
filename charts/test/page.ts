import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type CodeBlock, codeBlocks } from './code-blocks.ts'
import { charts } from './programs.ts'

/** Writes the files of a page of docs/en into a folder, and gives its other blocks. */
export function writePage(page: string, folder: string): CodeBlock[] {
  const blocks = codeBlocks(new URL(`../../docs/en/${page}`, import.meta.url))
  for (const { file, text } of blocks.filter((block) => block.file)) {
    mkdirSync(join(folder, dirname(file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
  return blocks.filter((block) => !block.file)
}

/** What the `helm template` commands of a page of docs/en print, in order, in a checkout that has the page's files. */
export function renderPage(page: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'page-'))
  try {
    for (const part of ['charts', 'frontend', 'services']) symlinkSync(join(charts, '..', part), join(folder, part))
    return writePage(page, folder)
      .filter(({ language, text }) => language === 'bash' && text.startsWith('helm template'))
      .map(({ text }) => {
        const command = text.replace(/ >\/dev\/null\n$/, '')
        const options = { cwd: folder, encoding: 'utf8', maxBuffer: 100_000_000 } as const
        const { status, stdout, stderr } = spawnSync('bash', ['-euc', command], options)
        assert.equal(status, 0, command + stderr)
        return stdout
      })
  } finally {
    rmSync(folder, { recursive: true })
  }
}
