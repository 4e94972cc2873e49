/** What is said of a moment of a training. */
import { accuracy, count, short } from '../../core/format.js';

/** An epoch as people say it: 0.85, 12. @param {number} epoch @param {string} lang */
export function epochText(epoch, lang) {
  return new Intl.NumberFormat(lang, { maximumFractionDigits: epoch < 10 ? 2 : 1 }).format(epoch);
}

/** Step and epoch, and what is known: loss, and the accuracy on test pictures, else on the training batches. @param {import('../../core/types.js').Translate} t @param {import('../../core/timeline.js').Reading} reading @param {string} lang */
export function readingText(t, { step, epoch, loss, accuracy: batch, testAccuracy }, lang) {
  const parts = [t('timeline.reading', { step: count(step, lang), epoch: epochText(epoch, lang) })];
  if (loss !== null) parts.push(t('timeline.loss', { value: short(loss, lang) }));
  if (testAccuracy !== null) parts.push(t('timeline.test', { share: accuracy(testAccuracy, lang) }));
  else if (batch !== null) parts.push(t('timeline.batch', { share: accuracy(batch, lang) }));
  return parts.join(' · ');
}
