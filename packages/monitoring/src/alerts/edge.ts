import { type AlertRule, alertRule, appLabel } from '../alert.ts'
import type { Names } from '../names.ts'
import type { Objectives } from '../objectives.ts'
import { entryService } from '../shared-names.ts'

/** Whom the shop turns away before it works for them. */
export function edgeAlerts(names: Names, { rateLimit }: Objectives): AlertRule[] {
  const requests = (...matchers: string[]) => {
    const own = [`namespace="${names.namespace}"`, `app="${entryService}"`, ...matchers]
    return `sum by (app) (increase(http_server_request_duration_seconds_count{${own.join(', ')}}[${rateLimit.window}]))`
  }
  const refused = requests('http_response_status_code="429"')
  return [
    alertRule(names, {
      name: 'ShopRateLimitBites',
      severity: 'warning',
      expr: `${refused} / (${requests()} > 0) > ${rateLimit.share} and ${refused} >= ${rateLimit.minimum}`,
      for: rateLimit.for,
      summary: 'Many requests are refused because their address sends too many.',
      description: '{{ $value | humanizePercentage }} of the requests to {{ $labels.app }} were answered 429.',
      app: appLabel,
    }),
  ]
}
