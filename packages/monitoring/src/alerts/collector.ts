import { type AlertRule, alertRule } from '../alert.ts'
import type { Names } from '../names.ts'
import type { Objectives } from '../objectives.ts'

/**
 * Whether the OpenTelemetry Collector takes what it is sent and gets rid of it. Every one that Prometheus scrapes is meant, whatever
 * namespace it is in; where there is none, all are silent.
 */
export function collectorAlerts(names: Names, { collector }: Objectives): AlertRule[] {
  const { refused, lost, queue } = collector
  const about = { severity: 'warning', dashboard: 'telemetry' } as const
  const received = (outcome: string) =>
    `sum by (job, receiver) (increase(otelcol_receiver_${outcome}_spans{}[${refused.window}]))`
  const failed = (how: string, signal: string) => {
    const counter = `otelcol_exporter_${how}_failed_${signal}{}`
    // It is not there before the first is dropped, and what begins has not increased.
    const dropped = `(${counter} unless ${counter} offset ${lost.window}) or increase(${counter}[${lost.window}])`
    return `sum by (job, exporter) (${dropped}) > 0`
  }
  return [
    alertRule(names, {
      ...about,
      name: 'ShopCollectorRefuses',
      expr: `${received('refused')} / (${received('refused')} + (${received('accepted')} or 0 * ${received('refused')})) > ${refused.share}`,
      for: refused.for,
      summary: 'A Collector refuses spans.',
      description:
        '{{ $labels.job }} refuses {{ $value | humanizePercentage }} of the spans that come by {{ $labels.receiver }}.',
    }),
    alertRule(names, {
      ...about,
      name: 'ShopCollectorLosesData',
      expr: ['send', 'enqueue']
        .flatMap((how) => ['spans', 'log_records'].map((signal) => failed(how, signal)))
        .join(' or '),
      for: lost.for,
      summary: 'A Collector drops spans or log lines that it has taken.',
      description: `{{ $labels.job }} dropped {{ $value | printf "%.0f" }} that {{ $labels.exporter }} was to send, in ${lost.window}.`,
    }),
    alertRule(names, {
      ...about,
      name: 'ShopCollectorQueueFills',
      expr: `max by (job, exporter) (otelcol_exporter_queue_size{} / otelcol_exporter_queue_capacity{}) > ${queue.share}`,
      for: queue.for,
      summary: 'What a Collector has to send piles up.',
      description:
        'The queue of {{ $labels.exporter }} in {{ $labels.job }} is {{ $value | humanizePercentage }} full.',
    }),
  ]
}
