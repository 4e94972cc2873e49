/** A small picture of the learning rate over the training. */
import { sketch } from '../../core/train/schedule.js';
import { s } from '../dom.js';

const [WIDTH, HEIGHT, PAD] = [96, 32, 3];

/** @param {import('../../core/types.js').Translate} t */
export function createScheduleSketch(t) {
  const line = s('path', { class: 'sketch-line' });
  const element = s('svg', { class: 'sketch', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT, role: 'img', 'aria-label': t('train.schedule.sketch') },
    s('line', { class: 'sketch-axis', x1: PAD, x2: WIDTH - PAD, y1: HEIGHT - PAD, y2: HEIGHT - PAD }), line);
  return {
    element: /** @type {any} */ (element),
    /** @param {import('../../core/train/types.js').ScheduleChoice} schedule @param {number} epochs */
    show(schedule, epochs) {
      const points = sketch(schedule, epochs).map(({ x, y }) => `${(PAD + x * (WIDTH - 2 * PAD)).toFixed(1)} ${(HEIGHT - PAD - y * (HEIGHT - 2 * PAD)).toFixed(1)}`);
      line.setAttribute('d', `M${points.join('L')}`);
    },
  };
}
