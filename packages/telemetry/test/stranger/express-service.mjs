import express from 'express'

const server = express()
  .get('/greetings/:name', (request, response) => response.json({ greeting: `Hello, ${request.params.name}` }))
  .listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`))
