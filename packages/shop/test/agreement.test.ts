import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, test } from 'node:test'
import { parse } from 'yaml'
import { addressVariable, type Service, services } from '../src/services.ts'

const read = (path: string) => readFile(new URL(`../../../${path}`, import.meta.url), 'utf8')
const all: readonly Service[] = services
const callersOf = (name: string) => all.filter(({ upstreams }) => upstreams.includes(name)).map((caller) => caller.name)

for (const service of all) {
  const { name, folder, port, database, upstreams } = service
  describe(`${name} is in other files as in the list`, () => {
    test('its package', async () => {
      assert.equal(JSON.parse(await read(`${folder}/package.json`)).name, `@hello/${name}`)
      assert.ok(await read(`${folder}/${service.entry}`))
    })

    test('its values for charts/service', async () => {
      const values = parse(await read(`charts/service/values/${name}.yaml`))
      assert.equal(values.image.repository, `hello-observability/${name}`)
      assert.equal(values.http.port, port)
      assert.deepEqual((values.callers ?? []).toSorted(), callersOf(name).toSorted())
      assert.equal(values.database?.enabled ?? false, database)
      const called = upstreams.map((upstream) => {
        const { port } = all.find((one) => one.name === upstream)!
        return [upstream, { env: addressVariable(upstream), port }]
      })
      assert.deepEqual(values.upstreams ?? {}, Object.fromEntries(called))
    })

    test('its image and its release in skaffold.yaml', async () => {
      const { build, deploy } = parse(await read('skaffold.yaml'))
      const artifact = build.artifacts.find(({ image }: { image: string }) => image === `hello-observability/${name}`)
      assert.equal(artifact.docker.buildArgs.SERVICE, name)
      const release = deploy.helm.releases.find((one: { name: string }) => one.name === name)
      assert.ok(release.valuesFiles.includes(`charts/service/values/${name}.yaml`))
      assert.equal(release.valuesFiles.includes('cluster/values/demo.yaml'), service.demoRows)
    })

    test('its manifest in services/Dockerfile', async () => {
      assert.match(await read('services/Dockerfile'), new RegExp(`^COPY ${folder}/package.json ${folder}/$`, 'm'))
    })
  })
}

test('no file has a service that the list has not', async () => {
  const { build, deploy } = parse(await read('skaffold.yaml'))
  const names = all.map(({ name }) => name).toSorted()
  const images = build.artifacts.map(({ image }: { image: string }) => image.replace('hello-observability/', ''))
  assert.deepEqual(images.toSorted(), names)
  const releases = deploy.helm.releases.map(({ name }: { name: string }) => name)
  assert.deepEqual(releases.filter((name: string) => name !== 'postgres').toSorted(), names)
  const { databases } = parse(await read('charts/postgres/values.yaml'))
  assert.deepEqual(
    databases.toSorted(),
    all
      .filter(({ database }) => database)
      .map(({ name }) => name)
      .toSorted(),
  )
})

test('no port is given twice', () => {
  const ports = all.flatMap(({ port, managementPort }) => [port, managementPort])
  assert.equal(new Set(ports).size, ports.length)
})
