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
  'a-reason-to-wake-you': {
    'another severity': ['severity: page', 'severity: critical', /with severity page/],
    'another name': ['OrdersFail', 'OrdersFailing', /OrdersFail with/],
    '4xx as errors': ['"5.."', '"[45].."', /409 and 400/],
    'every method': [', http_request_method="POST"', '', /those are no orders/],
    'every route': [', http_route="/api/orders"', ', http_route=~".+"', /those are no orders/],
    'every service': ['app="gateway", http_route="/api/orders"', 'http_route=~".*/orders"', /tries again/],
    'any failed order': ['> 0.05', '> 0', /at 3 %/],
    'a limit in percent': ['> 0.05', '> 5', /20 % have failed/],
    'no wait': ['for: 5m', 'for: 0m', /after a peak/],
    'a window as long as the wait': ['[2m]', '[5m]', /after a peak/],
    'a wait of a quarter of an hour': ['for: 5m', 'for: 15m', /20 % have failed/],
    'to go on for an hour': ['for: 5m', 'for: 5m\n        keep_firing_for: 1h', /still fires/],
    'one alert a process': ['sum(rate', 'sum by (pod) (rate', /not two/],
    'a share of everything': [', http_route="/api/orders", http_request_method="POST"}', '}', /share of the orders/],
    'a number of errors': [
      '/ sum(rate(http_server_request_duration_seconds_count{namespace="shop", app="gateway", http_route="/api/orders", http_request_method="POST"}[2m]))\n            > 0.05',
      '> 1',
      /no share/,
    ],
    'what has been counted since the start': [
      'rate(http_server_request_duration_seconds_count',
      'last_over_time(http_server_request_duration_seconds_count',
      /./,
    ],
    'what is no YAML': ['    rules:', '   rules:', /Prometheus says: .*yaml: line/],
    'an expression that is none': ['> 0.05', '> > 0.05', /Prometheus says: .*parse error/],
  },
  'who-left-with-nothing': {
    'lines, not numbers': [
      'sum by (product_id) (\n  count_over_time({namespace="shop", app="order"} |= "order settled" | json | msg="order settled" | status="REJECTED" [10m])\n)',
      '{namespace="shop", app="order"} |= "order settled" | json | status="REJECTED"',
      /it is lines/,
    ],
    'one row a line': ['sum by (product_id) ', '', /two rows/],
    'a sum of all': ['sum by (product_id)', 'sum', /two rows/],
    'so many a second': ['count_over_time', 'rate', /two rows/],
    'fields that nothing has read': ['| json', '', /two rows/],
    'every order': ['| status="REJECTED"', '', /two rows/],
    'a word in the place of a field': ['| status="REJECTED"', '|= "REJECTED"', /a stamp/],
    'every line of an order': ['|= "order settled" | json | msg="order settled"', '| json', /other lines as well/],
    'what was not created': [
      '|= "order settled" | json | msg="order settled" | status="REJECTED"',
      '| json | status!="CREATED"',
      /^Loki says: .*JSONParserErr/,
    ],
    'a quarter of an hour': ['[10m]', '[15m]', /nine minutes/],
    'five minutes': ['[10m]', '[5m]', /two rows/],
    'every namespace': ['namespace="shop", ', '', /staging/],
    'a query that is none': ['| json', '| jason', /^Loki says: .*parse error/],
  },
  'what-only-you-know': {
    'a span of its own': [
      'const span = trace.getActiveSpan()',
      "const span = trace.getTracer('carts').startSpan('find cart')\n  setImmediate(() => span.end())",
      /has a span more/,
    ],
    'a span that never ends': [
      'const span = trace.getActiveSpan()',
      "const span = trace.getTracer('carts').startSpan('find cart')",
      /No span of the trace/,
    ],
    'an id for the carts that there are': [
      `span?.setAttribute('cart.id', id)
  const cart = carts.get(id)
  if (!cart) return reply.code(404).send({ error: 'Cart not found' })
`,
      `const cart = carts.get(id)
  if (!cart) return reply.code(404).send({ error: 'Cart not found' })
  span?.setAttribute('cart.id', id)
`,
      /carts\/c9 has an attribute cart\.id/,
    ],
    'a number as text': [
      "'cart.items': cart.prices.length",
      "'cart.items': String(cart.prices.length)",
      /is "2", and has to be 2/,
    ],
    'no attribute where it is 0': [
      "'cart.items': cart.prices.length",
      "...(cart.prices.length && { 'cart.items': cart.prices.length })",
      /carts\/c3 has an attribute cart\.items/,
    ],
    'the customer as a whole': [
      "'customer.tier': cart.customer.tier",
      "'customer.tier': cart.customer.tier, customer: JSON.stringify(cart.customer)",
      /email address/,
    ],
    'an event in the place of attributes': ['span?.setAttributes({', "span?.addEvent('cart', {", /No span/],
    'a span that is always there': ['span?.', 'span!.', /Without the preload/],
    'what is told, answered as well': [
      'return { id, items',
      'return { id, tier: cart.customer.tier, items',
      /must not change its answer/,
    ],
    'what is no program': ['const app = Fastify()', 'const app = Fastify(', /does not listen .*SyntaxError/],
  },
  'somebody-elses-receipt': {
    'the context of the work': [
      'context.bind(context.active(), job)',
      'job',
      /receipt of order \w is in the trace of order \w/,
    ],
    'a context that is asked for too late': [
      'context.bind(context.active(), job)',
      '() => context.with(context.active(), job)',
      /receipt of order \w is in the trace of order \w/,
    ],
    'a queue without any context': [
      `  return {
    add(job: () => Promise<void>) {
      waiting.push(context.bind(context.active(), job))
      if (!working) work()
`,
      `  setInterval(() => working || work(), 10)

  return {
    add(job: () => Promise<void>) {
      waiting.push(job)
`,
      /order a is not in the trace of its request/,
    ],
    'the context of whoever came last': [
      'waiting.push(context.bind(context.active(), job))',
      'const latest = context.active()\n      Object.assign(waiting, { latest })\n      waiting.push(() => context.with((waiting as never as { latest: typeof latest }).latest, job))',
      /receipt of order \w is in the trace of order \w/,
    ],
    'no queue': ['waiting.push(context.bind(context.active(), job))', 'job()', /each has to be sent once/],
    'all at once': [
      'waiting.push(context.bind(context.active(), job))',
      'context.bind(context.active(), () => job().catch(job))()',
      /receipts were under way at once/,
    ],
    'no second attempt': ['.catch(() => waiting.push(again))', '.catch(() => {})', /each has to be sent once/],
    'what is no program': ['if (!working) work()', 'if (!working work()', /does not listen .*SyntaxError/],
  },
  'a-panel-that-tells': {
    'an average': [
      'histogram_quantile(0.95, sum by (app, le) (rate(http_server_request_duration_seconds_bucket{namespace=\\"shop\\"}[$__rate_interval])))',
      'sum by (app) (rate(http_server_request_duration_seconds_sum[$__rate_interval])) / sum by (app) (rate(http_server_request_duration_seconds_count[$__rate_interval]))',
      /1\.75 s and order 0\.095 s\. The panel shows: .*product 0\.22/,
    ],
    'another percentile': ['(0.95', '(0.99', /The panel shows: .*product 2\.35/],
    'all services in one': ['(app, le)', '(le)', /The panel shows: 0\.1/],
    'one curve a process': ['(app, le)', '(app, pod, le)', /the service is one curve/],
    'an average of percentiles': [
      'histogram_quantile(0.95, sum by (app, le) (rate(http_server_request_duration_seconds_bucket{namespace=\\"shop\\"}[$__rate_interval])))',
      'avg by (app) (histogram_quantile(0.95, rate(http_server_request_duration_seconds_bucket{namespace=\\"shop\\"}[$__rate_interval])))',
      /the service is one curve/,
    ],
    'what has been counted since the start': ['rate(', 'last_over_time(', /Yesterday product was slow/],
    'every namespace': ['{namespace=\\"shop\\"}', '', /namespace staging/],
    'a fixed window': ['[$__rate_interval]', '[5m]', /The window is fixed/],
    milliseconds: ['"unit": "s"', '"unit": "ms"', /not seconds/],
    'a threshold in milliseconds': ['"value": 0.5', '"value": 500', /No threshold/],
    'a threshold that nobody sees': ['"mode": "line"', '"mode": "off"', /not drawn/],
    'a legend without a service': ['{{app}}', 'p95', /legend/],
    'no description': [
      'How long does one request in twenty of each service take at least? Promised is less than the line.',
      ' ',
      /no description/,
    ],
    'what is no JSON': ['"type": "timeseries",', '"type": "timeseries"', /no JSON/],
    'no query': ['"expr"', '"query"', /which has an expr/],
  },
  'the-trace-that-nobody-kept': {
    everything: ['tail_traceidratio\nOTEL_TRACES_SAMPLER_ARG=ratio=0.05,slow_ms=300', 'always_on', /nobody pays/],
    'a coin at the start': [
      'tail_traceidratio\nOTEL_TRACES_SAMPLER_ARG=ratio=0.05,slow_ms=300',
      'traceidratio\nOTEL_TRACES_SAMPLER_ARG=0.05',
      /requests failed/,
    ],
    'what the caller keeps': [
      'tail_traceidratio\nOTEL_TRACES_SAMPLER_ARG=ratio=0.05,slow_ms=300',
      'parentbased_always_on',
      /10 requests failed, and 5/,
    ],
    'one in two': ['ratio=0.05', 'ratio=0.5', /nobody pays/],
    'none of the others': ['ratio=0.05', 'ratio=0', /no trace was kept/],
    'seconds for milliseconds': ['slow_ms=300', 'slow_ms=300000', /took 400 ms, and/],
    'a tenth of what is slow': ['slow_ms=300', 'slow_ms=30', /50 ms/],
    'a share in percent': ['ratio=0.05', 'ratio=5%', /OTEL_TRACES_SAMPLER_ARG is/],
    'a setting that is not asked for': [
      'OTEL_TRACES_SAMPLER=',
      'OTEL_TRACES_EXPORTER=none\nOTEL_TRACES_SAMPLER=',
      /OTEL_TRACES_EXPORTER is not asked for/,
    ],
  },
}
