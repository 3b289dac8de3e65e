import { exemplarLabels } from '@hello/telemetry/exemplar'
import fastifyPlugin from 'fastify-plugin'
import type { ActionName } from './allow-list.ts'

declare module 'fastify' {
  interface FastifyInstance {
    healerMetrics: HealerMetrics
  }
}

/** What came of an action. */
export type Outcome = 'done' | 'dry-run' | 'failed' | 'refused'

/** What was made of an alert that fires. */
export type Verdict = 'act' | 'cooling-down' | 'give-up' | 'not-listed' | 'silenced' | 'nothing-to-do'

export interface HealerMetrics {
  acted(action: ActionName, outcome: Outcome): void
  decided(verdict: Verdict): void
  healed(): void
  /** How many alerts are looked after, and of how many a person was told. */
  open(alerts: number, givenUp: number): void
}

const actions: ActionName[] = ['flags-off', 'end-blocking-sessions', 'restart', 'undo-rollout']
const outcomes: Outcome[] = ['done', 'dry-run', 'failed', 'refused']
const verdicts: Verdict[] = ['act', 'cooling-down', 'give-up', 'not-listed', 'silenced', 'nothing-to-do']

/** What the healer does, and what it leaves. */
export const healerMetricsPlugin = fastifyPlugin<{ dryRun: boolean }>(
  async (app, { dryRun }) => {
    const { client } = app.metrics
    const registers = [client.register]
    const acted = new client.Counter({
      name: 'shop_healer_actions_total',
      help: 'Actions, by what was done and what came of it',
      labelNames: ['action', 'outcome'],
      registers,
      enableExemplars: true,
    })
    const decided = new client.Counter({
      name: 'shop_healer_decisions_total',
      help: 'What was made of alerts that fire, counted when it changes',
      labelNames: ['decision'],
      registers,
    })
    const healed = new client.Counter({
      name: 'shop_healer_healed_total',
      help: 'Alerts that were silent for long enough after an action, when an order worked',
      registers,
    })
    const open = new client.Gauge({
      name: 'shop_healer_open_alerts',
      help: 'Alerts that the healer looks after',
      registers,
    })
    const givenUp = new client.Gauge({
      name: 'shop_healer_given_up_alerts',
      help: 'Alerts about which a person was paged, because no action helped',
      registers,
    })
    const dry = new client.Gauge({
      name: 'shop_healer_dry_run',
      help: '1 where nothing is done but said, 0 where it acts',
      registers,
    })
    for (const action of actions) for (const outcome of outcomes) acted.inc({ labels: { action, outcome }, value: 0 })
    for (const decision of verdicts) decided.inc({ decision }, 0)
    dry.set(dryRun ? 1 : 0)

    app.decorate('healerMetrics', {
      acted: (action, outcome) =>
        acted.inc({ labels: { action, outcome }, value: 1, exemplarLabels: exemplarLabels() }),
      decided: (decision) => decided.inc({ decision }),
      healed: () => healed.inc(),
      open(alerts, paged) {
        open.set(alerts)
        givenUp.set(paged)
      },
    })
  },
  { name: 'healer-metrics', dependencies: ['metrics'] },
)
