import { existsSync, globSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { read, run } from '@hello/cluster/command'

/** The commit of the last release: what runs somewhere, and is upgraded from. Who releases writes the new one here. */
export const released = '581c32142eb849c543d902f10029b2d80d89c779'

export const root = join(import.meta.dirname, '../..')

/** For node:test: why what needs the last release is skipped, or false. A shallow clone does not have it. */
export const skip: string | false =
  (await run('git', ['-C', root, 'cat-file', '-e', `${released}^{commit}`])).code !== 0 &&
  `the commit ${released} is not in this clone`

/** The last release's charts as whoever installs them has them: packages, kept in dist/charts. */
async function unpackCharts(into: string) {
  await read('make', ['--directory', root, 'charts-package', `COMMIT=${released}`])
  await rm(into, { recursive: true })
  await mkdir(into)
  for (const chart of globSync(join(root, 'dist/charts', released, '*.tgz')))
    await read('tar', ['--extract', '--file', chart, '--directory', into])
}

/**
 * The last release as a folder with its own dependencies and its charts from their packages, made once.
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
    await unpackCharts(join(unfinished, 'charts'))
    await read('npm', ['ci', '--prefix', unfinished, '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'])
    await rename(unfinished, folder)
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
  return folder
}
