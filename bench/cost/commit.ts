import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { checkout } from '@hello/local/processes/checkout'

/**
 * The files of a commit with its dependencies, in a folder that later runs use again.
 *
 * @throws Error of git or npm, as where there is no such commit
 */
export function commitFolder(commit: string): string {
  const sha = execFileSync('git', ['rev-parse', '--verify', `${commit}^{commit}`], { cwd: checkout, encoding: 'utf8' })
  const folder = join(checkout, '.local/commits', sha.trim())
  if (existsSync(folder)) return folder
  const unfinished = `${folder}.unfinished`
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { recursive: true })
  const archive = execFileSync('git', ['archive', sha.trim()], { cwd: checkout, maxBuffer: 1e9 })
  execFileSync('tar', ['-x', '-C', unfinished], { input: archive })
  execFileSync('npm', ['ci', '--loglevel=error'], { cwd: unfinished, stdio: ['ignore', 'ignore', 'inherit'] })
  renameSync(unfinished, folder)
  return folder
}
