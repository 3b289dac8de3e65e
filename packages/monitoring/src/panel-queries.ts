import { allDashboards } from './all-dashboards.ts'
import type { Dashboard } from './dashboard.ts'
import { filled, type Names } from './names.ts'
import type { Panel, State, Target } from './panels.ts'

/** A query of a panel or an annotation, as Grafana sends it. */
export interface PanelQuery {
  dashboard: string
  panel: string
  refId: string
  datasource: 'prometheus' | 'loki' | 'jaeger'
  kind: 'instant' | 'range' | 'search'
  /** In PromQL or LogQL; of Jaeger, the service whose traces are searched. */
  query: string
  /** What has to be there besides a used shop; undefined when nothing. */
  filledBy: State | undefined
}

const builtIn = { __rate_interval: '1m', __auto: '1m', __interval: '1m', __range: '30m' }

/** What Grafana puts in the place of a dashboard's variables at first: all of them, or the one that is chosen. */
function valuesOf({ templating }: Dashboard, chosen: Record<string, string>): Record<string, string> {
  const first = templating.list.map(({ name, current, allValue }) => [
    name,
    typeof current.value === 'string' ? current.value : String(allValue),
  ])
  return { ...builtIn, ...Object.fromEntries(first), ...chosen }
}

function replaced(query: string, values: Record<string, string>): string {
  return query.replaceAll(/\$(?:\{(\w+)(?::\w+)?\}|(\w+))/g, (variable, braced, bare) => {
    const value = values[braced ?? bare]
    if (value === undefined) throw new Error(`${query} has ${variable}, which is no variable`)
    return value
  })
}

const kindOf = (target: Target): PanelQuery['kind'] =>
  target.queryType === 'search' ? 'search' : target.instant || target.queryType === 'instant' ? 'instant' : 'range'

/**
 * Every query of every panel and annotation, variables filled.
 *
 * @param names what things are called where the queries are run
 * @param chosen values of variables other than the first ones
 */
export function panelQueries(names: Names, chosen: Record<string, string> = {}): PanelQuery[] {
  return allDashboards.flatMap((dashboard) => {
    const fill = (query: string) => filled(replaced(query, valuesOf(dashboard, chosen)), names)
    const ofPanels = dashboard.panels
      .filter(({ type }) => type !== 'row')
      .flatMap(({ title, targets, filledBy }: Panel) =>
        targets.map((target) => ({
          dashboard: dashboard.title,
          panel: title,
          refId: target.refId,
          datasource: target.datasource.type,
          kind: kindOf(target),
          query: fill(target.expr ?? String(target.service)),
          filledBy,
        })),
      )
    const ofAnnotations = dashboard.annotations.list.map(({ name, target, filledBy }) => ({
      dashboard: dashboard.title,
      panel: `annotation ${name}`,
      refId: target.refId,
      datasource: 'prometheus' as const,
      kind: 'range' as const,
      query: fill(target.expr),
      filledBy,
    }))
    return [...ofPanels, ...ofAnnotations]
  })
}
