import { createHash } from 'node:crypto'
import { cpSync, globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, relative } from 'node:path'

const root = join(import.meta.dirname, '../../..')

/** Folders and files that are no part of the checkout; there may be no git to ask. */
const ignored = new Set([
  '.git',
  ...readFileSync(join(root, '.gitignore'), 'utf8')
    .split('\n')
    .map((line) => line.replace(/\/$/, '')),
])

const isOwn = (path: string) => !ignored.has(basename(path))

/** A copy of the checkout as it is, with the installed packages of this one and its own for what is the shop's. @returns its folder */
export function copyCheckout(): string {
  const copy = mkdtempSync(join(tmpdir(), 'new-service-'))
  cpSync(root, copy, { recursive: true, filter: isOwn })
  const installed = join(root, 'node_modules')
  mkdirSync(join(copy, 'node_modules/@hello'), { recursive: true })
  for (const name of readdirSync(installed))
    if (name !== '@hello') symlinkSync(join(installed, name), join(copy, 'node_modules', name))
  const { workspaces } = JSON.parse(readFileSync(join(copy, 'package.json'), 'utf8'))
  for (const folder of globSync(workspaces, { cwd: copy }))
    symlinkSync(join(copy, folder), join(copy, 'node_modules/@hello', basename(folder)))
  symlinkSync(join(root, 'frontend/dist'), join(copy, 'frontend/dist'))
  return copy
}

/** What each file of a copy holds, as a hash, by its path. */
export function contents(copy: string): Map<string, string> {
  const hash = (file: string) =>
    createHash('sha256')
      .update(readFileSync(join(copy, file)))
      .digest('hex')
  const files = readdirSync(copy, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(copy, join(parentPath, name)))
    .filter((file) => file.split('/').every(isOwn))
  return new Map(files.map((file) => [file, hash(file)]))
}
