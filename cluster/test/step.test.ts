import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { test } from 'node:test'
import { runStep } from '../src/step.ts'

const waiting = { reason: 'ErrImagePull', message: 'no such host' }
const pods = {
  items: [
    {
      metadata: { name: 'order-0', uid: '1' },
      status: {
        phase: 'Pending',
        containerStatuses: [{ name: 'order', ready: false, restartCount: 0, state: { waiting }, lastState: {} }],
      },
    },
  ],
}

test('a step that was given up has failed, also where its program ends with 0 when it is told to end', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'step-'))
  const path = process.env.PATH
  t.after(() => {
    process.env.PATH = path
    rmSync(folder, { recursive: true })
  })
  writeFileSync(
    join(folder, 'kubectl'),
    `#!/bin/sh\ncase "$*" in *"get pods"*) echo '${JSON.stringify(pods)}';; esac\n`,
    {
      mode: 0o755,
    },
  )
  process.env.PATH = folder + delimiter + path
  const program = "process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000)"
  await assert.rejects(
    runStep({
      title: 'Wait for ever',
      commands: [[process.execPath, '-e', program]],
      cluster: { context: 'kind-none', namespace: 'shop' },
      attempts: 5,
    }),
    /Given up: .*shop\/order-0 \(ErrImagePull\)[\s\S]*container order: ErrImagePull: no such host/,
  )
})
