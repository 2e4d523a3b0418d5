import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { stringify } from 'yaml'
import { importCorpus } from '../../src/corpus/import.js'
import { mapTrial } from '../../src/intake/clinicalTrials.js'
import { loadVocabulary } from '../../src/vocabulary/vocabulary.queries.js'
import { startService, type Service } from '../support/service.js'

let service: Service
let folder: string
beforeAll(async () => {
  service = await startService()
  folder = await mkdtemp(path.join(tmpdir(), 'corpus-'))
  await cp('prisma/corpus', folder, { recursive: true })
  const vocabulary = await loadVocabulary(service.database)
  for (const nctId of ['NCT00000101', 'NCT00000102']) {
    const json = JSON.parse(await readFile(`tests/fixtures/intake/${nctId}.json`, 'utf8')) as unknown
    const { study } = mapTrial(json, vocabulary, { today: '2026-11-23' })
    await writeFile(path.join(folder, 'studies', `${study.slug}.yaml`), stringify(study))
  }
  await importCorpus(service.database, folder)
})
afterAll(async () => {
  await rm(folder, { recursive: true })
  await service.stop()
})

test('a mapped trial breaks no rule of the corpus, and its effects are answered with the numbers of the registry', async () => {
  const { study } = await service.ask(`{
    study(registration: "NCT00000101") {
      slug design evidence(first: 20) { nodes { outcome { slug } form { slug } timepointDays effect { measure estimate ciLower ciUpper } } }
    }
  }`)
  const magnesiumOxide = { form: { slug: 'magnesium-oxide' } }
  expect(study).toEqual({
    slug: 'nct00000101',
    design: 'RCT_PARALLEL',
    evidence: {
      nodes: [
        {
          ...magnesiumOxide,
          outcome: { slug: 'depressive-symptoms' },
          timepointDays: 56,
          // From the arms: 8.2 − 11.4, √(4.1²/28 + 4.6²/27) = 1.17646
          effect: {
            measure: 'MD',
            estimate: -3.2,
            ciLower: expect.closeTo(-3.2 - 1.959964 * 1.17646, 4),
            ciUpper: expect.closeTo(-3.2 + 1.959964 * 1.17646, 4),
          },
        },
        // As the registry reports it, turned round; its interval is of 90 %.
        { ...magnesiumOxide, outcome: { slug: 'anxiety-symptoms' }, timepointDays: 56, effect: { measure: 'MD', estimate: -2.2, ciLower: -4, ciUpper: -0.4 } },
        {
          ...magnesiumOxide,
          outcome: { slug: 'hospital-admission' },
          timepointDays: 180,
          // (2 · 25) / (29 · 5)
          effect: { measure: 'OR', estimate: expect.closeTo(50 / 145, 10), ciLower: expect.closeTo(0.06145, 4), ciUpper: expect.closeTo(1.93508, 4) },
        },
        {
          ...magnesiumOxide,
          outcome: { slug: 'sleep-quality' },
          timepointDays: 56,
          effect: { measure: 'MD', estimate: -1, ciLower: expect.anything(), ciUpper: expect.anything() },
        },
      ],
    },
  })
})

test('a withdrawn trial is a study without evidence that says so', async () => {
  const { study } = await service.ask('{ study(registration: "NCT00000102") { notes participantsRandomized evidence { totalCount } } }')
  expect(study).toEqual({
    notes: [expect.stringContaining('withdrawn; why: No funding'), expect.anything()],
    participantsRandomized: 0,
    evidence: { totalCount: 0 },
  })
})
