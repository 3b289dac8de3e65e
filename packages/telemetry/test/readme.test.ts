import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { databaseSettings, demoSettings, edgeSettings, serviceSettings } from '@hello/service-kit/config'
import { readmeTable } from './readme-table.ts'

const readme = new URL('../README.md', import.meta.url)
const kitReadme = new URL('../../service-kit/README.md', import.meta.url)
const folder = join(import.meta.dirname, '../src')
const code = globSync('*.ts', { cwd: folder })
  .map((name) => readFileSync(join(folder, name), 'utf8'))
  .join('\n')

/** The properties of the object type that `pattern` finds in `text`, and whether each is required. */
function properties(text: string, pattern: RegExp): [string, boolean][] {
  const [, body = ''] = pattern.exec(text) ?? []
  return [...body.matchAll(/(?:^|[\n;{])\s*(\w+)(\??):/g)].map(([, name, optional]) => [name!, optional === ''])
}

const required = (rows: Record<string, string>[]) => rows.map((row) => [row.Option, row.Default === 'required'])

describe('the README of telemetry', () => {
  const rows = readmeTable(readme, 'Environment')

  test('names the variables that the code reads', () => {
    const read = new Set(code.match(/\b(?:OTEL_[A-Z_]*[A-Z]|LOG_LEVEL)\b/g))
    assert.deepEqual(rows.map(({ Variable }) => Variable).sort(), [...read].sort())
  })

  test('gives the defaults of the code', () => {
    const defaults = [...code.matchAll(/process\.env\.(\w+)\s*\?\?=?\s*(?:'([^']*)'|([\d_]+))/g)]
    assert.ok(defaults.length > 8)
    for (const [, name, text, number] of defaults) {
      assert.equal(rows.find(({ Variable }) => Variable === name)?.Default, text ?? number!.replaceAll('_', ''), name)
    }
  })

  test('names the instrumentations that can be turned off', () => {
    const [, list = ''] = /const available[^{]*\{([^}]*?)\n {2}\}/s.exec(code.replaceAll(/\{ [^\n]* \}/g, '')) ?? []
    const names = [...list.matchAll(/^ {4}'?([\w-]+)'?:/gm)].map(([, name]) => name!)
    assert.ok(names.length >= 6)
    const { Meaning } = rows.find(({ Variable }) => Variable === 'OTEL_NODE_DISABLED_INSTRUMENTATIONS')!
    for (const name of names) assert.ok(Meaning!.includes(`\`${name}\``), name)
  })

  test('names the options of loggerOptions', () => {
    const options = properties(code, /function loggerOptions\(\{[^}]*\}: \{([^}]*)\}/)
    assert.deepEqual(required(readmeTable(readme, 'Options of `loggerOptions`')), options)
  })
})

describe('the README of service-kit', () => {
  test('names the settings, with their groups and defaults', () => {
    const groups = { serviceSettings, edgeSettings, databaseSettings, demoSettings }
    const settings = Object.entries(groups).flatMap(([group, members]) =>
      Object.entries(members).map(([variable, schema]) => {
        const given = 'default' in schema ? String(schema.default) || 'none' : 'required'
        return [variable, group, given]
      }),
    )
    const rows = readmeTable(kitReadme, 'Environment')
    assert.deepEqual(
      rows.map(({ Variable, Group, Default }) => [Variable, Group, Default]),
      settings,
    )
  })

  test('names the options of createApp', () => {
    const app = readFileSync(new URL('../../service-kit/src/app.ts', import.meta.url), 'utf8')
    const options = properties(app, /interface AppOptions \{(.*?)\n\}/s)
    assert.deepEqual(required(readmeTable(kitReadme, 'Options of `createApp`')), options)
  })

  test('shows the service that packed.test.ts runs', () => {
    const service = readFileSync(new URL('stranger/service.ts', import.meta.url), 'utf8')
    assert.ok(readFileSync(kitReadme, 'utf8').includes(`\`\`\`ts\n${service}\`\`\``))
  })
})

for (const [name, page] of [
  ['telemetry', readme],
  ['service-kit', kitReadme],
] as const) {
  test(`the modules in the README of ${name} are there, with what it says they give`, async () => {
    for (const { Import, 'What it gives': gives } of readmeTable(page, 'Modules')) {
      const module = await import(Import!)
      for (const [, exported] of gives!.matchAll(/`(\w+)(?:\(\))?`/g)) {
        if (/^[a-z]+[A-Z]|^forward$|^serve$/.test(exported!)) assert.ok(exported! in module, `${exported} of ${Import}`)
      }
    }
  })
}
