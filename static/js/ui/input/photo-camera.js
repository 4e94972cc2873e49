/** A frame from the camera: a dialog with the live picture and one button. The camera runs only while it is open. */
import { h } from '../dom.js';
import { photoOf } from './photo-take.js';

const QUALITY = 0.92;

/** Why there is no camera, as a key of the catalogue. @param {unknown} error */
function reason(error) {
  const name = error instanceof Error ? error.name : '';
  if (name === 'NotAllowedError') return 'camera.refused';
  return name === 'NotFoundError' ? 'camera.none' : 'camera.failed';
}

/** The picture that the video shows now. @param {HTMLVideoElement} video @returns {Promise<Blob>} */
async function frameOf(video) {
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  return canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
}

/**
 * @param {import('../../views.js').ViewContext} ctx
 * @returns {{element: HTMLDialogElement, open: () => Promise<void>, destroy: () => void}}
 */
export function createCamera({ t, session }) {
  const video = h('video', { class: 'camera-video', autoplay: true, playsinline: true, 'aria-label': t('camera.title') });
  video.muted = true;
  const words = h('p', { class: 'camera-words', role: 'alert', hidden: true });
  const shoot = h('button', { class: 'button button-first', type: 'button', on: { click: take } }, t('camera.take'));
  const leave = h('button', { class: 'button', type: 'button', on: { click: () => element.close() } }, t('camera.leave'));
  const element = h('dialog', { class: 'dialog camera', 'aria-label': t('camera.title'), on: { close: stop } },
    h('h2', { class: 'dialog-title' }, t('camera.title')), video, words, h('div', { class: 'dialog-actions' }, leave, shoot));
  /** @type {MediaStream|null} */
  let stream = null;

  async function open() {
    show(null);
    element.showModal();
    if (!navigator.mediaDevices) return show('camera.insecure');
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1280 } } });
      if (!element.open) return stop();
      video.srcObject = stream;
    } catch (error) {
      show(reason(error));
    }
  }

  /** @param {string|null} problem */
  function show(problem) {
    words.hidden = problem === null;
    video.hidden = shoot.hidden = problem !== null;
    words.textContent = problem ? t(problem) : '';
  }

  async function take() {
    if (!video.videoWidth) return;
    const blob = await frameOf(video);
    element.close();
    session.setPhoto(photoOf(blob, t('camera.name'), 'camera'));
  }

  function stop() {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    video.srcObject = null;
  }

  return { element, open, destroy: stop };
}
