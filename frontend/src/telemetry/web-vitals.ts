import { ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { ATTR_URL_PATH } from '@opentelemetry/semantic-conventions'
import {
  ATTR_BROWSER_WEB_VITAL_ID,
  ATTR_BROWSER_WEB_VITAL_NAME,
  ATTR_BROWSER_WEB_VITAL_NAVIGATION_TYPE,
  ATTR_BROWSER_WEB_VITAL_RATING,
  ATTR_BROWSER_WEB_VITAL_VALUE,
  EVENT_BROWSER_WEB_VITAL,
} from '@opentelemetry/semantic-conventions/incubating'
import { type Metric, onCLS, onFCP, onINP, onLCP, onTTFB } from 'web-vitals'

/**
 * Each time a person leaves the page, one span `web vitals` with an event for every metric that is new or has changed: LCP, INP,
 * FCP and TTFB in milliseconds, CLS as a score (https://web.dev/articles/vitals).
 *
 * @param flush sends what is there; called each time the page is hidden, which may be its last moment
 */
export function reportWebVitals(flush: () => void) {
  const changed = new Map<string, Metric>()
  for (const observe of [onCLS, onFCP, onINP, onLCP, onTTFB]) {
    // An interaction just before the page is hidden is looked at after web-vitals' own last report.
    observe((metric) => changed.set(metric.name, metric), { reportAllChanges: true })
  }
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'hidden') return
    if (changed.size > 0) {
      const span = trace.getTracer('web-vitals').startSpan('web vitals', {}, ROOT_CONTEXT)
      span.setAttribute(ATTR_URL_PATH, location.pathname)
      for (const metric of changed.values()) span.addEvent(EVENT_BROWSER_WEB_VITAL, attributesOf(metric))
      span.end()
      changed.clear()
    }
    flush()
  })
}

function attributesOf({ name, value, rating, id, navigationType }: Metric) {
  return {
    [ATTR_BROWSER_WEB_VITAL_NAME]: name.toLowerCase(),
    [ATTR_BROWSER_WEB_VITAL_VALUE]: value,
    [ATTR_BROWSER_WEB_VITAL_RATING]: rating,
    [ATTR_BROWSER_WEB_VITAL_ID]: id,
    [ATTR_BROWSER_WEB_VITAL_NAVIGATION_TYPE]: navigationType,
  }
}
