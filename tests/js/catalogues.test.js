import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { LANGUAGES } from '../../static/js/core/i18n.js';

const root = new URL('../../static/', import.meta.url);
const catalogues = Object.fromEntries(LANGUAGES.map(({ id }) => [id, JSON.parse(readFileSync(new URL(`i18n/${id}.json`, root), 'utf8'))]));
const words = catalogues.en;
const sources = readdirSync(new URL('js/', root), { recursive: true }).map(String).filter((name) => name.endsWith('.js'))
  .map((name) => ({ name, text: readFileSync(new URL(`js/${name}`, root), 'utf8') }));

/** Keys that stand in the sources as they are. */
const spaces = new Set(Object.keys(words).map((key) => key.split('.')[0]));
const literals = sources.flatMap(({ name, text }) => [...text.matchAll(/'([a-z]+\.[\w.-]+)'/g)]
  .map(([, key]) => ({ name, key })).filter(({ key }) => spaces.has(key.split('.')[0]) && !key.endsWith('.jpg'))); // a file's name is no key
/** Keys with a part that is filled in, as patterns. */
const templates = sources.flatMap(({ name, text }) => [...text.matchAll(/`([a-z]+\.(?:[^`\s$]|\$\{[^}]*\})*)`/g)]
  .filter(([, key]) => key.includes('${') && spaces.has(key.split('.')[0]))
  .map(([, key]) => ({ name, pattern: new RegExp(`^${key.replace(/\./g, '\\.').replace(/\$\{[^}]*\}/g, '.+')}$`) })));

const placeholders = (/** @type {string} */ text) => [...text.matchAll(/\{(\w+)\}/g)].map(([whole]) => whole).sort();

test('the catalogues have the same keys', () => {
  for (const catalogue of Object.values(catalogues)) assert.deepEqual(Object.keys(catalogue), Object.keys(words));
});

test('a text has the same placeholders in every language, and says something', () => {
  for (const [id, catalogue] of Object.entries(catalogues)) {
    for (const key of Object.keys(words)) {
      assert.deepEqual(placeholders(catalogue[key]), placeholders(words[key]), `${id}: ${key}`);
      assert.ok(catalogue[key].trim().length > 0, `${id}: ${key}`);
    }
  }
});

test('every key that the sources name exists', () => {
  assert.ok(literals.length > 100);
  for (const { name, key } of literals) assert.ok(key in words, `${name}: ${key}`);
  for (const { name, pattern } of templates) assert.ok(Object.keys(words).some((key) => pattern.test(key)), `${name}: ${pattern}`);
});

test('every key is used', () => {
  const named = new Set(literals.map(({ key }) => key));
  const unused = Object.keys(words).filter((key) => !named.has(key) && !templates.some(({ pattern }) => pattern.test(key)));
  assert.deepEqual(unused, []);
});
