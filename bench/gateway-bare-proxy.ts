import { createServer } from 'node:http'
import { type Dispatcher, Pool } from 'undici'

/** The least a proxy can do with Node's server and undici's client, as both document it: no checks, no limits, no logs. */
const upstream = new Pool(process.env.PRODUCT_SERVICE_URL!)

createServer(async (request, response) => {
  const { host: _, connection: __, ...headers } = request.headers
  const answer = await upstream.request({
    method: request.method as Dispatcher.HttpMethod,
    path: request.url!.slice('/api'.length),
    headers,
    body: request.method === 'GET' ? null : request,
  })
  response.writeHead(answer.statusCode, answer.headers)
  answer.body.pipe(response)
}).listen(Number(process.env.PORT), '127.0.0.1')
