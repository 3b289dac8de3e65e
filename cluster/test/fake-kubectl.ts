import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { after, before } from 'node:test'

/** Puts a shell script first on PATH as `kubectl`, for the tests of a suite. */
export function fakeKubectl(script: string) {
  const folder = mkdtempSync(join(tmpdir(), 'kubectl-'))
  const path = process.env.PATH
  before(() => {
    writeFileSync(join(folder, 'kubectl'), script, { mode: 0o755 })
    process.env.PATH = folder + delimiter + path
  })
  after(() => {
    process.env.PATH = path
    rmSync(folder, { recursive: true })
  })
}
