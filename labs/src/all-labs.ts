import { slowStock } from '../01-slow-stock/lab.ts'
import { ordersThatFail } from '../02-orders-that-fail/lab.ts'
import { oneThingWaits } from '../03-one-thing-waits/lab.ts'
import { aSlowProduct } from '../04-a-slow-product/lab.ts'
import { askedAndNotAnswered } from '../05-asked-and-not-answered/lab.ts'
import { theDatabaseIsIdle } from '../06-the-database-is-idle/lab.ts'
import { halfAnOrder } from '../07-half-an-order/lab.ts'
import { theWrongOrder } from '../08-the-wrong-order/lab.ts'
import { muchAdo } from '../09-much-ado/lab.ts'
import { aQuietDay } from '../10-a-quiet-day/lab.ts'
import { theTalkativeService } from '../11-the-talkative-service/lab.ts'
import { fewerVisitorsDoNotHelp } from '../12-fewer-visitors-do-not-help/lab.ts'
import { halfAStory } from '../13-half-a-story/lab.ts'
import { theLastThree } from '../14-the-last-three/lab.ts'
import { beforeItWasAsked } from '../15-before-it-was-asked/lab.ts'
import { whoTakesThemAll } from '../16-who-takes-them-all/lab.ts'
import { theCountDoesNotFit } from '../17-the-count-does-not-fit/lab.ts'
import { oneReleaseTwoComplaints } from '../18-one-release-two-complaints/lab.ts'
import { oneInAHundred } from '../19-one-in-a-hundred/lab.ts'
import { aReasonToWakeYou } from '../20-a-reason-to-wake-you/lab.ts'
import { whoLeftWithNothing } from '../21-who-left-with-nothing/lab.ts'
import { whatOnlyYouKnow } from '../22-what-only-you-know/lab.ts'
import { aPanelThatTells } from '../23-a-panel-that-tells/lab.ts'
import { somebodyElsesReceipt } from '../24-somebody-elses-receipt/lab.ts'
import { theTraceThatNobodyKept } from '../25-the-trace-that-nobody-kept/lab.ts'
import type { IncidentLab, Lab, WrittenLab } from './lab.ts'

/** Those in which the shop is broken. */
export const incidentLabs: readonly IncidentLab[] = [
  slowStock,
  ordersThatFail,
  oneThingWaits,
  aSlowProduct,
  askedAndNotAnswered,
  theDatabaseIsIdle,
  halfAnOrder,
  theWrongOrder,
  muchAdo,
  aQuietDay,
  theTalkativeService,
  fewerVisitorsDoNotHelp,
  halfAStory,
  theLastThree,
  beforeItWasAsked,
  whoTakesThemAll,
  theCountDoesNotFit,
  oneReleaseTwoComplaints,
]

/** Those in which something is written. */
export const writtenLabs: readonly WrittenLab[] = [
  oneInAHundred,
  aReasonToWakeYou,
  whoLeftWithNothing,
  whatOnlyYouKnow,
  aPanelThatTells,
  somebodyElsesReceipt,
  theTraceThatNobodyKept,
]

/** Every lab, by number. */
export const allLabs: readonly Lab[] = [...incidentLabs, ...writtenLabs]
