import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, test } from 'node:test'
import { parse } from 'yaml'
import { addressVariable, operators, type Service, services } from '../src/services.ts'

const read = (path: string) => readFile(new URL(`../../../${path}`, import.meta.url), 'utf8')
const all: readonly Service[] = [...services, ...operators]
const callersOf = (name: string) => all.filter(({ upstreams }) => upstreams.includes(name)).map((caller) => caller.name)

for (const service of all) {
  const { name, folder, port, database, upstreams } = service
  describe(`${name} is in other files as in the list`, () => {
    test('its package', async () => {
      assert.equal(JSON.parse(await read(`${folder}/package.json`)).name, `@hello/${name}`)
      assert.ok(await read(`${folder}/${service.entry}`))
    })

    test('its values for charts/service', async () => {
      const values = parse(await read(`${folder}/values.yaml`))
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
  })
}

test('the image recipe names no service', async () => {
  const recipe = (await read('services/Dockerfile')).replaceAll(/^#.*$/gm, '')
  for (const { folder } of all.filter(({ folder }) => folder !== 'frontend'))
    assert.ok(!recipe.includes(folder), folder)
})

test('charts/postgres makes by default only databases that a service owns', async () => {
  const { databases }: { databases: string[] } = parse(await read('charts/postgres/values.yaml'))
  const owners = all.filter(({ database }) => database).map(({ name }) => name)
  assert.deepEqual(
    databases.filter((name) => !owners.includes(name)),
    [],
  )
})

test('no port is given twice', () => {
  const ports = all.flatMap(({ port, managementPort }) => [port, managementPort])
  assert.equal(new Set(ports).size, ports.length)
})
