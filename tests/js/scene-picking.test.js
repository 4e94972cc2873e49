import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Vector3, OrthographicCamera, PerspectiveCamera } from 'three';
import { unitsOf } from '../../static/js/core/unit/connect.js';
import { graphOf, unitAt } from '../../static/js/core/networks/graph.js';
import { corners } from '../../static/js/core/layout/boards.js';
import { applyOrthographic, applyPerspective, directionOf, fit } from '../../static/js/scene/camera.js';
import { Network } from '../../static/js/scene/network.js';
import { pick } from '../../static/js/scene/picking.js';
import { efficient, googlenet } from './large.js';
import { frameOf, harley } from './networks.js';

const size = { width: 900, height: 700 };
const insets = { left: 100, right: 40, top: 50, bottom: 30 };

/** A network as the scene builds it, and a camera that sees all of it. */
function setting(projection, model = harley()) {
  const flat = projection === 'flat';
  const look = { uniforms: { flatness: { value: flat ? 1 : 0 } } };
  const network = new Network(model, look, size.width / size.height);
  const points = [...network.layouts[projection].boards.values()].flatMap(corners);
  const view = fit(points, flat ? new Vector3(0, 0, 1) : directionOf(22, 26), flat ? 0.6 : 28, size, insets);
  const camera = flat ? new OrthographicCamera() : new PerspectiveCamera(28, size.width / size.height);
  if (flat) applyOrthographic(camera, view, size.width / size.height);
  else applyPerspective(camera, view);
  return { model, network, camera, points };
}

for (const projection of ['3d', 'flat']) {
  test(`${projection}: every board lies between the insets and fills them one way`, () => {
    const { camera, points } = setting(projection);
    const seen = points.map((point) => new Vector3(...point).project(camera));
    const [xs, ys] = [seen.map(({ x }) => ((x + 1) / 2) * size.width), seen.map(({ y }) => ((1 - y) / 2) * size.height)];
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    assert.ok(left > insets.left - 2 && right < size.width - insets.right + 2);
    assert.ok(top > insets.top - 2 && bottom < size.height - insets.bottom + 2);
    assert.ok(right - left > 0.97 * (size.width - 140) || bottom - top > 0.97 * (size.height - 80));
  });

  test(`${projection}: a ray through a unit's middle finds the unit`, () => {
    const { model, network, camera } = setting(projection);
    network.colour({ frame: frameOf(model, () => 0), scale: 'layer' });
    for (const stage of model.stages) {
      for (const unit of unitsOf(stage).filter((_, i) => i % 13 === 0)) {
        const at = new Vector3(...network.place(unit)).project(camera);
        assert.deepEqual(pick(network, camera, at.x, at.y), unit);
      }
    }
    assert.equal(pick(network, camera, -0.99, 0.99), null);
  });
}

test('hidden stages cannot be picked', () => {
  const { network, camera } = setting('flat');
  const unit = { stage: 'conv2', channel: 3, y: 4, x: 5 };
  const at = new Vector3(...network.place(unit)).project(camera);
  network.hide(new Set(['conv2']));
  assert.equal(pick(network, camera, at.x, at.y), null);
});

test('a cube is as high as its value is strong', () => {
  const { model, network } = setting('3d');
  network.colour({ frame: frameOf(model, (_, i) => (i === 3 ? -5 : 1)), scale: 'layer' });
  const height = (channel) => network.height({ stage: 'out', channel, y: 0, x: 0 });
  assert.ok(height(3) > 2 * height(4) && height(4) > 0);
  assert.equal(network.height({ stage: 'conv1', channel: 0, y: 0, x: 0 }), 0);
});

for (const projection of ['3d', 'flat']) {
  for (const model of [googlenet(), efficient()]) {
    test(`${model.id} ${projection}: units of branches, concatenations and skips are found where they are drawn`, () => {
      const { network, camera } = setting(projection, model);
      let hidden = 0;
      for (const node of graphOf(model).values()) {
        const unit = unitAt(node, Math.floor(0.6 * node.stage.units));
        const at = new Vector3(...network.place(unit)).project(camera);
        const found = pick(network, camera, at.x, at.y);
        if (found?.stage !== unit.stage) hidden++; // behind the next board: that one is nearer
        else assert.deepEqual(found, unit);
      }
      assert.ok(hidden <= (projection === 'flat' ? 0 : model.stages.length / 3), `${hidden} hidden`);
    });
  }
}
