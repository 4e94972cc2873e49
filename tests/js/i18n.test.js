import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTranslator, LANGUAGES, loadTranslator, pickLanguage } from '../../static/js/core/i18n.js';

test('placeholders are filled, also with zero; unknown ones stay', () => {
  const t = createTranslator({ 'a.b': '{count} of {all} {what}' });
  assert.equal(t('a.b', { count: 0, all: 3 }), '0 of 3 {what}');
});

test('a missing text comes from the fallback, else the key shows itself', () => {
  const t = createTranslator({ one: 'egy' }, { one: 'one', two: 'two' });
  assert.deepEqual([t('one'), t('two'), t('three')], ['egy', 'two', 'three']);
});

test('the language: the wanted one, else the first preferred one that we have, else English', () => {
  assert.equal(pickLanguage('pl', ['hu']), 'pl');
  assert.equal(pickLanguage('xx', ['de-DE', 'hu-HU', 'en']), 'hu');
  assert.equal(pickLanguage(null, ['de']), 'en');
  assert.deepEqual(LANGUAGES.map(({ id }) => id), ['en', 'hu', 'pl']);
});

test('a catalogue is fetched with English behind it', async () => {
  const files = { '/w/hu.json': { a: 'á' }, '/w/en.json': { a: 'a', b: 'b' } };
  const get = async (/** @type {string} */ url) => ({ ok: url in files, json: async () => files[url] });
  const t = await loadTranslator('hu', '/w', get);
  assert.deepEqual([t('a'), t('b')], ['á', 'b']);
});
