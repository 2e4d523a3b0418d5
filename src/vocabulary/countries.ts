import { PublicError } from '../errors.js'
import { nearestWords } from './nearest.js'
import { normalized } from './vocabulary.js'

/** Names that registries and people use and the Unicode locale data do not, or not in every version. */
const alsoCalled: Readonly<Record<string, string>> = {
  America: 'US',
  'Bosnia and Herzegovina': 'BA',
  Britain: 'GB',
  Burma: 'MM',
  'Cabo Verde': 'CV',
  'Cape Verde': 'CV',
  "China, People's Republic of": 'CN',
  "People's Republic of China": 'CN',
  "Côte d'Ivoire": 'CI',
  'Czech Republic': 'CZ',
  Czechia: 'CZ',
  'Democratic Republic of the Congo': 'CD',
  England: 'GB',
  Eswatini: 'SZ',
  'Great Britain': 'GB',
  Holland: 'NL',
  'Hong Kong': 'HK',
  'Islamic Republic of Iran': 'IR',
  'Ivory Coast': 'CI',
  'Iran, Islamic Republic of': 'IR',
  'Korea, Republic of': 'KR',
  "Korea, Democratic People's Republic of": 'KP',
  "Lao People's Democratic Republic": 'LA',
  Macao: 'MO',
  Macedonia: 'MK',
  'Moldova, Republic of': 'MD',
  Myanmar: 'MM',
  'North Korea': 'KP',
  'North Macedonia': 'MK',
  'Northern Ireland': 'GB',
  Palestine: 'PS',
  'Palestinian Territory, occupied': 'PS',
  'Republic of Ireland': 'IE',
  'Republic of Korea': 'KR',
  'Russian Federation': 'RU',
  Scotland: 'GB',
  'South Korea': 'KR',
  Swaziland: 'SZ',
  'Syrian Arab Republic': 'SY',
  'The Democratic Republic of the Congo': 'CD',
  'Trinidad and Tobago': 'TT',
  'Taiwan, Province of China': 'TW',
  Turkey: 'TR',
  Türkiye: 'TR',
  UAE: 'AE',
  UK: 'GB',
  'U.K.': 'GB',
  'U.S.': 'US',
  'U.S.A.': 'US',
  'United Kingdom of Great Britain and Northern Ireland': 'GB',
  'United States of America': 'US',
  'Turkey (Türkiye)': 'TR',
  'Viet Nam': 'VN',
  Wales: 'GB',
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
/** ISO 3166-1: alpha-3 and alpha-2 of every country. */
const threeLetters = `
  AFG:AF ALA:AX ALB:AL DZA:DZ ASM:AS AND:AD AGO:AO AIA:AI ATA:AQ ATG:AG ARG:AR ARM:AM ABW:AW AUS:AU AUT:AT AZE:AZ BHS:BS BHR:BH
  BGD:BD BRB:BB BLR:BY BEL:BE BLZ:BZ BEN:BJ BMU:BM BTN:BT BOL:BO BES:BQ BIH:BA BWA:BW BVT:BV BRA:BR IOT:IO BRN:BN BGR:BG BFA:BF
  BDI:BI CPV:CV KHM:KH CMR:CM CAN:CA CYM:KY CAF:CF TCD:TD CHL:CL CHN:CN CXR:CX CCK:CC COL:CO COM:KM COG:CG COD:CD COK:CK CRI:CR
  CIV:CI HRV:HR CUB:CU CUW:CW CYP:CY CZE:CZ DNK:DK DJI:DJ DMA:DM DOM:DO ECU:EC EGY:EG SLV:SV GNQ:GQ ERI:ER EST:EE SWZ:SZ ETH:ET
  FLK:FK FRO:FO FJI:FJ FIN:FI FRA:FR GUF:GF PYF:PF ATF:TF GAB:GA GMB:GM GEO:GE DEU:DE GHA:GH GIB:GI GRC:GR GRL:GL GRD:GD GLP:GP
  GUM:GU GTM:GT GGY:GG GIN:GN GNB:GW GUY:GY HTI:HT HMD:HM VAT:VA HND:HN HKG:HK HUN:HU ISL:IS IND:IN IDN:ID IRN:IR IRQ:IQ IRL:IE
  IMN:IM ISR:IL ITA:IT JAM:JM JPN:JP JEY:JE JOR:JO KAZ:KZ KEN:KE KIR:KI PRK:KP KOR:KR KWT:KW KGZ:KG LAO:LA LVA:LV LBN:LB LSO:LS
  LBR:LR LBY:LY LIE:LI LTU:LT LUX:LU MAC:MO MDG:MG MWI:MW MYS:MY MDV:MV MLI:ML MLT:MT MHL:MH MTQ:MQ MRT:MR MUS:MU MYT:YT MEX:MX
  FSM:FM MDA:MD MCO:MC MNG:MN MNE:ME MSR:MS MAR:MA MOZ:MZ MMR:MM NAM:NA NRU:NR NPL:NP NLD:NL NCL:NC NZL:NZ NIC:NI NER:NE NGA:NG
  NIU:NU NFK:NF MKD:MK MNP:MP NOR:NO OMN:OM PAK:PK PLW:PW PSE:PS PAN:PA PNG:PG PRY:PY PER:PE PHL:PH PCN:PN POL:PL PRT:PT PRI:PR
  QAT:QA REU:RE ROU:RO RUS:RU RWA:RW BLM:BL SHN:SH KNA:KN LCA:LC MAF:MF SPM:PM VCT:VC WSM:WS SMR:SM STP:ST SAU:SA SEN:SN SRB:RS
  SYC:SC SLE:SL SGP:SG SXM:SX SVK:SK SVN:SI SLB:SB SOM:SO ZAF:ZA SGS:GS SSD:SS ESP:ES LKA:LK SDN:SD SUR:SR SJM:SJ SWE:SE CHE:CH
  SYR:SY TWN:TW TJK:TJ TZA:TZ THA:TH TLS:TL TGO:TG TKL:TK TON:TO TTO:TT TUN:TN TUR:TR TKM:TM TCA:TC TUV:TV UGA:UG UKR:UA ARE:AE
  GBR:GB USA:US UMI:UM URY:UY UZB:UZ VUT:VU VEN:VE VNM:VN VGB:VG VIR:VI WLF:WF ESH:EH YEM:YE ZMB:ZM ZWE:ZW
`
const ofThreeLetters = new Map(
  threeLetters
    .trim()
    .split(/\s+/)
    .map((pair): [string, string] => [pair.slice(0, 3), pair.slice(4)]),
)

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

/** ISO 3166-1 alpha-2 of a country by its English name; null if it is not known. */
export function countryCode(name: string): string | null {
  return codeOf.get(normalized(name)) ?? null
}

const nameOf = new Map([...ofThreeLetters.values(), ...codeOf.values()].map((code): [string, string] => [code, names.of(code) ?? code]))

/**
 * ISO 3166-1 alpha-2 of a country by a code of two or three letters or an English name, whatever its case.
 *
 * @throws {PublicError} BAD_USER_INPUT UNKNOWN_COUNTRY with the codes of the nearest names
 */
export function requireCountry(ref: string): string {
  const code = ref.trim().toUpperCase()
  const found = nameOf.has(code) ? code : (ofThreeLetters.get(code) ?? countryCode(ref))
  if (found !== null) return found
  const nearest = nearestWords(ref, [...nameOf.values(), ...Object.keys(alsoCalled)], 8).flatMap((name) => countryCode(name) ?? [])
  const suggestions = [...new Set(nearest)].slice(0, 5)
  throw new PublicError(
    'BAD_USER_INPUT',
    `no country is called "${ref.slice(0, 100)}": did you mean ${suggestions.map((suggested) => `${suggested} (${nameOf.get(suggested) ?? suggested})`).join(', ')}?`,
    { reason: 'UNKNOWN_COUNTRY', argument: 'countries', ref, suggestions },
  )
}
