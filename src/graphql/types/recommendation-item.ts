import type { Citation as CitationValue, Explanation, PricedOffer as PricedOfferValue, Reason, RunItem, ScoreComponent as ScoreComponentValue } from '../../domain/run.ts'
import { animationExplanation, technicalExplanation } from '../../domain/wording/explanations.ts'
import { qualityCheckMessage } from '../../domain/wording/quality-check-messages.ts'
import { reasonMessage } from '../../domain/wording/reason-messages.ts'
import { builder } from '../builder.ts'
import { wordedChecks, wordedReasons, type Worded, type WordedCheck } from '../worded.ts'
import { Locale, SafetyBadge } from './enums.ts'
import { Offer, Product } from './product.ts'

export const ScoreComponent = builder.objectRef<ScoreComponentValue>('ScoreComponent').implement({
  description: 'One part of the safety or fitness score.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The part, such as `allergy` or `nutrition`.' }),
    points: t.exposeFloat('points', { description: 'What it was given.' }),
    maxPoints: t.exposeFloat('maxPoints', { description: 'The most it can be given.' }),
  }),
})

export const MatchReason = builder.objectRef<Worded<Reason>>('MatchReason').implement({
  description: 'Why points were given or taken.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'A stable code.' }),
    message: t.string({ description: 'The same for a person to read.', resolve: (reason) => reasonMessage(reason, reason.locale) }),
    points: t.exposeFloat('points', { nullable: true, description: 'Points given, or taken where negative.' }),
  }),
})

const QualityCheck = builder.objectRef<WordedCheck>('QualityCheck').implement({
  description: 'One line of the quality checklist.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'A stable code.' }),
    passed: t.exposeBoolean('passed', { description: 'Whether the food passes.' }),
    message: t.string({
      description: 'The same for a person to read.',
      resolve: ({ code, passed, locale }) => qualityCheckMessage(code, passed, locale),
    }),
  }),
})

const PricedOffer = builder.objectRef<PricedOfferValue>('PricedOffer').implement({
  description: 'An offer with its price set beside those of the last 30 days. Prices are whole minor units of the offer\'s currency.',
  fields: (t) => ({
    offer: t.field({ type: Offer, description: 'The offer.', resolve: ({ offer }) => offer }),
    currentPrice: t.exposeInt('currentPrice', { nullable: true, description: 'Now.' }),
    averagePrice: t.exposeInt('averagePrice', { nullable: true, description: 'On average over the 30 days before.' }),
    deltaPercent: t.exposeFloat('deltaPercent', { nullable: true, description: 'Percent below (-) or above (+) the 30-day average.' }),
    isNewLow: t.exposeBoolean('isNewLow', { description: 'Whether it is below everything of those 30 days.' }),
  }),
})

const Citation = builder.objectRef<CitationValue>('Citation').implement({
  description: 'A reference that an explanation rests on.',
  fields: (t) => ({
    title: t.exposeString('title', { description: 'Its title.' }),
    source: t.exposeString('source', { description: 'Where it was published.' }),
    excerpt: t.exposeString('excerpt', { description: 'What it says, in English; a Korean text holds the same in Korean.' }),
  }),
})

const ExpertExplanation = builder.objectRef<Explanation>('ExpertExplanation').implement({
  description: "An explanation grounded in retrieved references: every figure in it is the item's own or stands in a citation.",
  fields: (t) => ({
    text: t.exposeString('text', { description: 'The explanation.' }),
    confidence: t.exposeFloat('confidence', { description: "0 to 1: how well the references answer to what was looked up, times the item's confidenceScore / 100." }),
    citations: t.field({ type: [Citation], description: 'The references that the text uses, in its order: one to four.', resolve: ({ citations }) => citations }),
    generatedAt: t.expose('generatedAt', { type: 'DateTime', description: 'When it was written.' }),
    model: t.exposeString('model', { description: 'What wrote it: `extractive-v1` puts references together, word for word, and generates nothing.' }),
  }),
})

export const RecommendationItem = builder.objectRef<RunItem>('RecommendationItem').implement({
  description: 'One recommended food and all that speaks for it and against it.',
  fields: (t) => {
    const locale = t.arg({ type: Locale, required: false, description: 'Left out: the language of the request.' })
    return {
      rank: t.exposeInt('rank', { description: '1 is the best.' }),
      product: t.field({ type: Product, description: 'The food.', resolve: ({ product }) => product }),
      offer: t.field({ type: PricedOffer, nullable: true, description: 'Where to buy it; null where nobody is known to sell it.', resolve: ({ offer }) => offer }),
      matchScore: t.exposeFloat('matchScore', { description: '0 to 100: safety and fitness together, after all deductions.' }),
      safetyScore: t.exposeFloat('safetyScore', { description: '0 to 100: how safe it is for this pet.' }),
      fitnessScore: t.exposeFloat('fitnessScore', { description: '0 to 100: how well it suits this pet.' }),
      scoreComponents: t.field({ type: [ScoreComponent], description: 'The parts of both scores.', resolve: ({ scoreComponents }) => scoreComponents }),
      matchReasons: t.field({
        type: [MatchReason],
        description: 'Why points were given or taken.',
        args: { locale },
        resolve: ({ reasons }, args, context) => wordedReasons(reasons, args.locale ?? context.locale),
      }),
      technicalExplanation: t.string({
        description: "From the score's own reasons; always there.",
        args: { locale },
        resolve: (item, args, context) => technicalExplanation(item, args.locale ?? context.locale),
      }),
      expertExplanation: t.field({
        type: ExpertExplanation,
        nullable: true,
        description: 'Grounded in retrieved references; null until `generateExplanations` wrote one in this language.',
        args: { locale },
        resolve: ({ explanations }, args, context) => explanations[args.locale ?? context.locale] ?? null,
      }),
      animationExplanation: t.string({
        nullable: true,
        description: 'One short line for the result animation.',
        args: { locale },
        resolve: (item, args, context) => animationExplanation(item, args.locale ?? context.locale),
      }),
      ingredientCount: t.exposeInt('ingredientCount', { nullable: true, description: 'Null where the ingredients are unknown.' }),
      mainIngredients: t.exposeStringList('mainIngredients', { description: 'The first ingredients of the label.' }),
      allergyIngredients: t.exposeStringList('allergyIngredients', { description: 'Ingredients that are common allergens or that the owner avoids.' }),
      harmfulIngredients: t.exposeStringList('harmfulIngredients', { description: 'Ingredients better avoided.' }),
      qualityChecklist: t.field({
        type: [QualityCheck],
        description: 'What makes a good food, checked one by one.',
        args: { locale },
        resolve: ({ qualityChecks }, args, context) => wordedChecks(qualityChecks, args.locale ?? context.locale),
      }),
      dailyAmountG: t.exposeFloat('dailyAmountG', { nullable: true, description: "Recommended grams a day; null where the product's energy is unknown." }),
      monthlyCost: t.exposeInt('monthlyCost', { nullable: true, description: 'KRW for 30 days of dailyAmountG.' }),
      safetyBadges: t.expose('safetyBadges', { type: [SafetyBadge], description: 'What sets it apart as safe.' }),
      confidenceScore: t.exposeFloat('confidenceScore', { description: '0 to 100: how far the data behind this item can be trusted.' }),
    }
  },
})
