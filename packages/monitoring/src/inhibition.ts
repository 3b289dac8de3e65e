import { type Service, services } from '@hello/shop/services'
import { among, is, type Matcher } from './matcher.ts'
import type { Names } from './names.ts'
import { objectives } from './objectives.ts'
import { othersAlerts, podDoesNotRun } from './others-alerts.ts'
import { entryService } from './shared-names.ts'

/** As an AlertmanagerConfig has it. */
export interface InhibitRule {
  sourceMatch: Matcher[]
  targetMatch: Matcher[]
  equal: string[]
}

const all: readonly Service[] = services

/** Whether a service needs another one, directly or not. */
function needs(name: string, other: string): boolean {
  if (name === other) return true
  return all.find((service) => service.name === name)!.upstreams.some((upstream) => needs(upstream, other))
}

/** The objectives that cannot be kept while a service is down: those of the routes behind which it stands. */
function objectivesOn(service: string): string[] {
  if (service === entryService) return ['.+-(availability|latency)']
  const kept = Object.keys(objectives.latencySeconds).filter((group) => needs(ownerOf(group), service))
  return kept.map((group) => `${group}-.+`)
}

/** The service behind a route group, which is its name, or the plural of it. */
const ownerOf = (group: string): string => all.find(({ name }) => name === group || `${name}s` === group)!.name

/** Which alert explains which other, so that what broke makes one page: by what calls what. */
export function inhibitRules(names: Names): InhibitRule[] {
  const { namespace, team, severities } = names
  const ours = [is('team', team), is('namespace', namespace)]
  const burn = [
    'ShopErrorBudgetBurn',
    'ShopLatencyBudgetBurn',
    'ShopOrderOutcomeBudgetBurn',
    'ShopOrderFreshnessBudgetBurn',
  ]
  const symptoms = among('alertname', [...burn, 'ShopFewRequestsFail'])
  const down = all
    .filter(({ name }) => objectivesOn(name).length > 0)
    .map(({ name }) => ({
      sourceMatch: [...ours, is('alertname', 'ShopServiceDown'), is('app', name)],
      targetMatch: [...ours, symptoms, among('objective', objectivesOn(name))],
      equal: ['namespace'],
    }))
  const page = is('severity', severities.critical)
  /** One of ours explains another of ours about the same. */
  const explains = (sources: string[], targets: string[], ...equal: string[]) => ({
    sourceMatch: [...ours, among('alertname', sources)],
    targetMatch: [...ours, among('alertname', targets)],
    equal: ['namespace', ...equal],
  })
  return [
    ...down,
    // A page explains the tickets about the same service, and about the same objective.
    ...['app', 'objective'].map((label) => ({
      sourceMatch: [...ours, page],
      targetMatch: [
        ...ours,
        among('severity', [severities.warning, severities.info]),
        { name: label, value: '.+', matchType: '=~' as const },
      ],
      equal: [label],
    })),
    // A database that is gone explains what its clients lack.
    explains(
      ['ShopDatabaseDown'],
      ['ShopDatabaseNotSampled', 'ShopPoolExhausted', 'ShopBreakerOpen', 'ShopRetryStorm'],
    ),
    // Requests that fail explain orders that fail, and what waits on them.
    {
      sourceMatch: [...ours, page, is('alertname', 'ShopErrorBudgetBurn')],
      targetMatch: [...ours, page, among('alertname', [...burn.slice(1), 'ShopFewRequestsFail'])],
      equal: ['namespace'],
    },
    explains(['ShopContainerOomKilled'], ['ShopContainerRestarts'], 'pod', 'container'),
    explains(podDoesNotRun, ['ShopRolloutStuck'], 'app'),
    explains(podDoesNotRun, ['ShopTargetDown'], 'pod'),
    explains(['ShopVolumeNearlyFull'], ['ShopVolumeFillingUp'], 'persistentvolumeclaim'),
    explains(['ShopTargetDown'], ['ShopScrapeSlow'], 'app'),
    // What fails or is slow explains what is not bought.
    {
      sourceMatch: [...ours, page, among('alertname', ['ShopServiceDown', ...burn, 'ShopFewRequestsFail'])],
      targetMatch: [...ours, is('alertname', 'ShopOrdersStalled')],
      equal: ['namespace'],
    },
    ...othersAlerts(names).map(({ sameAs, alerts, equal, only = [] }) => ({
      sourceMatch: [...ours, among('alertname', sameAs)],
      targetMatch: [is('namespace', namespace), among('alertname', alerts), ...only],
      equal: ['namespace', ...equal],
    })),
  ]
}
