import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { codeBlocks } from './code-blocks.ts'

const charts = fileURLToPath(new URL('..', import.meta.url))
const documents = new URL('../../docs/', import.meta.url)
const folder = mkdtempSync(join(tmpdir(), 'charts-'))
after(() => rmSync(folder, { recursive: true }))

/** Where a program comes from when it is missing; a test that needs it is skipped with this line. */
const origins = {
  helm: 'make tools',
  kubeconform: 'go install github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0',
  'helm-unittest': 'make test-unit builds it where Go is installed',
  'helm-docs': 'make test-unit builds it where Go is installed',
}
const missing = Object.keys(origins).filter((program) => spawnSync(program, ['--help']).error)
function needs(...programs: (keyof typeof origins)[]) {
  const first = programs.find((program) => missing.includes(program))
  return { skip: first ? `${first} is not on PATH: ${origins[first]}` : false }
}

/** Every way to install: a release, its chart and its values. */
const installations = ['service', 'postgres', 'observability'].flatMap((chart) => [
  ...['values', 'ci'].flatMap((kind) =>
    list(join(charts, chart, kind))
      .filter((file) => file.endsWith('.yaml') && file !== 'production.yaml')
      .map((file) => ({ release: file.replace('.yaml', ''), chart, values: [join(chart, kind, file)] })),
  ),
  ...(chart === 'service' ? [] : [{ release: chart, chart, values: [] }]),
])
for (const { release, values } of installations.filter(({ values }) => values[0]?.startsWith('service/values/')))
  installations.push({ release, chart: 'service', values: [...values, 'service/values/production.yaml'] })

const hello = Object.fromEntries(
  codeBlocks(new URL('en/your-own-service.md', documents)).map(({ file, text }) => [file, text]),
)
writeFileSync(join(folder, 'hello.yaml'), hello['hello/values.yaml'] ?? '')
installations.push({ release: 'hello', chart: 'service', values: [join(folder, 'hello.yaml')] })

function list(directory: string): string[] {
  return existsSync(directory) ? readdirSync(directory) : []
}

interface Outcome {
  status: number | null
  stdout: string
  stderr: string
}

/** Runs a program in the folder of the charts, to its end. */
async function run(program: string, args: string[], input = ''): Promise<Outcome> {
  const child = spawn(program, args, { cwd: charts })
  child.stdin.end(input)
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { status: child.exitCode, stdout, stderr }
}

function render({ release, chart, values }: (typeof installations)[number], ...settings: string[]): Promise<Outcome> {
  const files = values.flatMap((file) => ['--values', file])
  return run('helm', ['template', release, chart, '--namespace', 'shop', ...files, ...settings])
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
      const rendered = await render(installation)
      assert.equal(rendered.status, 0, rendered.stderr)
      const schemas = process.env.KUBECONFORM_FLAGS?.split(' ') ?? [
        '-schema-location=default',
        '-schema-location=https://raw.githubusercontent.com/datreeio/CRDs-catalog/main/{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json',
      ]
      for (const version of ['1.34.4', '1.35.4', '1.36.3']) {
        const checked = await run(
          'kubeconform',
          ['-strict', '-kubernetes-version', version, ...schemas],
          rendered.stdout,
        )
        assert.equal(checked.status, 0, `Kubernetes ${version}: ${checked.stdout}${checked.stderr}`)
      }
    })
  }
})

/** The path of each object and of each leaf that a values file has. */
function paths(value: unknown, path: string[] = []): { path: string[]; value: unknown }[] {
  const inner = value && typeof value === 'object' && !Array.isArray(value) ? Object.entries(value) : []
  return [{ path, value }, ...inner.flatMap(([key, child]) => paths(child, [...path, key]))]
}

