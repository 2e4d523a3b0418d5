import { z } from 'zod'
import { plainNumber } from '../spreadsheet.js'

/**
 * What is read of a study in the JSON of ClinicalTrials.gov's API, version 2. Everything the registry may leave out is
 * optional; fields that are not read are let through. Numbers of results are text there ("12.5", "<0.001", "NA").
 *
 * @see https://clinicaltrials.gov/data-api/about-api/study-data-structure
 */
const text = z.string()
const texts = z.array(text).default([])
const struct = z.looseObject({ date: text.optional(), type: text.optional() }).optional()

const group = z.looseObject({ id: text, title: text.default(''), description: text.optional() })
const denominators = z
  .array(z.looseObject({ units: text.default('Participants'), counts: z.array(z.looseObject({ groupId: text, value: text })).default([]) }))
  .default([])
const measurement = z.looseObject({
  groupId: text,
  value: text.optional(),
  spread: text.optional(),
  lowerLimit: text.optional(),
  upperLimit: text.optional(),
  comment: text.optional(),
})
const classes = z
  .array(
    z.looseObject({
      title: text.optional(),
      denoms: denominators,
      categories: z.array(z.looseObject({ title: text.optional(), measurements: z.array(measurement).default([]) })).default([]),
    }),
  )
  .default([])

const analysis = z.looseObject({
  groupIds: texts,
  statisticalMethod: text.optional(),
  pValue: text.optional(),
  paramType: text.optional(),
  paramValue: text.optional(),
  dispersionType: text.optional(),
  dispersionValue: text.optional(),
  ciPctValue: text.optional(),
  ciNumSides: text.optional(),
  ciLowerLimit: text.optional(),
  ciUpperLimit: text.optional(),
})

const outcomeMeasure = z.looseObject({
  type: text.optional(),
  title: text,
  description: text.optional(),
  populationDescription: text.optional(),
  reportingStatus: text.optional(),
  paramType: text.optional(),
  dispersionType: text.optional(),
  unitOfMeasure: text.optional(),
  timeFrame: text.optional(),
  groups: z.array(group).default([]),
  denoms: denominators,
  classes,
  analyses: z.array(analysis).default([]),
})

const armGroup = z.looseObject({ label: text, type: text.optional(), description: text.optional(), interventionNames: texts })
const intervention = z.looseObject({
  type: text.optional(),
  name: text,
  description: text.optional(),
  armGroupLabels: texts,
  otherNames: texts,
})
const planned = z.looseObject({ measure: text, timeFrame: text.optional() })

export const registeredTrial = z.looseObject({
  protocolSection: z.looseObject({
    identificationModule: z.looseObject({
      nctId: text.regex(/^NCT\d{8}$/, 'must be a number such as NCT01234567'),
      briefTitle: text.optional(),
      officialTitle: text.optional(),
      secondaryIdInfos: z.array(z.looseObject({ id: text.optional(), type: text.optional() })).default([]),
    }),
    statusModule: z
      .looseObject({
        overallStatus: text.optional(),
        whyStopped: text.optional(),
        startDateStruct: struct,
        primaryCompletionDateStruct: struct,
        completionDateStruct: struct,
        studyFirstPostDateStruct: struct,
        resultsFirstPostDateStruct: struct,
        lastUpdatePostDateStruct: struct,
      })
      .default({}),
    sponsorCollaboratorsModule: z
      .looseObject({ leadSponsor: z.looseObject({ name: text }).optional(), collaborators: z.array(z.looseObject({ name: text })).default([]) })
      .default({ collaborators: [] }),
    conditionsModule: z.looseObject({ conditions: texts }).default({ conditions: [] }),
    designModule: z
      .looseObject({
        studyType: text.optional(),
        designInfo: z
          .looseObject({
            allocation: text.optional(),
            interventionModel: text.optional(),
            interventionModelDescription: text.optional(),
            observationalModel: text.optional(),
            timePerspective: text.optional(),
            maskingInfo: z.looseObject({ masking: text.optional(), maskingDescription: text.optional(), whoMasked: texts }).optional(),
          })
          .default({}),
        enrollmentInfo: z.looseObject({ count: z.number().int().nonnegative().optional(), type: text.optional() }).optional(),
      })
      .default({ designInfo: {} }),
    armsInterventionsModule: z
      .looseObject({ armGroups: z.array(armGroup).default([]), interventions: z.array(intervention).default([]) })
      .default({ armGroups: [], interventions: [] }),
    outcomesModule: z
      .looseObject({ primaryOutcomes: z.array(planned).default([]), secondaryOutcomes: z.array(planned).default([]) })
      .default({ primaryOutcomes: [], secondaryOutcomes: [] }),
    eligibilityModule: z.looseObject({ sex: text.optional(), minimumAge: text.optional(), maximumAge: text.optional() }).default({}),
    contactsLocationsModule: z.looseObject({ locations: z.array(z.looseObject({ country: text.optional() })).default([]) }).default({ locations: [] }),
    referencesModule: z
      .looseObject({ references: z.array(z.looseObject({ pmid: text.optional(), type: text.optional(), citation: text.optional() })).default([]) })
      .default({ references: [] }),
  }),
  resultsSection: z
    .looseObject({
      participantFlowModule: z
        .looseObject({
          groups: z.array(group).default([]),
          periods: z
            .array(
              z.looseObject({
                title: text.default(''),
                milestones: z
                  .array(z.looseObject({ type: text, achievements: z.array(z.looseObject({ groupId: text, numSubjects: text.optional() })).default([]) }))
                  .default([]),
              }),
            )
            .default([]),
        })
        .optional(),
      baselineCharacteristicsModule: z
        .looseObject({
          groups: z.array(group).default([]),
          measures: z
            .array(
              z.looseObject({
                title: text,
                paramType: text.optional(),
                dispersionType: text.optional(),
                unitOfMeasure: text.optional(),
                classes,
              }),
            )
            .default([]),
        })
        .optional(),
      outcomeMeasuresModule: z.looseObject({ outcomeMeasures: z.array(outcomeMeasure).default([]) }).optional(),
      adverseEventsModule: z.looseObject({}).optional(),
    })
    .optional(),
  derivedSection: z
    .looseObject({
      conditionBrowseModule: z.looseObject({ meshes: z.array(z.looseObject({ id: text.optional(), term: text.optional() })).default([]) }).optional(),
    })
    .optional(),
})

export type RegisteredTrial = z.infer<typeof registeredTrial>
export type Protocol = RegisteredTrial['protocolSection']
export type ArmGroup = z.infer<typeof armGroup>
export type Intervention = z.infer<typeof intervention>
export type OutcomeMeasure = z.infer<typeof outcomeMeasure>
export type MeasureClass = OutcomeMeasure['classes'][number]
export type Measurement = z.infer<typeof measurement>
export type Analysis = z.infer<typeof analysis>
export type ResultGroup = z.infer<typeof group>

/** "12.5", "-3" or "−3"; null for "NA", thousands with commas and everything else that is not plainly a number. */
export function numberIn(value: string | undefined): number | null {
  const plain = plainNumber(value ?? '')
  return /^[-+]?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : null
}

export function countIn(value: string | undefined): number | null {
  const number = numberIn(value)
  return number !== null && Number.isInteger(number) && number >= 0 ? number : null
}
