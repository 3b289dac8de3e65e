import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { flagsInCluster, KubectlFailed } from '../src/kubectl-flags.ts'

/** In the namespace of the context `kind-gone` a pod goes while the others are told; in that of `kind-forbidden` none may be. */
const kubectl = `#!/bin/sh
case "$*" in
*"get configmap"*) ;;
*create*) cat >/dev/null ;;
*"kind-gone "*annotate*)
	echo 'pod/order-1-a annotated'
	echo 'Error from server (NotFound): pods "order-0-a" not found' >&2
	exit 1
	;;
*"kind-forbidden "*annotate*)
	echo 'Error from server (NotFound): pods "order-0-a" not found' >&2
	echo 'Error from server (Forbidden): pods "order-1-a" is forbidden' >&2
	exit 1
	;;
*) exit 2 ;;
esac
`

describe('flags in a cluster', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubectl-'))
  const path = process.env.PATH
  before(() => {
    writeFileSync(join(folder, 'kubectl'), kubectl, { mode: 0o755 })
    process.env.PATH = folder + delimiter + path
  })
  after(() => {
    process.env.PATH = path
    rmSync(folder, { recursive: true })
  })

  test('are set also where a pod goes while the others are told of them', async () => {
    await flagsInCluster('kind-gone').change(() => true)
  })

  test('are not said to be set where a pod could not be told', async () => {
    await assert.rejects(
      flagsInCluster('kind-forbidden').change(() => true),
      KubectlFailed,
    )
  })
})
