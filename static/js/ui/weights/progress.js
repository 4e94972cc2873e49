/**
 * One download: a bar, bytes, rate and time left; or why it ended without weights.
 *
 * @typedef {import('../../core/types.js').Download} Download
 */
import { bytes, duration, percent } from '../../core/numbers/format.js';
import { shareDone } from '../../core/networks/weights-text.js';
import { h } from '../dom.js';

/** @param {Download} download @param {import('../../core/types.js').Translate} t @param {string} lang */
function words({ job, rate, left }, t, lang) {
  if (!job) return t('weights.asking');
  const { done, total, message } = job.progress;
  const amount = total ? t('weights.amount', { done: bytes(done, lang), total: bytes(total, lang) }) : bytes(done, lang);
  const pace = rate && left !== null && left > 0 ? t('weights.pace', { rate: bytes(rate, lang), left: duration(left, lang) }) : '';
  return [message, amount, pace].filter(Boolean).join(' · ');
}

/** Why it ended, and what that costs. @param {Download} download @param {import('../../core/types.js').Translate} t */
function failure({ problem, job }, t) {
  const words = t('weights.failed', { problem: problem ?? '' });
  const kept = job && job.progress.done > 0 ? ` ${t('weights.kept')}` : '';
  return `${words}${kept} ${t('weights.help')}`;
}

/**
 * @param {import('../../core/types.js').Translate} t
 * @param {() => void} cancel
 */
export function createWeightsProgress(t, cancel) {
  const bar = h('progress', { class: 'weights-bar', max: 1, 'aria-label': t('weights.progress') });
  const text = h('p', { class: 'weights-amount' });
  const stop = h('button', { class: 'text-button', type: 'button', on: { click: cancel } }, t('weights.cancel'));
  const running = h('div', { class: 'weights-running' }, bar, h('div', { class: 'weights-running-line' }, text, stop));
  const problem = h('p', { class: 'weights-problem', role: 'alert', hidden: true });
  const element = h('div', {}, running, problem);

  /** @param {Download|undefined} download @param {string} lang */
  function show(download, lang) {
    element.hidden = !download;
    if (!download) return;
    running.hidden = download.problem !== null;
    problem.hidden = download.problem === null;
    problem.textContent = download.problem ? failure(download, t) : '';
    const share = shareDone(download);
    if (share === null) bar.removeAttribute('value');
    else bar.value = share;
    bar.title = share === null ? '' : percent(share, lang);
    text.textContent = words(download, t, lang);
  }

  return { element, show, focus: () => stop.focus() };
}
