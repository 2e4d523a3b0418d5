import { startService, type Service } from '../support/service.js'

let service: Service
beforeAll(async () => {
  service = await startService()
  await service.ask('{ conditions { nodes { slug } } }') // the vocabulary is read once for all requests of a revision
})
afterAll(() => service.stop())

interface Sentence {
  readonly text: string
  readonly kind: string
  readonly basis: readonly string[]
}
interface Answered {
  readonly slug: string
  readonly id: string
  readonly answer: readonly Sentence[]
}
const order = ['COMPARED', 'FOUND', 'DOSES', 'CERTAINTY', 'REVIEWS', 'MISSING']
const everyAnswer = async (): Promise<Answered[]> =>
  (await service.ask('{ conditions(first: 500) { nodes { slug id answer { text kind basis } } } }')).conditions.nodes

test('every condition has an answer: in order, of short sentences, never advice, the same each time', async () => {
  const answered = await everyAnswer()
  expect(answered.length).toBeGreaterThan(100)
  for (const { slug, answer } of answered) {
    expect([slug, answer.length > 0]).toEqual([slug, true])
    const places = answer.map(({ kind }) => order.indexOf(kind))
    expect([slug, places]).toEqual([slug, places.toSorted((a, b) => a - b)])
    for (const { text } of answer) {
      expect(text).toMatch(/^[A-Z].*\.$/)
      expect(text).not.toMatch(/\b(should|must|recommend\w*|advise\w*|take|try|safe|safely|proven|cures?|effective|ought|consider)\b/i)
      expect(text).not.toMatch(/undefined|null|NaN|Infinity|\{|\}|  /)
      expect(text).not.toMatch(/(?<!little or )no difference/)
    }
  }
  expect(await everyAnswer()).toEqual(answered)
})

test('no sentence says better or worse, or names a direction, that the interval of its synthesis does not show', async () => {
  for (const { answer } of await everyAnswer())
    for (const { kind, text, basis } of answer) {
      if (kind !== 'FOUND' || !/^(\w+ ?)+ certainty|^Certainty not/.test(text)) continue
      const { node } = await service.ask(
        'query ($id: ID!) { node(id: $id) { ... on Synthesis { measure estimate ciLower ciUpper perThousand { without difference lower upper } } } }',
        { id: basis[0] },
      )
      const none = ['OR', 'RR', 'HR', 'IRR', 'ROM'].includes(node.measure) ? 1 : 0
      const side = node.ciLower > none ? 1 : node.ciUpper < none ? -1 : 0
      if (/\((better|worse)\)|is (probably )?(better|worse)|found (better|worse)/.test(text)) expect([text, side]).not.toEqual([text, 0])
      if (/ (higher|more frequent)\b/.test(text)) expect([text, side]).toEqual([text, 1])
      if (/ (lower|less frequent)\b/.test(text)) expect([text, side]).toEqual([text, -1])
      // Every amount but those in names of units is one of the synthesis, rounded.
      const { estimate, ciLower, ciUpper, perThousand } = node
      const known = [estimate, ciLower, ciUpper, ...(perThousand === null ? [] : Object.values(perThousand as Record<string, number>))]
      const amounts = text
        .slice(text.lastIndexOf(': ') + 2)
        .replaceAll('1,000 people', 'people')
        .replaceAll(/points of [^(]*|1\.73 m²/g, '')
        .match(/−?\d[\d,]*(\.\d+)?/g)
      const read = (amounts ?? []).map((amount) => Math.abs(Number(amount.replace('−', '-').replaceAll(',', ''))))
      const isKnown = (value: number) =>
        known.some((exact) => Math.abs(Math.abs(exact) - value) <= (perThousand === null ? 0.006 : 0.05) * Math.abs(exact) + (value >= 10 ? 0.5 : 0))
      expect([text, read.filter((value) => !isKnown(value))]).toEqual([text, []])
    }
})

test('doses and lengths are those of the effects that the sentence rests on', async () => {
  for (const slug of ['migraine', 'acute-myocardial-infarction', 'hypertension', 'depression']) {
    const { condition } = await service.ask(`{ condition(ref: "${slug}") { answer { text kind basis } } }`)
    const [sentence] = condition.answer.filter(({ kind, text }: Sentence) => kind === 'DOSES' && text.includes('as far as it is told'))
    if (sentence === undefined) continue
    const { nodes } = await service.ask(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Evidence { study { slug } intervention { doses { elementalMgPerDayLow elementalMgPerDayHigh } } } } }',
      { ids: sentence.basis },
    )
    const studies = new Set(nodes.map(({ study }: { study: { slug: string } }) => study.slug)).size
    expect(sentence.text).toContain(studies === 1 ? 'one study' : `${studies} studies`)
  }
})

test('reviews that are counted are those beside the rows, and a condition without studies says so', async () => {
  const answered = await everyAnswer()
  const counted = answered.flatMap(({ answer }) => answer.filter(({ kind, text }) => kind === 'REVIEWS' && text.startsWith('On ')))
  expect(counted.length).toBeGreaterThan(10)
  for (const { text, basis } of counted) {
    const reviews = await service.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { __typename } }', { ids: basis })
    const held = reviews.nodes.filter((node: { __typename: string }) => node.__typename === 'PooledResult').length
    expect(text).toContain(held === 1 ? 'one published pooled result is held' : `${held} published pooled results are held`)
  }
  const empty = answered.filter(({ answer }) => answer.length === 1)
  for (const { id, answer } of empty) expect(answer[0]).toMatchObject({ kind: 'MISSING', basis: [id], text: expect.stringContaining('Nothing can be said') })
})

test('answers of all conditions cost as few statements as that of one', async () => {
  const counts = []
  for (const first of [2, 100]) {
    const before = service.statements()
    await service.ask('query ($n: Int!) { conditions(first: $n) { nodes { slug answer { text kind } } } }', { n: first })
    counts.push(service.statements() - before)
  }
  expect(Math.max(...counts)).toBeLessThanOrEqual(5)
})
