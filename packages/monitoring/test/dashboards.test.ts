import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Panel } from '../src/grafana.ts'
import { microservicesDashboard } from '../src/microservices-dashboard.ts'
import { datasources } from '../src/shared-names.ts'

const panels = (microservicesDashboard.panels as Panel[]).filter(({ type }) => type !== 'row')

test('every panel says what it shows and asks a datasource that is provisioned', () => {
  const uids: string[] = Object.values(datasources).map(({ uid }) => uid)
  for (const panel of panels) {
    assert.ok(panel.title && panel.description, JSON.stringify(panel))
    assert.ok(uids.includes(panel.datasource.uid), panel.title)
    assert.ok(panel.targets.length > 0, panel.title)
  }
})

test('every number has a unit', () => {
  for (const panel of panels.filter(({ type }) => type === 'timeseries' || type === 'stat')) {
    const { fieldConfig } = panel as unknown as { fieldConfig: { defaults: { unit?: string } } }
    assert.ok(fieldConfig.defaults.unit, panel.title)
  }
})

test('ids are unique and no panel lies on another', () => {
  const ids = microservicesDashboard.panels.map(({ id }) => id)
  assert.equal(new Set(ids).size, ids.length)
  const cells = new Set<string>()
  for (const { gridPos, title } of panels)
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
        assert.ok(x < 24 && !cells.has(`${x},${y}`), title)
        cells.add(`${x},${y}`)
      }
})

test('response times show exemplars, so that a point leads to its trace', () => {
  const quantiles = panels.filter(({ title }) => title.startsWith('Response time'))
  assert.equal(quantiles.length, 3)
  for (const { targets } of quantiles) assert.equal(targets[0]!.exemplar, true)
})
