/** The numbers behind the curves as a table, for reading and for screen readers; all of them as CSV. */
import { tableRows } from '../../core/train/curves.js';
import { accuracy, count, short } from '../../core/numbers/format.js';
import { metricsUrl } from '../../core/train/api.js';
import { h } from '../dom.js';
import { icon } from '../icons.js';

const COLUMNS = ['epoch', 'loss', 'test_loss', 'accuracy', 'test_accuracy', 'learning_rate', 'gradient_norm', 'images_per_second'];

/** @param {string} column @param {number|null} value @param {string} lang */
function cellText(column, value, lang) {
  if (value === null) return '';
  if (column.endsWith('accuracy')) return accuracy(value, lang);
  return column === 'images_per_second' ? count(value, lang) : short(value, lang);
}

/** @param {import('../../core/types.js').Context} ctx */
export function createCurveTable({ api, t }) {
  const head = h('tr', {});
  const body = h('tbody', {});
  const link = h('a', { class: 'link-button curve-csv', download: '' }, icon('download'), t('curves.csv'));
  const element = h('div', { class: 'curve-table', tabindex: 0, role: 'region', 'aria-label': t('curves.table') },
    link, h('table', {}, h('caption', {}, t('curves.table.caption')), h('thead', {}, head), body));

  /** @param {import('../../core/train/types.js').Training} training @param {import('../../core/train/types.js').TrainingMetrics} metrics @param {string} lang */
  function show(training, metrics, lang) {
    const { steps, columns } = metrics;
    const names = COLUMNS.filter((name) => name in columns);
    link.href = metricsUrl(api, training.id);
    head.replaceChildren(...['step', ...names].map((name) => h('th', { scope: 'col' }, t(`curves.column.${name}`))));
    body.replaceChildren(...tableRows(metrics).map((row) => h('tr', {}, h('th', { scope: 'row' }, count(steps[row], lang)),
      ...names.map((name) => h('td', {}, cellText(name, columns[name][row], lang))))));
  }

  return { element, show };
}