describe('values that are refused', { concurrency: true, ...needs('helm') }, () => {
  /** Maps whose keys are the user's, with any name. */
  const free = /^(podAnnotations|podLabels|nodeSelector|.*\.annotations|.*\.labels|.*\.matchLabels)$/
  const whole = { service: 'service/values/order.yaml', postgres: undefined }

  for (const [chart, values] of Object.entries(whole)) {
    const installation = { release: 'x', chart, values: values ? [values] : [] }
    const defaults = parse(readFileSync(join(charts, chart, 'values.yaml'), 'utf8'))

    for (const { path, value } of paths(defaults)) {
      const place = `/${path.join('/')}`
      if (value && typeof value === 'object' && !Array.isArray(value)) {
        if (free.test(path.join('.'))) continue
        test(`${chart}: an unknown key in ${place}`, async () => {
          const { status, stderr } = await render(
            installation,
            '--set-json',
            `${[...path, 'unexpected-key'].join('.')}="x"`,
          )
          assert.notEqual(status, 0)
          const named = path.length === 0 ? "at '': additional properties 'unexpected-key'" : `at '${place}`
          assert.ok(stderr.includes(named) && stderr.includes('unexpected-key'), stderr)
        })
      }
      if (path.length > 0) {
        test(`${chart}: a wrong type at ${place}`, async () => {
          const wrong = typeof value === 'string' ? '[]' : '"wrong type"'
          const { status, stderr } = await render(installation, '--set-json', `${path.join('.')}=${wrong}`)
          assert.notEqual(status, 0)
          assert.ok(stderr.includes(`at '${place}'`), stderr)
        })
      }
    }
  }

  const refusals = {
    'no image': ['service', 'image.repository=', "at '/image/repository'"],
    'an image without a legal name': ['service', 'image.repository=UPPER', "at '/image/repository'"],
    'a port beyond 65535': ['service', 'http.port=70000', "at '/http/port'"],
    'a node port outside the range': ['service', 'external.nodePort=8080', "at '/external/nodePort'"],
    root: ['service', 'security.runAsUser=0', "at '/security/runAsUser'"],
    'an Ingress without a host': ['service', 'ingress.enabled=true', "at '/ingress/host'"],
    'an upstream without its variable': ['service', 'upstreams.stock.port=1', "at '/upstreams/stock'"],
    'memory in megabytes with one letter too many': [
      'service',
      'resources.limits.memory=1MB',
      "at '/resources/limits/memory'",
    ],
    'a variable that the chart sets': ['service', 'env.PORT=1', 'env.PORT cannot be set here: set http.port'],
    'a variable that an upstream sets': ['service', 'env.PRODUCT_SERVICE_URL=x', 'upstreams.product sets it'],
    'a database with a reserved name': ['postgres', 'databases={exporter}', "at '/databases/0'"],
    'no database': ['postgres', 'databases=null', "missing property 'databases'"],
    'an external server without an address': [
      'postgres',
      'externalDatabase.enabled=true',
      "at '/externalDatabase/host'",
    ],
    'a schedule that is not cron': ['postgres', 'backup.schedule=daily', "at '/backup/schedule'"],
  } as const
  for (const [what, [chart, setting, message]] of Object.entries(refusals))
    test(`${chart}: ${what}`, async () => {
      const values = chart === 'service' ? ['service/values/order.yaml'] : []
      const { status, stderr } = await render({ release: 'x', chart, values }, '--set', setting)
      assert.notEqual(status, 0)
      assert.ok(stderr.includes(message), stderr)
    })
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
      const { stdout } = await render(installation)
      for (const part of stdout.split(/^---$/m)) {
        const source = /^# Source: (.*)$/m.exec(part)?.[1] ?? ''
        const kind = /^kind: (.*)$/m.exec(part)?.[1]
        if (kind) kinds.set(source, (kinds.get(source) ?? new Set()).add(kind))
      }
      for (const [source, found] of kinds) assert.equal(found.size, 1, `${source}: ${[...found]}`)
    }
  })

  test('docs/en/production.md: what it would install can be rendered', needs('helm'), () => {
    const page = codeBlocks(new URL('en/production.md', documents))
    symlinkSync(charts, join(folder, 'charts'))
    mkdirSync(join(folder, 'production'))
    for (const { file, text } of page) if (file) writeFileSync(join(folder, file), text)
    const commands = page.filter(({ language, text }) => language === 'bash' && text.startsWith('helm template'))
    assert.equal(commands.length, 5)
    for (const { text } of commands) {
      const { status, stderr } = spawnSync('bash', ['-euc', text], { cwd: folder, encoding: 'utf8' })
      assert.equal(status, 0, text + stderr)
    }
  })

  test('English and Korean pages run the same commands', () => {
    for (const page of ['your-own-service.md', 'production.md']) {
      const [english, korean] = ['en/', 'ko/'].map((language) => codeBlocks(new URL(language + page, documents)))
      assert.deepEqual(korean, english, page)
    }
  })
})
