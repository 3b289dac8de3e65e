import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileOf, generatedFiles } from '@hello/monitoring/generate'
import { filled } from '@hello/monitoring/names'
import { parse, stringify } from 'yaml'
import { checkout } from '../processes/checkout.ts'
import { chartValues } from './chart-values.ts'
import type { StackProgram, StackSurroundings } from './stack-program.ts'

type Sections = Record<string, Record<string, unknown>>

/** Grafana's own folder, with its pages and defaults: around the program in a release, apart from it in a package. */
function homeOf(program: string): string {
  const folder = dirname(realpathSync(program))
  const places = [dirname(folder), join(folder, '../share/grafana'), '/usr/share/grafana']
  const home = places.find((place) => existsSync(join(place, 'conf/defaults.ini')))
  if (home) return home
  throw new Error(
    `${program} is without its folder: conf/defaults.ini is in none of ${places.join(', ')}. Get both: make tools STACK=1`,
  )
}

const asIni = (sections: Sections) =>
  Object.entries(sections)
    .map(([section, values]) => {
      const lines = Object.entries(values).map(([name, value]) => `${name} = ${value}\n`)
      return `[${section}]\n${lines.join('')}`
    })
    .join('\n')

function settings({ folder, names, stack }: StackSurroundings): Sections {
  const { adminPassword, 'grafana.ini': own } = chartValues('kube-prometheus-stack').grafana
  return {
    ...own,
    server: { http_addr: '127.0.0.1', http_port: stack.ports.grafana.http, root_url: names.grafana },
    security: { admin_password: adminPassword },
    paths: { data: join(folder, 'data'), logs: join(folder, 'logs'), provisioning: join(folder, 'provisioning') },
    log: { mode: 'console', level: 'warn' },
  }
}

/** What charts/observability gives Grafana: its dashboards, its datasources, and the folder of the dashboards. */
function provisioning({ folder, names }: StackSurroundings): Record<string, string> {
  const { dashboards } = parse(readFileSync(join(checkout, 'charts/observability/values.yaml'), 'utf8')).grafana
  const provider = {
    name: 'shop',
    type: 'file',
    folder: dashboards.folder,
    options: { path: join(folder, 'dashboards') },
  }
  const shipped = Object.keys(generatedFiles).filter((path) => /^(dashboards|datasources)\//.test(path))
  return {
    'provisioning/dashboards/shop.yaml': stringify({ apiVersion: 1, providers: [provider] }),
    ...Object.fromEntries(
      shipped.map((path) => [
        path.startsWith('datasources/') ? `provisioning/${path}` : path,
        filled(readFileSync(fileOf(path), 'utf8'), names),
      ]),
    ),
  }
}

/** Grafana with the dashboards and datasources as shipped, and set as in the cluster. */
export function grafana(surroundings: StackSurroundings): StackProgram {
  const { folder, stack } = surroundings
  const config = join(folder, 'grafana.ini')
  return {
    args: ['server', '--homepath', homeOf(stack.programs.grafana!), '--config', config],
    files: { 'grafana.ini': asIni(settings(surroundings)), ...provisioning(surroundings) },
    readyUrl: `http://127.0.0.1:${stack.ports.grafana.http}/api/health`,
  }
}
