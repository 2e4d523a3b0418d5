import { normalized } from '../vocabulary/vocabulary.js'

/** Names that registries use and the Unicode locale data do not. */
const alsoCalled: Readonly<Record<string, string>> = {
  'Bosnia and Herzegovina': 'BA',
  "Côte d'Ivoire": 'CI',
  'Czech Republic': 'CZ',
  'Hong Kong': 'HK',
  'Iran, Islamic Republic of': 'IR',
  'Korea, Republic of': 'KR',
  "Korea, Democratic People's Republic of": 'KP',
  "Lao People's Democratic Republic": 'LA',
  Macedonia: 'MK',
  'Moldova, Republic of': 'MD',
  Myanmar: 'MM',
  'Palestinian Territory, occupied': 'PS',
  'Russian Federation': 'RU',
  'Syrian Arab Republic': 'SY',
  'The Democratic Republic of the Congo': 'CD',
  'Trinidad and Tobago': 'TT',
  Turkey: 'TR',
  'Turkey (Türkiye)': 'TR',
  'Viet Nam': 'VN',
}

const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })
/** Codes that name no country: the world's unions, user-assigned ones and those given up. */
const notCountries = new Set([
  'EU',
  'EZ',
  'UN',
  'QO',
  'XA',
  'XB',
  'AC',
  'CP',
  'CQ',
  'DG',
  'EA',
  'IC',
  'TA',
  'ZZ',
  'DD',
  'SU',
  'YU',
  'TP',
  'BU',
  'CS',
  'DY',
  'FX',
  'HV',
  'NH',
  'RH',
  'UK',
  'VD',
  'YD',
  'ZR',
  'AN',
  'NT',
])
const codeOf = new Map<string, string>([
  ...letters.flatMap((first) =>
    letters.flatMap((second): [string, string][] => {
      const code = first + second
      const name = notCountries.has(code) ? undefined : names.of(code)
      return name === undefined ? [] : [[normalized(name), code]]
    }),
  ),
  ...Object.entries(alsoCalled).map(([name, code]): [string, string] => [normalized(name), code]),
])

/** ISO 3166-1 alpha-2 of a country by its English name; null where it is not known. */
export function countryCode(name: string): string | null {
  return codeOf.get(normalized(name)) ?? null
}
