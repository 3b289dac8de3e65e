import { services } from '@hello/shop/services'
import { asPeopleSay } from '../shop/service-program.ts'
import type { Shop } from '../shop/start-shop.ts'
import { paint } from './paint.ts'

/** Where everything is that a person opens or calls, on the terminal. */
export function printAddresses(
  faultsPage: boolean,
  { urls, databaseUrl, managementUrls, stackUrls, stackMissing }: Shop,
) {
  const { signals, otlp, frontend, ...apis } = urls
  const database = databaseUrl('order')
    .replace(/:[^:@/]+@/, ':***@')
    .replace(/\/order$/, `/{${services.flatMap(({ name, database }) => (database ? name : [])).join()}}`)
  const management = (service: string) => managementUrls.find(({ name }) => name === service)!.url
  const rows = [
    ['Shop', frontend, `${management('frontend')}/metrics`],
    ...(signals ? [['Signals', `${frontend}/signals`]] : []),
    ...(faultsPage ? [['Faults', `${frontend}/signals/faults`]] : []),
    ...Object.entries(apis).map(([service, url]) => [service, `${url}/docs`, `${management(service)}/metrics`]),
    ...(otlp ? [['OTLP', `${otlp} (gRPC)`]] : []),
    ['PostgreSQL', database],
    ...Object.entries(stackUrls).map(([name, url]) => [name, asPeopleSay(url)]),
  ]
  const width = Math.max(...rows.map(([name]) => name!.length))
  console.log('')
  for (const [name, address, metrics = ''] of rows) {
    console.log(`  ${paint('bold', name!.padEnd(width))} ${address!.padEnd(32)} ${paint('gray', metrics)}`.trimEnd())
  }
  if (stackMissing.length > 0) {
    console.log(
      `\n  Left out, for they are neither in .tools nor on PATH: ${stackMissing.join(', ')}. Get them: make tools STACK=1`,
    )
  }
  console.log('\n  Ctrl-C stops everything. The data stays; make local-reset empties it.\n')
}
