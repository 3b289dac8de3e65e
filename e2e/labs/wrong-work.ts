/** What a learner would plausibly write: something in the solution, what stands in its place, and what the learner is told. */
type Mistake = readonly [from: string, to: string, lack: RegExp]

/** By the name of a lab, and by the mistake. */
export const wrongWork: Record<string, Record<string, Mistake>> = {
  'one-in-a-hundred': {
    'a sum that is rated as a subquery': [
      'sum by (app) (rate(http_server_request_duration_seconds_count{namespace="shop"}[5m]))',
      'rate(sum by (app) (http_server_request_duration_seconds_count{namespace="shop"})[5m:15s])',
      /0\.02 all the time/,
    ],
    '4xx as errors': ['"5.."', '"[45].."', /4xx to one request/],
    'one row a process': ['by (app)', 'by (app, pod)', /one row, of order/],
    'no labels at all': ['sum by (app)', 'sum', /one row, of order/],
    'no threshold': ['> 0.01', '', /one row, of order/],
    'a threshold in percent': ['> 0.01', '> 1', /one row, of order/],
    'what has been counted since the start': ['[5m]', '[1h]', /ended ten minutes ago/],
    'a window that is too short': ['[5m]', '[1m]', /another stretch of time/],
    'everybody, not the shop': ['namespace="shop"', 'namespace=~".+"', /another namespace/],
    'zero where nothing is asked': [
      '> 0.01',
      '> 0.01 or 0 * sum by (app) (http_server_request_duration_seconds_count)',
      /./,
    ],
    'an expression without an end': ['> 0.01', '> (0.01', /Prometheus says: .*parenthesis/],
  },
}
