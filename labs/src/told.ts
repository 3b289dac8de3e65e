import type { Text } from '@hello/faults/fault'
import type { IncidentLab } from './lab.ts'
import { type LabText, labText } from './lab-text.ts'

const kinds = {
  trace: { en: 'the id of a trace', ko: '트레이스 ID' },
  log: { en: 'words of the log', ko: '로그의 문자열' },
  promql: { en: 'a query in PromQL', ko: 'PromQL 쿼리' },
  any: {
    en: 'the id of a trace or words of the log; nothing where nothing is broken',
    ko: '트레이스 ID나 로그의 문자열. 고장 난 것이 없으면 비워 둠',
  },
} as const satisfies Record<string, Text>

/** What is told where it is not said which lab it is. */
export const unnamed = {
  title: { en: 'Something is wrong', ko: '무언가 잘못되었습니다' },
  situation: {
    en: 'Customers complain. That is all you are told.',
    ko: '고객들이 불평합니다. 들은 것은 그뿐입니다.',
  },
  question: {
    en: 'What is broken, and how? Hand in what shows it, or nothing where nothing is broken.',
    ko: '무엇이 어떻게 고장 났습니까? 그것을 보여 주는 것을 제출하십시오. 고장 난 것이 없으면 아무것도 제출하지 마십시오.',
  },
} as const satisfies Record<string, Text>

/** What a learner is told of a lab before the answer. @param hidden whether not which one it is */
export function tell(lab: IncidentLab, hidden: boolean) {
  const [en, ko] = [labText(lab, 'en'), labText(lab, 'ko')]
  const both = (part: keyof LabText): Text => ({ en: en[part], ko: ko[part] })
  // A kind that is named would give away whether there is anything to find.
  const kind = hidden || lab.evidence.kind === 'none' ? 'any' : lab.evidence.kind
  return {
    ...(hidden ? unnamed : { title: both('title'), situation: both('situation'), question: both('question') }),
    evidence: { kind, asks: kinds[kind] },
  }
}
