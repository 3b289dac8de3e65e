import { execFile } from 'node:child_process'
import { existsSync, globSync, mkdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { parse } from 'yaml'
import type { UpstreamChart } from '../../cluster/src/charts.ts'
import { logFolder } from '../../cluster/src/step.ts'
import { charts, needs, run } from './programs.ts'

/** The folder of the production profile. */
export const production = join(charts, '../observability-values/production')

/** Its charts, in the order in which they are installed. */
export const productionCharts: UpstreamChart[] = parse(readFileSync(join(production, 'charts.yaml'), 'utf8'))

const execute = promisify(execFile)
/** Where `make up` keeps what it has pulled. */
const cache = join(logFolder, 'charts')

/** The chart's archive, pulled unless it is there; none where its repository cannot be reached. */
async function archiveOf({ name, repository, version }: UpstreamChart): Promise<string | undefined> {
  const archive = join(cache, `${name}-${version}.tgz`)
  if (existsSync(archive)) return archive
  mkdirSync(cache, { recursive: true })
  const args = ['pull', name, '--repo', repository, '--version', version, '--destination', cache]
  return await execute('helm', args, { timeout: 60_000 }).then(
    () => archive,
    () => undefined,
  )
}

export interface RenderedChart {
  name: string
  archive: string
  /** What Helm makes of the chart with its file of the production profile. */
  text: string
}

/** The charts of the production profile. Those that cannot be had are left out, for which there is one line. */
export async function renderedCharts(): Promise<RenderedChart[]> {
  if (needs('helm').skip) return []
  const archives = await Promise.all(
    productionCharts.map(async (chart) => ({ ...chart, archive: await archiveOf(chart) })),
  )
  const missing = archives.filter(({ archive }) => !archive).map(({ name }) => name)
  if (missing.length > 0) console.log(`not rendered, for their repositories cannot be reached: ${missing.join(', ')}`)
  return await Promise.all(
    archives.flatMap(({ name, release = name, namespace, archive }) => {
      if (!archive) return []
      const values = join(production, `${name}.yaml`)
      const rendering = run('helm', ['template', release, archive, '--namespace', namespace, '--values', values])
      return rendering.then(({ status, stdout, stderr }) => {
        if (status !== 0) throw new Error(`${name}: ${stderr}`)
        return { name, archive, text: stdout }
      })
    }),
  )
}

export const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Maps one over the other, as Helm does with values. */
function merged(under: unknown, over: unknown): unknown {
  if (!isMap(under) || !isMap(over)) return over ?? under
  const keys = Object.keys({ ...under, ...over })
  return Object.fromEntries(keys.map((key) => [key, merged(under[key], over[key])]))
}

/** The default values of a chart, with those of the charts in it. */
export async function defaultValues(archive: string, folder: string): Promise<Record<string, unknown>> {
  await execute('tar', ['-xzf', archive, '-C', folder])
  const [own] = globSync('*/values.yaml', { cwd: folder }).map((file) => join(folder, file))
  const values: Record<string, unknown> = parse(readFileSync(own!, 'utf8'))
  for (const file of globSync('charts/*/values.yaml', { cwd: dirname(own!) })) {
    const name = basename(dirname(file))
    const inner: unknown = parse(readFileSync(join(dirname(own!), file), 'utf8')) ?? {}
    values[name] = merged(inner, values[name])
  }
  return values
}
