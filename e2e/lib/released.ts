import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { read, run } from '@hello/cluster/command'

/** The commit of the last release: what runs somewhere, and is upgraded from. Who releases writes the new one here. */
const released = '581c32142eb849c543d902f10029b2d80d89c779'

const root = join(import.meta.dirname, '../..')

/** For node:test: why what needs the last release is skipped, or false. A shallow clone does not have it. */
export const skip: string | false =
  (await run('git', ['-C', root, 'cat-file', '-e', `${released}^{commit}`])).code !== 0 &&
  `the commit ${released} is not in this clone`

/**
 * The last release as a folder with its own dependencies, made once.
 *
 * @returns its path
 */
export async function lastRelease(): Promise<string> {
  const folder = join(root, '.local', `released-${released.slice(0, 12)}`)
  if (existsSync(folder)) return folder
  const unfinished = `${folder}-${process.pid}`
  await mkdir(unfinished, { recursive: true })
  try {
    const archive = join(unfinished, 'release.tar')
    await read('git', ['-C', root, 'archive', '--output', archive, released])
    await read('tar', ['--extract', '--file', archive, '--directory', unfinished])
    await rm(archive)
    await read('npm', ['ci', '--prefix', unfinished, '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'])
    await rename(unfinished, folder)
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
  return folder
}
