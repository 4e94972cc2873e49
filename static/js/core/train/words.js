/**
 * What a training is and what happened to it, in words.
 *
 * @typedef {import('../types.js').Translate} Translate
 * @typedef {import('./types.js').Training} Training
 * @typedef {import('./types.js').TrainingRequest} TrainingRequest
 */
import { accuracy, count, duration, epochText, percent, short } from '../numbers/format.js';
import { presentTraining } from './follow-network.js';
import { hasWeights } from '../session.js';
import { isActive, isOfPoints, isRangeTest } from './follow.js';
import { averagingText } from './weight-averaging.js';

/** A loss so many times that of guessing is no chance of one batch. */
const FAR = 2;
/** Before so many steps the loss is that of the first weights. */
const SETTLED = 10;

/** A learning rate as people write it: 0.004, 3, 2e-5. @param {number} rate @param {string} lang */
export function rateText(rate, lang) {
  if (rate < 1e-4) return short(rate, lang);
  return new Intl.NumberFormat(lang, { maximumSignificantDigits: 3, useGrouping: false }).format(rate);
}

/** How far it is. @param {Training} training @param {Translate} t @param {string} lang */
export function progressText({ state, step, steps, epoch, steps_per_epoch: each, loading }, t, lang) {
  if (loading?.total && isActive({ state })) return t('train.loading', { done: count(loading.done, lang), total: count(loading.total, lang) });
  if (steps === 0) return '';
  const epochs = each > 0 ? steps / each : 0;
  const whole = Number.isInteger(epochs) ? count(epochs, lang) : short(epochs, lang);
  return t('train.progress', { step: count(step, lang), steps: count(steps, lang), epoch: epochText(epoch, lang), epochs: whole });
}

/** How fast, and how long still. @param {Training} training @param {Translate} t @param {string} lang */
export function paceText({ state, images_per_second: pace, seconds_left: left, request }, t, lang) {
  if (!pace || !isActive({ state })) return '';
  const fast = t(request.dataset?.id === 'points' ? 'train.pace.points' : 'train.pace', { count: count(Number(pace.toPrecision(3)), lang) });
  return left === null || state !== 'running' ? fast : `${fast} · ${t('train.left', { time: duration(left, lang) })}`;
}

/** The state in a word or two. @param {Training} training @param {Translate} t */
export function stateText({ state, diverged, stopped_early: early }, t) {
  if (diverged !== null && !isActive({ state })) return t('train.state.diverged');
  return t(early ? 'train.state.early' : `train.state.${state}`);
}

/** The number that says most: test accuracy, else that of training. @param {Training} training @param {string} lang */
export function scoreText({ test_accuracy: test, accuracy: training }, lang) {
  const share = test ?? training;
  return share === null ? '' : accuracy(share, lang);
}

/** The optimizer's rate that holds now: the last change by hand, else that of the request. @param {Training} training @returns {number|null} */
export function baseRate({ changes, request }) {
  return changes.findLast(({ name }) => name === 'learning_rate')?.value ?? request.optimizer?.learning_rate ?? null;
}

/** What happened, where something did that is worth a sentence; '' otherwise. @param {Training} training @param {Training[]} ahead  Those that are before it, the first one first. @param {Translate} t @param {string} lang */
export function happenedText(training, ahead, t, lang) {
  const { state, diverged, error, step, stopped_early: early, request } = training;
  if (diverged !== null) {
    const rate = baseRate(training);
    return t('train.happened.diverged', { step: count(diverged, lang), rate: rate === null ? '' : rateText(rate, lang), optimizer: t(`train.optimizer.${request.optimizer?.name ?? 'sgd'}`) });
  }
  if (state === 'failed') return t('train.happened.failed', { detail: error ?? '' });
  if (state === 'queued') return ahead.length > 0 ? t(ahead.length > 1 ? 'train.happened.queued' : 'train.happened.queued.one', { count: ahead.length, title: titleText(ahead[0], t) }) : t('train.happened.starting');
  if (state === 'interrupted') return t('train.happened.interrupted', { step: count(step, lang) });
  if (state === 'cancelled') return t('train.happened.cancelled', { step: count(step, lang) });
  if (early) return t('train.happened.early', { step: count(step, lang), patience: count(request.stopping?.patience ?? 1, lang) });
  return isWorseThanGuessing(training) ? t('train.happened.lost', lostParams(training, lang)) : '';
}

/** The loss of a network that calls all classes equally likely: ln K. @param {Training} training */
const guessing = ({ classes }) => (classes.length > 1 ? Math.log(classes.length) : Infinity);

/** Has it lost all that it knew? Then its steps are too long. @param {Training} training */
export function isWorseThanGuessing(training) {
  return training.diverged === null && training.step >= SETTLED && training.loss !== null && training.loss > FAR * guessing(training) && !isRangeTest(training);
}

