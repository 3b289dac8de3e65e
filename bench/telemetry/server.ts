/** One route with a part of the telemetry: SIGNALS names any of `metrics` and `logs`; traces come with the preload. */
import { RequestLog } from '@hello/service-kit/request-log'
import { logLines } from '@hello/telemetry/log-lines'
import { loggerOptions } from '@hello/telemetry/logging'
import { metricsPlugin } from '@hello/telemetry/metrics'
import Fastify from 'fastify'
import { serveMeasuredRoute } from './measured-route.ts'

const signals = process.env.SIGNALS!.split(',')
const logger = { ...loggerOptions({ service: 'bench', level: 'info' }), stream: logLines }
const logs = { logger, logController: new RequestLog() }
const app = Fastify(signals.includes('logs') ? logs : {})
if (signals.includes('metrics')) await app.register(metricsPlugin)
await serveMeasuredRoute(app)
