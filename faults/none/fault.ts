import { defineFault } from '../src/fault.ts'

export const none = defineFault({
  name: 'none',
  services: [],
  does: { en: 'Nothing: the control of every experiment.', ko: '아무것도 하지 않습니다. 모든 실험의 대조군입니다.' },
  breaks: 'nothing',
  ratio: 1,
  fires: [],
  mayFire: [],
  evidence: [],
  cure: { en: 'There is nothing to mend.', ko: '고칠 것이 없습니다.' },
  hints: [{ en: 'Is anything wrong at all?', ko: '정말 무언가 잘못되었습니까?' }],
})