/** @param {Training} training @param {string} lang */
function lostParams(training, lang) {
  const rate = training.learning_rate ?? baseRate(training);
  return { loss: short(training.loss ?? 0, lang), guess: short(guessing(training), lang), rate: rate === null ? '' : rateText(Number(rate.toPrecision(2)), lang) };
}

/** What runs or waits before one that waits, the first one first; points have a queue of their own. One that was resumed has come last, however old it is. @param {Training} training @param {Training[]} trainings */
export function aheadOf(training, trainings) {
  const others = trainings.filter((each) => each.id !== training.id && isOfPoints(each) === isOfPoints(training)).reverse();
  return [...others.filter(({ state }) => state === 'running'), ...others.filter(({ state, created }) => state === 'queued' && created < training.created)];
}

/** Why the present network says nothing yet: its training waits or has just begun, or it has no weights; '' where it has some. @param {import('../types.js').State} state @param {Translate} t */
export function silenceText(state, t) {
  const { model, trainings, lang } = state;
  if (!model || hasWeights(model)) return '';
  const training = presentTraining(state);
  if (training?.state === 'queued') return happenedText(training, aheadOf(training, trainings), t, lang);
  return t(training && isActive(training) ? 'train.first_answer' : 'photo.no_weights');
}

/** The name of the network of a request. @param {TrainingRequest} request @param {import('../types.js').ModelSummary[]} models */
export function networkName({ model, design }, models) {
  return design?.name ?? models.find(({ id }) => id === model)?.title ?? model ?? '';
}

/** One line on how it learns. @param {TrainingRequest} request @param {Translate} t @param {string} lang */
export function recipeText({ optimizer, schedule, epochs, batch }, t, lang) {
  if (!optimizer?.name || !schedule) return '';
  return t(epochs === 1 ? 'train.recipe.one' : 'train.recipe', {
    optimizer: t(`train.optimizer.${optimizer.name}`), rate: rateText(optimizer.learning_rate ?? 0, lang), schedule: t(`train.schedule.${schedule.name}`),
    epochs: short(epochs ?? 0, lang), batch: count(batch ?? 0, lang),
  });
}

/** Names of the data sets, which are the same in every language. */
const DATA = /** @type {Record<string, string>} */ ({ mnist: 'MNIST', 'fashion-mnist': 'Fashion-MNIST', cifar10: 'CIFAR-10' });

/** @param {string} id @param {Translate} t */
export function dataName(id, t) {
  return DATA[id] ?? t(`train.dataset.${id}.name`);
}

/** What the server calls data sets that have a name in every language; " on " is of older versions. */
const ENGLISH = /^(.+) (?:·|on) (?:Points in the plane|Folder of pictures)( \(\d+\))?$/;

/** The title of a training; one that the server has made of English words is made anew in the reader's. @param {Training} training @param {Translate} t */
export function titleText({ title, request: { title: given, dataset } }, t) {
  const [, network, number = ''] = given ? [] : ENGLISH.exec(title) ?? [];
  if (network === undefined || !dataset) return title;
  return `${network} · ${dataset.id === 'points' ? t(`points.set.${dataset.points}`) : dataName(dataset.id, t)}${number}`;
}

/** One line on the data; where nobody knows how many `pictures`, a part of them is given as a share. @param {TrainingRequest} request @param {number|null} pictures @param {Translate} t @param {string} lang */
export function dataText({ dataset }, pictures, t, lang) {
  const title = dataName(dataset?.id ?? 'mnist', t);
  const part = (dataset?.share ?? 1) < 1 ? t('train.data_share', { share: percent(dataset?.share ?? 1, lang) }) : '';
  const used = pictures === null ? part : t('train.pictures', { count: count(pictures, lang) });
  const shuffled = dataset?.shuffled ? t('train.shuffled', { share: percent(dataset.shuffled, lang) }) : '';
  return [title, used, shuffled].filter(Boolean).join(' · ');
}

/** One line on what is done against over-fitting and for a steady result; '' for nothing. @param {TrainingRequest} request @param {Translate} t @param {string} lang */
export function regularisationText({ optimizer, dropout, label_smoothing: smoothing, ema_decay: decay, stopping }, t, lang) {
  return [
    optimizer?.decay ? `${t('train.decay')} ${short(optimizer.decay, lang)}` : '',
    dropout ? `${t('train.dropout')} ${percent(dropout, lang)}` : '',
    smoothing ? `${t('train.smoothing')} ${short(smoothing, lang)}` : '',
    decay ? `${t('train.ema')} ${averagingText(decay, t, lang)}` : '',
    stopping ? t('train.stopping') : '',
  ].filter(Boolean).join(' · ');
}

/** One line on how pictures are changed. @param {TrainingRequest} request @param {Translate} t */
export function augmentationText({ augmentation }, t) {
  const kinds = Object.entries(augmentation ?? {}).filter(([, value]) => value).map(([kind]) => t(`train.augment.${kind}`));
  return kinds.length ? kinds.join(', ') : t('train.none');
}
