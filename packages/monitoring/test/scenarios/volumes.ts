import { gauge, hours, minutes, type Scenario, silent } from '../scenario.ts'

const volume = 'namespace="shop", persistentvolumeclaim="data-postgres-0"'
const fires = [{ persistentvolumeclaim: 'data-postgres-0' }]

/** What is free of a volume of 100 GB. */
const free = (values: string) => ({
  [`kubelet_volume_stats_available_bytes{${volume}}`]: values,
  [`kubelet_volume_stats_capacity_bytes{${volume}}`]: '100x500',
})

/** A line in promtool's notation, of so many samples. */
const line = (from: number, step: number, samples: number) => `${from}${step < 0 ? '' : '+'}${step}x${samples - 1}`

/** Samples an hour. */
const hour = 12

export const volumeScenarios: Scenario[] = [
  {
    alert: 'ShopVolumeFillingUp',
    title: 'fires when less than 30 % is free and gone in two days, and ends when there is room again',
    interval: '5m',
    series: free(`${gauge([10 * hour, 35])} ${line(34.95, -0.05, 199)} ${gauge([2 * hour, 90])}`),
    expect: [
      silent(hours(18) + minutes(45)),
      {
        at: hours(18) + minutes(50),
        fires,
        description: '29.65% of data-postgres-0 is free, and goes on as in the last 6h.',
      },
      { at: hours(26), fires },
      silent(hours(27)),
    ],
  },
  {
    alert: 'ShopVolumeFillingUp',
    title: 'forgets in hours what was written in two, and does not for an hour or two',
    interval: '5m',
    series: free(`${gauge([14 * hour, 29])} ${line(28.875, -0.125, 24)} ${gauge([16 * hour, 26])}`),
    expect: [{ at: hours(17), fires }, { at: hours(19), fires }, silent(hours(21)), silent(hours(23))],
  },
  {
    alert: 'ShopVolumeFillingUp',
    title: 'is silent about a volume that is full in six days',
    interval: '5m',
    series: free(`${gauge([5 * hour, 28])} ${line(27.9855, -0.0145, 400)}`),
    expect: [silent(hours(12), 'below'), silent(hours(38), 'below')],
  },
  {
    alert: 'ShopVolumeNearlyFull',
    title: 'fires when less than 5 % has been free for five minutes, and ends when there is room again',
    interval: '15s',
    series: free(gauge([4, 20], [30, 4], [20, 30])),
    expect: [silent(345), { at: 360, fires, description: '4% of data-postgres-0 is free.' }, silent(525)],
  },
  {
    alert: 'ShopVolumeNearlyFull',
    title: 'is silent while 6 % is free',
    interval: '15s',
    series: free('6x60'),
    expect: [silent(minutes(10), 'below')],
  },
]
