/** What learning the weights of the mixture takes. Apart from the index, so that a slot of a host loads no more than it runs. */
export { BLEND_WEIGHTS } from './blend-weights.ts';
export {
  type BlendLesson,
  blendLessonOperations,
  HOLE_EVERY,
  learnBlend,
} from './learning/blend-lesson.ts';
