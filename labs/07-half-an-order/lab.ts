import { defineLab } from '../src/lab.ts'

export const halfAnOrder = defineLab({
  number: 7,
  level: 1,
  name: 'half-an-order',
  incident: {
    killed: 'order',
    hints: [
      {
        en: 'Which services have answered without a gap? Compare the charts of the last minutes.',
        ko: '끊김 없이 응답한 서비스는 어느 것입니까? 지난 몇 분의 차트를 견주어 보십시오.',
      },
      {
        en: 'Look at the processes: which one has been started again, and how did it end? Who waited for it, and did what?',
        ko: '프로세스를 보십시오. 어느 것이 다시 시작되었고, 어떻게 종료되었습니까? 그것을 기다리던 쪽은 무엇을 했습니까?',
      },
      {
        en: 'The order service is killed in the midst of orders, and the gateway sends what was under way again: look for traces with the event "retry".',
        ko: '주문 서비스가 주문 도중에 강제 종료되고, 게이트웨이가 진행 중이던 요청을 다시 보냅니다. "retry" 이벤트가 있는 트레이스를 찾아보십시오.',
      },
    ],
  },
  cause: { components: ['order'], mechanisms: ['crash'] },
  evidence: {
    kind: 'trace',
    search: { service: 'gateway', text: 'retry', minDuration: 300 },
    shows: ({ spans }) =>
      spans.some(
        ({ service, events }) =>
          service === 'gateway' &&
          events.some(({ name, attributes }) => name === 'retry' && attributes['server.address'] === 'order'),
      ),
  },
})
