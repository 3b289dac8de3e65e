import assert from 'node:assert/strict'
import { test } from 'node:test'
import { read } from '@hello/cluster/command'
import { eventually } from '@hello/test-support/eventually'
import { kubectl, services } from './shop-cluster.ts'

const megabyte = 1e6

const imageOf = (name: string): Promise<string> =>
  kubectl('get', 'deployment', name, '-o', 'jsonpath={.spec.template.spec.containers[0].image}')

/** Megabytes of what services/Dockerfile adds to its base image. */
async function sizeAboveBase(image: string): Promise<number> {
  const layers = (await read('docker', ['history', '--no-trunc', '--human=false', '--format', 'json', image]))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { CreatedBy: string; Size: string })
  const first = layers.findIndex(({ CreatedBy }) => CreatedBy.includes('NODE_COMPILE_CACHE='))
  assert.ok(first > 0, `${image} was not made by services/Dockerfile`)
  return layers.slice(0, first).reduce((sum, { Size }) => sum + Number(Size), 0) / megabyte
}

test('no image adds 60 MB to its base', async (t) => {
  for (const name of services) {
    const size = await sizeAboveBase(await imageOf(name))
    t.diagnostic(`${name} ${size.toFixed(1)} MB above the base image`)
    assert.ok(size < 60, name)
  }
})

test('a container whose files are read-only gets ready', async (t) => {
  const options = ['--rm', '--detach', '--read-only', '--publish', '127.0.0.1::9464']
  const environment = { HOST: '0.0.0.0', MANAGEMENT_PORT: '9464', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4317' }
  const container = (
    await read('docker', [
      'run',
      ...options,
      ...Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
      await imageOf('gateway'),
    ])
  ).trim()
  try {
    const address = (await read('docker', ['port', container, '9464/tcp'])).trim()
    const ready = () =>
      fetch(`http://${address}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      )
    await eventually(ready, { everyMs: 20 })
    const end = Date.now()
    const start = Date.parse(await read('docker', ['inspect', '--format', '{{.State.StartedAt}}', container]))
    t.diagnostic(`ready ${((end - start) / 1000).toFixed(2)} s after its start`)
  } finally {
    await read('docker', ['kill', container])
  }
})
