import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'

const root = join(import.meta.dirname, '../../..')

const trackedFiles = (folder: string) =>
  execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1e8,
  })
    .split('\0')
    .filter((file) => statSync(join(folder, file), { throwIfNoEntry: false })?.isFile())

/** A copy of the checkout as it is, with the installed packages of this one and its own for what is the shop's. @returns its folder */
export function copyCheckout(): string {
  const copy = mkdtempSync(join(tmpdir(), 'new-service-'))
  for (const file of trackedFiles(root)) {
    mkdirSync(dirname(join(copy, file)), { recursive: true })
    copyFileSync(join(root, file), join(copy, file))
  }
  const installed = join(root, 'node_modules')
  mkdirSync(join(copy, 'node_modules/@hello'), { recursive: true })
  for (const name of readdirSync(installed))
    if (name !== '@hello') symlinkSync(join(installed, name), join(copy, 'node_modules', name))
  for (const manifest of globSync('{packages/*,services/*,frontend,local,e2e,bench,cluster}/package.json', {
    cwd: copy,
  }))
    symlinkSync(join(copy, dirname(manifest)), join(copy, 'node_modules/@hello', basename(dirname(manifest))))
  symlinkSync(join(root, 'frontend/dist'), join(copy, 'frontend/dist'))
  execFileSync('git', ['init', '--quiet'], { cwd: copy })
  return copy
}

/** What each file of a copy holds, as a hash, by its path. */
export function contents(copy: string): Map<string, string> {
  const hash = (file: string) =>
    createHash('sha256')
      .update(readFileSync(join(copy, file)))
      .digest('hex')
  return new Map(trackedFiles(copy).map((file) => [file, hash(file)]))
}
