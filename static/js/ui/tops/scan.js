/** What stands where no pictures can be shown yet: what is waited for, or how to begin. */
import { count } from '../../core/numbers/format.js';
import { isQuick, kindOf, presentSet } from '../../core/unit/tops.js';
import { h } from '../dom.js';

/**
 * @typedef {import('../../core/unit/tops.js').Standing} Standing
 * @param {import('../../core/types.js').Translate} t
 * @param {{scan: () => void, cancel: () => void, retry: () => void}} events
 */
export function createTopsScan(t, events) {
  const words = h('p', { class: 'tops-words', role: 'status' });
  const begin = h('button', { class: 'button', type: 'button', on: { click: () => (kind === 'failed' ? events.retry() : events.scan()) } });
  const bar = h('progress', { max: 1, 'aria-label': t('tops.progress') });
  const running = h('div', { class: 'tops-running' }, bar, h('button', { class: 'text-button', type: 'button', on: { click: events.cancel } }, t('weights.cancel')));
  const element = h('div', { class: 'tops-scan' }, words, running, begin);
  let kind = 'waiting';

  /** @param {Standing} standing @param {string} lang */
  function wordsOf(standing, lang) {
    const { set, scan, problem } = standing;
    const { pictures: all, scanned } = presentSet(standing) ?? { pictures: 0, scanned: 0 };
    if (kind === 'found') return t('tops.part', { scanned: count(scanned, lang), all: count(all, lang) });
    if (kind === 'failed') return t('tops.failed', { problem: problem ?? '' });
    if (kind === 'none') return t('tops.none');
    if (kind === 'unscanned') return t('tops.unscanned', { count: count(all, lang) });
    if (kind !== 'scanning' || !scan) return t('tops.waiting');
    const { done, total } = scan.progress;
    const about = t(set !== null && isQuick(set) ? 'tops.scanning.quick' : 'tops.scanning');
    return total ? `${about} ${t('tops.progress.of', { done: count(done, lang), total: count(total, lang) })}` : about;
  }

  /** @param {Standing} standing @param {string} lang */
  function show(standing, lang) {
    kind = kindOf(standing);
    const { pictures = 0, scanned = 0 } = presentSet(standing) ?? {};
    const isPart = kind === 'found' && scanned < pictures;
    element.hidden = kind === 'found' && !isPart;
    const text = wordsOf(standing, lang);
    if (words.textContent !== text) words.textContent = text;
    running.hidden = kind !== 'scanning';
    begin.hidden = kind !== 'unscanned' && kind !== 'failed' && !isPart;
    begin.textContent = t(kind === 'failed' ? 'tops.retry' : 'tops.begin');
    const { done, total } = standing.scan?.progress ?? { done: 0, total: null };
    if (total) bar.value = done / total;
    else bar.removeAttribute('value');
  }

  return { element, show };
}
