import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { eventually } from '@hello/test-support/eventually'
import { flagsInFile } from '../src/flags-file.ts'

test('flags that are closed while their file is read for the first time keep no process alive', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'hello-flags-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'faults.json')
  await flagsInFile(file).change(() => true)
  const flags = join(import.meta.dirname, '../src/flags.ts')
  const program = `import { openFlags } from '${flags}'; await openFlags('${file}', (error) => { throw error }).close()`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: 'inherit' })
  t.after(() => child.kill('SIGKILL'))
  await eventually(() => assert.equal(child.exitCode, 0))
})
