import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { askConvexEnv } from '../../../packages/clerk-convex-doctor/src/gather/network/askConvexEnv.ts';
import { removeTrees, type Tree, writeTree } from '../../../packages/clerk-convex-doctor/src/testing/writeTree.ts';
import type { Step } from '../../../packages/clerk-convex-doctor/src/types.ts';
import * as instance from '../projects/instance.ts';
import { path } from './openBench.ts';
import { type Deployment, serveDeployment } from './serveDeployment.ts';

type Env = Readonly<Record<string, string>>;

const closes: (() => Promise<void>)[] = [];
afterAll(async () => {
  await Promise.all(closes.map((close) => close()));
  await removeTrees();
});
const serve = async (deployment: Deployment): Promise<string> => {
  const { url, close } = await serveDeployment(deployment);
  closes.push(close);
  return url;
};

/** What the doctor learns with Convex's own command line, as it is installed here. */
async function ask(env: Env, files: Tree = {}, convexTimeoutMs = 30_000) {
  const folder = await writeTree({ 'package.json': { dependencies: { convex: '*' } }, ...files });
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(path('../../../node_modules/convex'), join(folder, 'node_modules/convex'), 'junction');
  const steps: Step[] = [];
  const variables = await askConvexEnv(folder, {
    processEnv: { PATH: process.env.PATH, HOME: folder, ...env },
    convexTimeoutMs,
    onStep: (step) => steps.push(step),
  });
  return { variables, detail: steps.at(-1)?.detail };
}

const adminKey = ['self-hosted', '0123456789abcdef'.repeat(2)].join('|');
const selfHosted = (url: string): Env => ({ CONVEX_SELF_HOSTED_URL: url, CONVEX_SELF_HOSTED_ADMIN_KEY: adminKey });

/** Convex's own servers, which say where the deployment of a deploy key is; or answer with that status and error. */
const cloud = async (url: string, status = 200, error: object = {}): Promise<Env> => ({
  CONVEX_DEPLOY_KEY: instance.deployKey,
  CONVEX_PROVISION_HOST: await serve({
    http: (request, response) => {
      const answer = request.url?.endsWith('url_for_key') ? url : { team: 'a', project: 'b', teamId: 1, projectId: 2 };
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(status === 200 ? answer : error));
    },
  }),
});

const variables = {
  CLERK_JWT_ISSUER_DOMAIN: 'https://happy-hippo-1.clerk.accounts.dev',
  LINES: 'one\ntwo "three"',
  QUOTED: "it's #1",
  EMPTY: '',
};

// Each start of it takes a second.
describe.concurrent("Convex's own command line", () => {
  it("reads the variables of a deployment in Convex's cloud", async () => {
    expect(await ask(await cloud(await serve({ variables })))).toEqual({ variables, detail: '4 variables' });
  });

  it('reads those of a deployment of this machine that runs', async () => {
    const name = 'anonymous-app';
    const url = await serve({
      variables,
      http: (request, response) => response.writeHead(request.url === '/instance_name' ? 200 : 404).end(name),
    });
    const ports = { cloud: Number(new URL(url).port), site: 1 };
    const files = {
      '.env.local': `CONVEX_DEPLOYMENT=anonymous:${name}\n`,
      '.convex/local/default/config.json': { ports, adminKey, deploymentName: name, backendVersion: 'precompiled' },
    };
    expect(await ask({}, files)).toEqual({ variables, detail: '4 variables' });
  });

  const refusal = {
    type: 'AuthError',
    error: 'InvalidAdminKey: no',
    baseVersion: 0,
    authUpdateAttempted: true,
  } as const;
  it.each<[string, Deployment, string]>([
    ['refuses the key', { refusal }, 'Failed to authenticate: "InvalidAdminKey: no", check your server auth config'],
    ['answers 500', { upgrade: 500 }, 'Unexpected server response: 500'],
  ])('is not waited for where the deployment %s, and its word is told', async (_, deployment, detail) => {
    expect(await ask(selfHosted(await serve(deployment)))).toEqual({ variables: undefined, detail });
  });

  it('ends where the deployment does not answer', async () => {
    const told = await ask(selfHosted(await serve({ upgrade: 'hang' })), {}, 3_000);
    expect(told).toEqual({ variables: undefined, detail: 'No answer within 3 s.' });
  });

  it.each([
    ['the deploy key', 401, { code: 'BadDeployKey', message: 'The provided deploy key was invalid' }],
    ['a deployment that is not there', 404, { code: 'DeploymentNotFound', message: 'Deployment not found' }],
  ])('tells that Convex refuses %s', async (_, status, error) => {
    const told = await ask(await cloud('', status, error));
    expect(told).toEqual({
      variables: undefined,
      detail: expect.stringMatching(new RegExp(` ${status} .*${error.code}: ${error.message}`)),
    });
  });
});
