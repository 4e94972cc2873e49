/**
 * A maximization in words: what was asked, what came, and what it is worth beside real pictures.
 *
 * @typedef {import('../types.js').Translate} Translate
 * @typedef {import('../types.js').Model} Model
 * @typedef {import('./request.js').Choice} Choice
 * @typedef {import('./request.js').Subject} Subject
 * @typedef {import('./run.js').MaximizedPicture} MaximizedPicture
 */
import { count, short } from '../numbers/format.js';
import { nameOf } from '../networks/graph.js';
import { otherOf, takesLayer, takesPair } from './request.js';

/** "178", or the class by its name. @param {Model} model @param {Subject} subject @param {number} channel */
export function channelName(model, { isClass }, channel) {
  return isClass ? model.classes[channel] ?? String(channel) : String(channel);
}

/** "conv4_3 · 178"; of a pair both; of a layer its name alone. @param {Model} model @param {Subject} subject @param {Choice} choice */
export function subjectName(model, subject, choice) {
  const name = nameOf(subject.stage);
  if (takesLayer(choice)) return name;
  const one = channelName(model, subject, subject.channel);
  const place = choice.aim === 'neuron' && subject.isMap ? ` · (${subject.y},${subject.x})` : '';
  return takesPair(choice) ? `${name} · ${one}, ${channelName(model, subject, otherOf(choice, subject))}${place}` : `${name} · ${one}${place}`;
}

/** One sentence on what the picture is. @param {Translate} t @param {Model} model @param {Subject} subject @param {Choice} choice */
export function leadText(t, model, subject, choice) {
  const params = { unit: channelName(model, subject, subject.channel), other: channelName(model, subject, otherOf(choice, subject)), layer: nameOf(subject.stage) };
  if (!choice.transforms && choice.method === 'pixels' && subject.isClass && choice.objective === 'activation') return t('maximize.lead.adversarial', params);
  if (choice.objective === 'activation' && subject.isClass) return t('maximize.lead.class', params);
  if (choice.objective === 'contrast' && subject.isClass) return t('maximize.lead.contrast_class', params);
  return t(`maximize.lead.${choice.objective}`, params);
}

/** The name of a set of real pictures with its size: "10,000 MNIST test digits". @param {Translate} t @param {{set: string, pictures: number}} reference @param {string} lang */
export function setText(t, { set, pictures }, lang) {
  const key = `maximize.set.${set.replace('-', '_')}`;
  const words = t(key, { count: count(pictures, lang) });
  return words === key ? `${count(pictures, lang)} × ${set}` : words;
}

/**
 * How strong the picture is beside real ones: a number to show large, and the words behind it.
 * @param {Translate} t @param {MaximizedPicture} picture @param {string} lang
 * @returns {{value: string, words: string}}
 */
export function strengthText(t, { state, score, ratio, reference, measure }, lang) {
  if (state === 'silent') return { value: t('maximize.silent'), words: t('maximize.silent.about') };
  if (score === null) return { value: '', words: '' };
  if (ratio !== null && reference) return { value: t('maximize.ratio', { ratio: short(ratio, lang) }), words: t('maximize.ratio.words', { set: setText(t, reference, lang) }) };
  const value = short(score, lang);
  if (reference) return { value, words: t('maximize.score.beside', { largest: short(reference.largest, lang), set: setText(t, reference, lang) }) };
  return { value, words: t(measure === 'objective' ? 'maximize.score.objective' : 'maximize.score.alone') };
}

/** A probability that never says 100 % or 0 %, which a softmax does not give: >99.9 %, <0.1 %. @param {number} share @param {string} lang */
export function sureText(share, lang) {
  const format = new Intl.NumberFormat(lang, { style: 'percent', maximumFractionDigits: share > 0.1 && share < 0.99 ? 0 : 1 });
  if (share < 0.001) return `<${format.format(0.001)}`;
  return share > 0.999 ? `>${format.format(0.999)}` : format.format(Math.floor(share * 1000) / 1000);
}
