import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

/** The folder of the charts. */
export const charts = fileURLToPath(new URL('..', import.meta.url))

/** Where a program comes from when it is missing. */
const origins = {
  helm: 'make tools',
  kubectl: 'make tools',
  kubeconform: 'go install github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0',
  'helm-unittest': 'make test-artifacts builds it where Go is installed',
  'helm-docs': 'make test-artifacts builds it where Go is installed',
  registry: 'make test-artifacts builds it where Go is installed',
}
const missing = Object.keys(origins).filter((program) => spawnSync(program, ['--help']).error)

/** For node:test: skips with one line where a program is missing. */
export function needs(...programs: (keyof typeof origins)[]) {
  const first = programs.find((program) => missing.includes(program))
  return { skip: first ? `${first} is not on PATH: ${origins[first]}` : false }
}

/** A release, its chart and its values, as `helm template` takes them. */
export interface Installation {
  release: string
  chart: string
  values: string[]
}

interface Outcome {
  status: number | null
  stdout: string
  stderr: string
}

/** Runs a program in the folder of the charts, to its end. */
export async function run(program: string, args: string[], input = ''): Promise<Outcome> {
  const child = spawn(program, args, { cwd: charts })
  child.stdin.end(input)
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { status: child.exitCode, stdout, stderr }
}

/** What `helm template` prints of an installation. */
export function render({ release, chart, values }: Installation, ...settings: string[]): Promise<Outcome> {
  const files = values.flatMap((file) => ['--values', file])
  return run('helm', ['template', release, chart, '--namespace', 'shop', ...files, ...settings])
}
