import { setTimeout as sleep } from 'node:timers/promises';
import { createHarvest, type Places } from './createHarvest.ts';
import { tokenLifeSeconds } from './observe.ts';
import { Rig, type RigOptions } from './Rig.ts';

export const emailAddress = 'ada@example.com'; // of the emulator's first user

/**
 * A session in which everything goes wrong that can, with servers that are careless enough to repeat the user's address
 * and token in their errors; then a sign-out in an outage, and a reload. Returns all that the page said meanwhile.
 */
export async function playFaultySession(options: RigOptions, minted: readonly string[]): Promise<Places> {
  const rig = await Rig.open({ ...options, tokenLifeSeconds });
  const { clerk, convex } = rig;
  try {
    const page = await rig.openTab();
    const harvest = createHarvest(rig, page);
    const healthy = () => page.locator('.health', { hasText: '"healthy"' }).waitFor({ timeout: 40_000 });
    const post = async () => harvest.add('results of calls', await page.evaluate(() => window.healthyPage.post()));
    const has = (type: string) =>
      page.evaluate((word) => window.healthyPage.events.some((event) => event.includes(word)), `"${type}"`);
    const careless = (text: string) => `${text} (${emailAddress}, ${minted.at(-1)})`;
    await rig.signedIn(page);
    await sleep(1_500);

    // Clerk is down across a refresh, which comes every ten seconds.
    const message = careless('Something went wrong');
    const json = { errors: [{ code: 'internal_clerk_error', message, long_message: message, meta: { message } }] };
    const down = clerk.faults.add({ match: '/v1/', action: { type: 'status', status: 500, json } });
    await rig.until('a request to fail with 500', () => down.fired > 1);
    await sleep(1_500);
    down.remove();
    await healthy();

    // A request that will not do, and a page of a firewall.
    const code = 'form_param_value_invalid';
    const refusal = { errors: [{ code, message, long_message: message }] };
    const invalid = clerk.faults.add({
      match: '/tokens/convex',
      action: { type: 'status', status: 422, json: refusal },
    });
    // What clerk-js asks for by itself may be answered so, too, and fails nobody's token.
    const isFailed = async () => invalid.fired > 0 && (await has('token_failed'));
    await rig.until('a token to fail', isFailed, 60_000);
    invalid.remove();
    const firewall = clerk.faults.add({
      match: '/tokens/convex',
      times: 2,
      action: { type: 'status', status: 403, html: `<p>${message}</p>` },
    });
    await rig.until('the firewall to answer', () => firewall.fired > 0, 60_000);
    await sleep(1_000);
    firewall.remove();
    await healthy();

    // Convex forgets who the user is and refuses the next token, over the socket and over HTTP.
    convex.faults.add({
      match: 'MESSAGE Authenticate',
      times: 1,
      action: { type: 'reject_authenticate', message: careless('Could not verify') },
    });
    convex.faults.add({
      match: '/api/query',
      times: 1,
      action: {
        type: 'status',
        status: 401,
        json: { code: 'InvalidAuthHeader', message: careless('Could not parse') },
      },
    });
    // Convex's client does not look at an AuthError while a token of its own is on its way: then once more.
    for (let times = 0; times < 3 && !(await has('token_refused')); times++) {
      convex.faults.add({ action: { type: 'auth_error', message: careless('Convex token identity expired') } });
      await sleep(3_000);
    }
    await healthy();
    await post();

    await rig.context.setOffline(true);
    convex.faults.add({ action: 'drop_sockets' });
    await sleep(4_000);
    await rig.context.setOffline(false);
    await healthy();
    await post();

    // A sign-out while Clerk cannot be reached, and a reload in that.
    const outage = clerk.faults.add({ match: '/v1/', action: 'close' });
    harvest.add('results of calls', String(await page.evaluate(() => window.healthyPage.signOut())));
    await harvest.gather();
    await page.reload();
    await sleep(2_000);
    await harvest.gather();
    outage.remove();
    await rig.until('the session to be ended', () => !clerk.isSessionActive(rig.user.sessionId));
    await sleep(1_000);
    await harvest.gather();
    await harvest.stop();
    return harvest.places;
  } finally {
    await rig.close();
  }
}
