import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

const vocabularies = {
  'conditions.yaml': `- { slug: insomnia, name: insomnia }
- { slug: depression, name: depression }
`,
  'forms.yaml': '- { slug: magnesium-oxide, name: magnesium oxide, formula: MgO, category: INORGANIC }\n',
  'outcomes.yaml': `- { slug: insomnia-severity, name: severity of insomnia, domain: sleep, type: CONTINUOUS, benefitDirection: LOWER, importance: IMPORTANT, instruments: [isi] }
- { slug: anxiety-symptoms, name: symptoms of anxiety, domain: mood, type: CONTINUOUS, benefitDirection: LOWER, importance: IMPORTANT }
- { slug: depression-presence, name: depression present, domain: mood, type: BINARY, benefitDirection: LOWER, importance: IMPORTANT }
`,
  'treatments.yaml': '- { slug: zinc, name: zinc }\n',
  'instruments.yaml': '- { slug: isi, name: Insomnia Severity Index, minimum: 0, maximum: 28, benefitDirection: LOWER, integerScores: true }\n',
  'interactions.yaml': '- { slug: known, substance: x, effect: x, provenance: { source: x, recordedAt: 2026-01-01 } }\n',
  'contraindications.yaml': '- { slug: known, condition: insomnia, provenance: { source: x, recordedAt: 2026-01-01 } }\n',
} as const

/** An invented trial that has one of everything; no number in it is anybody's. */
const trial = `slug: invented
title: An invented trial
evidenceKind: PRIMARY
design: RCT_PARALLEL
registrations: [NCT00000001]
participantsRandomized: 120
participantsAnalysed: 110
publications:
  - slug: invented-report
    role: PRIMARY_REPORT
    title: An invented report
    authors: [{ family: Nobody }]
    year: 2020
    doi: 10.1000/invented
    pmid: "1"
    pmcid: PMC1
    relations: [{ type: COMMENT_ON, to: invented-comment }]
  - slug: invented-comment
    role: SECONDARY_REPORT
    title: An invented comment
populations:
  - slug: all
    label: whole sample
    wholeSample: true
    participants: 120
    minAge: 18
    maxAge: 70
    sdAge: 9
    femalePercent: 60
    baselineSerumMagnesium: 0.8
    conditions: [insomnia]
    source: paper
arms:
  - slug: mg
    label: magnesium oxide
    role: MAGNESIUM
    randomized: 60
    analysed: 55
    agents: [zinc]
    doses:
      - { form: magnesium-oxide, route: ORAL, phase: 1, startDay: 0, endDay: 56, amount: 500, unit: MG, basis: SALT, timesPerDay: 1, source: paper }
  - slug: pl
    label: placebo
    role: PLACEBO
    randomized: 60
    analysed: 55
results:
  - slug: isi
    outcome: insomnia-severity
    condition: insomnia
    instrument: isi
    population: all
    intervention: mg
    comparator: pl
    name: severity of insomnia
    timepointDays: 56
    valueKind: FINAL
    armResults:
      - { arm: mg, n: 55, mean: 12.1, sd: 4.1, se: 0.55, minimum: 3, q1: 9, median: 12, q3: 15, maximum: 24, baselineSd: 4.2 }
      - { arm: pl, n: 55, mean: 14.2, sd: 4.3 }
    reported:
      - { measure: MD, estimate: -2.1, ciLower: -3.7, ciUpper: -0.5, ciLevel: 0.95, p: { value: 0.01 } }
    source: paper
  - slug: depressed
    outcome: depression-presence
    condition: depression
    population: all
    intervention: mg
    comparator: pl
    name: depression
    timepointDays: 56
    valueKind: EVENT
    armResults:
      - { arm: mg, n: 55, events: 11, percent: 20 }
      - { arm: pl, n: 55, events: 22, percent: 40 }
    reported:
      - { measure: OR, estimate: 0.5, ciLower: 0.3, ciUpper: 0.9, ciLevel: 0.95 }
    source: paper
  - slug: serum
    outcome: depression-presence
    condition: depression
    population: all
    exposureCategories: [{ label: highest third, cases: 10, n: 40, personYears: 400, dose: 0.9, doseUnit: mmol/L }, { label: lowest third, reference: true, cases: 20, n: 40 }]
    exposure: { kind: SERUM, metric: serum magnesium, contrasted: highest third, reference: lowest third, contrastedHas: MORE_MAGNESIUM, rank: 2 }
    name: depression by serum magnesium
    valueKind: ASSOCIATION
    reported:
      - { measure: COR, estimate: -0.2, ciLower: -0.4, ciUpper: 0.1, ciLevel: 0.95 }
    source: paper
pooledResults:
  - { slug: pooled, condition: insomnia, outcome: depression-presence, name: pooled, measure: RR, estimate: 0.8, ciLower: 0.6, ciUpper: 1.1, ciLevel: 0.95, p: { value: 0.2 }, k: 4, i2: 20, tau2: 0.1, replication: { model: MANTEL_HAENSZEL, inputs: [{ study: invented, result: depressed }], explanation: invented }, source: paper }
riskOfBias:
  - { tool: RoB, overall: LOW, result: isi, assessedBy: nobody, date: 2026-01-01, source: paper }
sources:
  paper: { source: "https://doi.org/10.1000/invented", recordedAt: 2026-01-01 }
`

const document = `slug: invented-document
title: An invented document
kind: leaflet
references: [{ number: 1, study: invented }]
claims:
  - slug: claim-1
    section: one
    statement: Magnesium helps.
    topic: EFFICACY
    forms: [magnesium-oxide]
    conditions: [insomnia]
    outcomes: [insomnia-severity]
    citations: [invented]
    verdict: SUPPORTED
    explanation: It is invented.
    findings: [{ study: invented, result: isi, stance: SUPPORTS, note: invented }]
`

/** A folder with small vocabularies, one invented trial and one invented document. */
export async function miniatureCorpus(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'corpus-'))
  await Promise.all(['studies', 'claims'].map((name) => mkdir(path.join(folder, name))))
  await Promise.all(Object.entries(vocabularies).map(([file, text]) => writeFile(path.join(folder, file), text)))
  await writeFile(path.join(folder, 'studies/invented.yaml'), trial)
  await writeFile(path.join(folder, 'claims/invented-document.yaml'), document)
  return folder
}

/** Puts one text in place of another, which must be there. */
export async function replaceIn(folder: string, file: string, before: string | RegExp, after: string): Promise<void> {
  const text = await readFile(path.join(folder, file), 'utf8').catch(() => '')
  const changed = before === '' ? text + after : text.replace(before, after)
  if (changed === text) throw new Error(`${file} has no ${before}`)
  await writeFile(path.join(folder, file), changed)
}
