import fc from 'fast-check'
import { PublicError } from '../../src/errors.js'
import { countryCode, requireCountry } from '../../src/vocabulary/countries.js'

// ISO 3166-1, https://www.iso.org/iso-3166-country-codes.html
test.each([
  ['IR', ['ir', 'IRN', 'irn', 'Iran', 'Iran, Islamic Republic of', 'Islamic Republic of Iran']],
  ['GB', ['gb', 'GBR', 'United Kingdom', 'UK', 'U.K.', 'Great Britain', 'England', 'Scotland']],
  ['US', ['us', 'USA', 'U.S.A.', 'United States', 'united states of america']],
  ['KR', ['KOR', 'South Korea', 'Korea, Republic of', 'Republic of Korea']],
  ['TR', ['TUR', 'Turkey', 'Türkiye', 'turkiye']],
  ['CZ', ['CZE', 'Czechia', 'Czech Republic']],
  ['NL', ['NLD', 'Netherlands', 'Holland']],
  ['CI', ['CIV', 'Côte d’Ivoire', 'Ivory Coast']],
  ['VN', ['VNM', 'Vietnam', 'Viet Nam']],
])('%s is known by each of its names', (code, names) => {
  for (const name of names) expect([name, requireCountry(name)]).toEqual([name, code])
})

test.each(['', ' ', 'EN', 'EU', 'ZZ', 'XX', 'Europe', 'Irann', 'Atlantis', 'IRNN', '--', '0'])(
  '%j is no country, and the nearest ones are suggested',
  (ref) => {
    expect(countryCode(ref)).toBeNull()
    expect(() => requireCountry(ref)).toThrow(
      expect.objectContaining({
        code: 'BAD_USER_INPUT',
        details: expect.objectContaining({ reason: 'UNKNOWN_COUNTRY', argument: 'countries', suggestions: expect.any(Array) }),
      }),
    )
  },
)

test('what is suggested is a country, and every text gives a country or that error', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), (text) => {
      try {
        expect(requireCountry(text)).toMatch(/^[A-Z]{2}$/)
      } catch (error) {
        if (!(error instanceof PublicError)) throw error
        for (const suggestion of error.details.suggestions ?? []) expect(requireCountry(suggestion)).toBe(suggestion)
      }
    }),
  )
})
