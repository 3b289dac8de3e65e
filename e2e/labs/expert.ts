import assert from 'node:assert/strict'
import type { Answer } from '@hello/labs/answers'
import { findEvidence } from '@hello/labs/grade'
import type { Problem } from '@hello/labs/lab'
import type { Period, Signals } from '@hello/labs/signals'
import { eventually } from '@hello/test-support/eventually'

/** Answers as somebody does who knows where to look, and has only the telemetry to look at. */
export async function answerOfAnExpert(
  { cause, evidence }: Problem,
  signals: Signals,
  during: () => Period,
): Promise<Answer> {
  const found = await eventually(
    async () => {
      const one = await findEvidence(evidence, signals, during())
      assert.notEqual(one, undefined, 'there is no evidence yet')
      return one!
    },
    { seconds: 120 },
  )
  return { component: cause.components[0]!, mechanism: cause.mechanisms[0]!, evidence: found }
}
