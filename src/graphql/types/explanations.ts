import { builder } from '../builder.ts'
import { keepsChanging } from '../errors.ts'
import { parseId } from '../input.ts'
import { Recommendations, type RecommendationsValue } from '../refs.ts'
import { viewerOf } from '../viewer-of.ts'
import { Locale } from './enums.ts'
import { toValue } from './recommendations.ts'

const GenerateExplanationsPayload = builder.objectRef<{ recommendations: RecommendationsValue }>('GenerateExplanationsPayload').implement({
  description: 'The recommendation with its explanations.',
  fields: (t) => ({
    recommendations: t.expose('recommendations', {
      type: Recommendations,
      description: 'As `recommendations` answers from now on: each item has its `expertExplanation` in the language asked for.',
    }),
  }),
})

builder.mutationField('generateExplanations', (t) =>
  t.field({
    type: GenerateExplanationsPayload,
    description:
      'Writes the retrieval-grounded explanations into the current run, without computing it anew; makes a run first where there is none. What is explained already in this language stays as it is. The owner or an admin.',
    args: {
      petId: t.arg.id({ required: true, description: 'A UUID.' }),
      locale: t.arg({ type: Locale, required: false, description: 'Left out: the language of the request.' }),
    },
    resolve: async (_root, args, context) => {
      const petId = parseId(args.petId, 'petId')
      const answer = await context.services.explainer.explain(petId, args.locale ?? context.locale, viewerOf(context))
      context.loaders.forget()
      if (answer.kind === 'keeps-changing') throw keepsChanging()
      return { recommendations: toValue(answer, context) }
    },
  }),
)
