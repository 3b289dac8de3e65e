import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { flagsInCluster, KubectlFailed } from '../src/kubectl-flags.ts'
import { fakeKubectl } from './fake-kubectl.ts'

/** By the context: a pod goes while the others are told; one may not be told; it ends before all are told. */
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
*"kind-cut "*annotate*)
	echo 'pod/order-1-a annotated'
	exit 1
	;;
*) exit 2 ;;
esac
`

describe('flags in a cluster', () => {
  fakeKubectl(kubectl)

  test('are set also where a pod goes while the others are told of them', async () => {
    await flagsInCluster('kind-gone').change(() => true)
  })

  for (const [name, why] of [
    ['forbidden', 'a pod could not be told'],
    ['cut', 'kubectl ended before all were told'],
  ])
    test(`are not said to be set where ${why}`, async () => {
      const flags = flagsInCluster(`kind-${name}`)
      await assert.rejects(
        flags.change(() => true),
        KubectlFailed,
      )
    })
})
