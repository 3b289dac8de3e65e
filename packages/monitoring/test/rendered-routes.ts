import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseAllDocuments, stringify } from 'yaml'

const chart = fileURLToPath(new URL('../../../charts/observability', import.meta.url))

/** For node:test: why tests with Helm are skipped, or false. */
export const noHelm = spawnSync('helm', ['version']).error ? 'helm is not on PATH' : false

/** The AlertmanagerConfigs of the chart, installed in a namespace. */
export function renderRoutes(namespace: string, values: unknown) {
  const template = ['template', 'observability', chart, '--namespace', namespace, '--values', '-']
  const only = ['--show-only', 'templates/alertmanagerconfig.yaml']
  const { status, stdout, stderr } = spawnSync('helm', [...template, ...only], {
    input: stringify(values),
    encoding: 'utf8',
  })
  assert.equal(status, 0, stderr)
  return parseAllDocuments(stdout).map((document) => document.toJS())
}
