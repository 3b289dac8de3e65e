import { crc32 } from 'node:zlib'
import { datasource, type Panel, type State, type UnplacedPanel } from './panels.ts'
import { activeFaults, healingActions } from './queries.ts'
import { type DashboardName, dashboards } from './shared-names.ts'
import { variables } from './variables.ts'

export interface Row {
  title: string
  /** Height of its panels in Grafana's grid units of 30 pixels. */
  height: number
  panels: UnplacedPanel[]
}

export interface Annotation {
  name: string
  datasource: { type: string; uid: string }
  target: { refId: string; expr: string }
  /** Left out of what Grafana gets. */
  filledBy?: State
  [key: string]: unknown
}

export interface Variable {
  name: string
  type: string
  query: { query: string; refId: string }
  refresh: number
  current: { text: string | string[]; value: string | string[] }
  [key: string]: unknown
}

export interface Dashboard {
  uid: string
  title: string
  description: string
  editable: boolean
  templating: { list: Variable[] }
  annotations: { list: Annotation[] }
  panels: Panel[]
  [key: string]: unknown
}

const gridWidth = 24

/** Of its title, so that another panel before it changes nothing in the addresses that name it. */
const idOf = (text: string): number => crc32(text) % 1_000_000_000

const annotation = (name: string, iconColor: string, expr: string, more: object): Annotation => ({
  name,
  datasource: datasource('prometheus'),
  enable: true,
  hide: false,
  iconColor,
  expr,
  target: { refId: 'Anno', expr },
  ...more,
})

const annotations = [
  annotation(
    'Deployments',
    'blue',
    'changes(kube_deployment_status_observed_generation{namespace="$namespace"}[$__rate_interval]) > 0',
    {
      titleFormat: 'Deployment of {{deployment}}',
      filledBy: 'kubernetes',
    },
  ),
  // The value is when it happened: one mark for each process that took over, in Kubernetes or not.
  annotation('Starts', 'purple', 'max by (app) (process_start_time_seconds{namespace="$namespace", app!=""}) * 1000', {
    titleFormat: 'Start of {{app}}',
    useValueForTime: true,
  }),
  annotation('Alerts', 'red', 'ALERTS{namespace="$namespace", alertstate="firing", alertname!="ShopDeadMansSwitch"}', {
    titleFormat: '{{alertname}}',
    textFormat: '{{severity}} {{app}} {{objective}}',
    tagKeys: 'severity',
    filledBy: 'alert',
  }),
  annotation('Faults', 'orange', activeFaults, {
    titleFormat: 'Fault {{fault}}',
    textFormat: 'injected into {{app}} on purpose',
    filledBy: 'fault',
  }),
  annotation('Healing', 'green', healingActions('$__rate_interval'), {
    titleFormat: 'Healer: {{action}}',
    textFormat: '{{outcome}}',
    filledBy: 'healer',
  }),
]

/** A dashboard whose rows fill the width, in Grafana's JSON model: https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/ */
export function dashboard(
  name: DashboardName,
  description: string,
  rows: Row[],
  chosen: { service?: string } = {},
): Dashboard {
  const { uid, title, variables: own } = dashboards[name]
  let y = 0
  const panels = rows.flatMap((row) => {
    const heading = {
      id: idOf(`row ${row.title}`),
      type: 'row',
      title: row.title,
      collapsed: false,
      panels: [],
      gridPos: { x: 0, y: y++, w: gridWidth, h: 1 },
    }
    const w = gridWidth / row.panels.length
    const placed = row.panels.map((panel, index) => ({
      ...panel,
      id: idOf(panel.title),
      gridPos: { x: index * w, y, w, h: row.height },
    }))
    y += row.height
    return [heading as unknown as Panel, ...placed]
  })
  return {
    uid,
    title,
    description,
    tags: ['shop'],
    schemaVersion: 41,
    version: 1,
    editable: false,
    graphTooltip: 1,
    refresh: '10s',
    time: { from: 'now-30m', to: 'now' },
    timezone: 'browser',
    templating: { list: variables(own, chosen.service) },
    annotations: { list: annotations },
    links: [
      {
        type: 'dashboards',
        title: 'Shop',
        tags: ['shop'],
        asDropdown: true,
        includeVars: true,
        keepTime: true,
        targetBlank: false,
        icon: 'external link',
        tooltip: '',
        url: '',
      },
    ],
    panels,
  }
}
