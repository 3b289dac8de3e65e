import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { flagsConfigMap } from '@hello/faults/flags-config-map'
import { operators, services } from '@hello/shop/services'
import { parse, parseAllDocuments } from 'yaml'

const read = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')
const [role, binding, , config] = parseAllDocuments(read('kubernetes.yaml')).map((document) => document.toJS())
const values = parse(read('values.yaml'))
const [healer] = operators

test('the Role names the very Deployments of the shop and the flags, and not the healer', () => {
  const [deployments, flags, replicaSets] = role.rules
  assert.deepEqual(deployments.resourceNames.toSorted(), services.map(({ name }) => name).toSorted())
  assert.deepEqual(deployments.verbs, ['get', 'patch'])
  assert.deepEqual([replicaSets.resources, replicaSets.verbs], [['replicasets'], ['list']])
  assert.deepEqual(
    [flags.resources, flags.resourceNames, flags.verbs],
    [['configmaps'], [flagsConfigMap.name], ['get', 'update']],
  )
  assert.equal(role.rules.length, 3)
  assert.deepEqual(binding.subjects, [{ kind: 'ServiceAccount', name: healer.name, namespace: 'shop' }])
})

test('Alertmanager tells the healer at its port, with the token that the healer asks for', () => {
  const [{ webhookConfigs }] = config.spec.receivers
  const { secretName: name, secretKey: key } = values.secretEnv.WEBHOOK_TOKEN
  assert.equal(webhookConfigs[0].url, `http://${healer.name}.shop:${healer.port}/alerts`)
  assert.deepEqual(webhookConfigs[0].httpConfig.authorization.credentials, { name, key })
  assert.deepEqual(config.spec.route.groupBy, ['...'])
})

test('it is dry unless somebody says otherwise', () => {
  assert.equal(values.env.HEALER_DRY_RUN, undefined)
})
