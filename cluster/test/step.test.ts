import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { runStep } from '../src/step.ts'
import { fakeKubectl } from './fake-kubectl.ts'

const waiting = { reason: 'ErrImagePull', message: 'no such host' }
const status = {
  phase: 'Pending',
  containerStatuses: [{ name: 'order', ready: false, restartCount: 0, state: { waiting }, lastState: {} }],
}
/** Pods that cannot start, by namespace; the one of `upgraded` is of the first of two revisions. */
const pods = {
  shop: [{ metadata: { name: 'order-0', uid: '1' }, status }],
  upgraded: [
    { metadata: { name: 'order-1-a', uid: '2', ownerReferences: [{ kind: 'ReplicaSet', name: 'order-1' }] }, status },
  ],
}
const kubectl = `#!/bin/sh
case "$*" in
*"-n shop "*"get pods"*) echo '${JSON.stringify({ items: pods.shop })}' ;;
*"-n upgraded "*"get pods"*) echo '${JSON.stringify({ items: pods.upgraded })}' ;;
*"get replicaset order-1"*ownerReferences*) printf order ;;
*"get replicaset order-1"*revision*) printf 1 ;;
*"get deployment order"*revision*) printf 2 ;;
esac
`

describe('a step of a cluster', { concurrency: true }, () => {
  fakeKubectl(kubectl)

  test('that was given up has failed, also where its program ends with 0 when it is told to end', async () => {
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

  test('is not given up for a pod of the revision before, however long the new one takes', async () => {
    await runStep({
      title: 'Upgrade slowly',
      commands: [[process.execPath, '-e', 'setTimeout(() => {}, 36_000)']], // longer than its patience
      cluster: { context: 'kind-none', namespace: 'upgraded' },
    })
  })
})
