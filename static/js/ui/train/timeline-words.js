/** What is said of a moment of a training. */
import { accuracy, count, epochText, short } from '../../core/numbers/format.js';

/** Step and epoch, and what is known: loss, and the accuracy on test pictures where it is of this very step, else on the training batches. @param {import('../../core/types.js').Translate} t @param {import('../../core/train/timeline.js').Reading} reading @param {string} lang */
export function readingText(t, { step, epoch, loss, accuracy: batch, testAccuracy, testedAt }, lang) {
  const parts = [t('timeline.reading', { step: count(step, lang), epoch: epochText(epoch, lang) })];
  if (loss !== null) parts.push(t('timeline.loss', { value: short(loss, lang) }));
  if (testAccuracy !== null && testedAt >= step) parts.push(t('timeline.test', { share: accuracy(testAccuracy, lang) }));
  else if (batch !== null) parts.push(t('timeline.batch', { share: accuracy(batch, lang) }));
  return parts.join(' · ');
}
