import assert from 'node:assert/strict'
import { existsSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { after, describe, test } from 'node:test'
import { parse } from 'yaml'
import { codeBlocks } from './code-blocks.ts'
import { assertValid } from './kubeconform.ts'
import { renderPage } from './page.ts'
import { charts, type Installation, needs, render, run } from './programs.ts'

const documents = new URL('../../docs/', import.meta.url)
const folder = mkdtempSync(join(tmpdir(), 'charts-'))
after(() => rmSync(folder, { recursive: true }))

/** Every way to install: a release, its chart and its values. */
const installations: Installation[] = ['service', 'postgres', 'observability'].flatMap((chart) => [
  ...list(join(charts, chart, 'ci')).map((file) => ({
    release: file.replace('.yaml', ''),
    chart,
    values: [join(chart, 'ci', file)],
  })),
  ...(chart === 'service' ? [] : [{ release: chart, chart, values: [] }]),
])
for (const file of globSync('{services/*,frontend}/values.yaml', { cwd: join(charts, '..') })) {
  const [release, values] = [basename(dirname(file)), join('..', file)]
  installations.push({ release, chart: 'service', values: [values] })
  installations.push({ release, chart: 'service', values: [values, 'service/values/production.yaml'] })
}

const hello = Object.fromEntries(
  codeBlocks(new URL('en/your-own-service.md', documents)).map(({ file, text }) => [file, text]),
)
writeFileSync(join(folder, 'hello.yaml'), hello['hello/values.yaml'] ?? '')
installations.push({ release: 'hello', chart: 'service', values: [join(folder, 'hello.yaml')] })

const renderings = new Map<Installation, ReturnType<typeof render>>()

/** What Helm makes of an installation, which it is asked once. */
function rendering(installation: Installation) {
  const known = renderings.get(installation) ?? render(installation)
  renderings.set(installation, known)
  return known
}

function list(directory: string): string[] {
  return existsSync(directory) ? readdirSync(directory) : []
}

describe('what Helm renders', { concurrency: true, ...needs('helm') }, () => {
  for (const installation of installations) {
    const name = `${installation.chart}: ${installation.values.join(' + ').replace(folder, 'docs') || 'defaults'}`

    test(`${name} passes helm lint`, async () => {
      const files = installation.values.flatMap((file) => ['--values', file])
      const lint = await run('helm', ['lint', '--strict', '--quiet', installation.chart, ...files])
      assert.equal(lint.status, 0, lint.stdout + lint.stderr)
    })

    test(`${name} is valid for Kubernetes 1.34, 1.35 and 1.36`, needs('kubeconform'), async () => {
      const rendered = await rendering(installation)
      assert.equal(rendered.status, 0, rendered.stderr)
      await assertValid(rendered.stdout)
    })
  }
})

describe('the charts themselves', { concurrency: true }, () => {
  for (const chart of ['service', 'postgres', 'observability']) {
    test(`${chart} passes its unit tests`, needs('helm-unittest'), async () => {
      const { status, stdout, stderr } = await run('helm-unittest', ['--strict', '--file=tests/*_test.yaml', chart])
      assert.equal(status, 0, stdout + stderr)
    })

    test(`${chart}/README.md is what helm-docs makes of its values`, needs('helm-docs'), async () => {
      const { stdout: made } = await run('helm-docs', [
        '--dry-run',
        '--log-level=error',
        `--chart-search-root=${chart}`,
      ])
      assert.equal(readFileSync(join(charts, chart, 'README.md'), 'utf8').trim(), made.trim())
    })

    test(`${chart}/README.md explains every value`, () => {
      const readme = readFileSync(join(charts, chart, 'README.md'), 'utf8')
      const defaults = parse(readFileSync(join(charts, chart, 'values.yaml'), 'utf8'))
      for (const key of Object.keys(defaults))
        assert.match(readme, new RegExp(`^\\| ${key}[ .].*\\| .*\\w.* \\|$`, 'm'))
    })
  }

  test('one kind per template file', needs('helm'), async () => {
    for (const installation of installations) {
      const kinds = new Map<string, Set<string>>()
      const { stdout } = await rendering(installation)
      for (const part of stdout.split(/^---$/m)) {
        const source = /^# Source: (.*)$/m.exec(part)?.[1] ?? ''
        const kind = /^kind: (.*)$/m.exec(part)?.[1]
        if (kind) kinds.set(source, (kinds.get(source) ?? new Set()).add(kind))
      }
      for (const [source, found] of kinds) assert.equal(found.size, 1, `${source}: ${[...found]}`)
    }
  })

  test('docs/en/production.md: what it would install can be rendered', needs('helm'), () => {
    assert.equal(renderPage('production.md').length, 7)
  })

  test('docs/en/telemetry.md has the attributes that charts/service gives a pod', needs('helm'), async () => {
    const { stdout } = await render({
      release: 'order',
      chart: 'service',
      values: [join(charts, '../services/order/values.yaml')],
    })
    const [, given = ''] = /OTEL_RESOURCE_ATTRIBUTES\n +value: "([^"]*)"/.exec(stdout) ?? []
    const names = given.split(',').map((entry) => entry.split('=')[0]!)
    const page = readFileSync(new URL('en/telemetry.md', documents), 'utf8')
    const listed = [...page.matchAll(/^\| `([\w.]+)` \| charts\/service \|/gm)].map(([, name]) => name)
    assert.deepEqual(names.filter((name) => name.startsWith('k8s.')).sort(), listed.sort())
  })

  test('English and Korean pages run the same commands', () => {
    for (const page of [
      'your-own-service.md',
      'production.md',
      'existing-stack.md',
      'alerting.md',
      'beyond-the-chart.md',
    ]) {
      const [english, korean] = ['en/', 'ko/'].map((language) => codeBlocks(new URL(language + page, documents)))
      assert.deepEqual(korean, english, page)
    }
  })
})
