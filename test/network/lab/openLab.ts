import type { Browser } from 'playwright-core';
import { launchChromium } from '../../support/chromium.ts';
import type { Certificate } from '../../support/createCertificate.ts';
import { type ClientSide, openClientSide } from './openClientSide.ts';
import { type Dns, openDns } from './openDns.ts';
import { type Firewall, openFirewall } from './openFirewall.ts';
import { type Front, openFront } from './openFront.ts';

/**
 * A Chromium in a network of its own, and on the other end of its cable an app, Clerk and Convex: each an address and a
 * TLS front of its own, so that a fault can hit one of them. `app.lab.test`, and `clerk-x.lab.test` and
 * `convex-x.lab.test` for whatever servers are put behind them.
 */
export interface Lab {
  readonly browser: Browser;
  readonly client: ClientSide;
  readonly dns: Dns;
  readonly firewall: Firewall;
  readonly clerkAddress: string;
  readonly clerkFront: Front;
  /** Puts a server on the loopback interface behind a name. */
  serve(host: string, target: string): void;
  close(): Promise<void>;
}

const addresses = { app: '1', clerk: '10', convex: '11' } as const;
const roleOf = (host: string) => (Object.keys(addresses) as (keyof typeof addresses)[]).find((r) => host.startsWith(r));

/** `index`: a number that no other lab has. `http2`: whether Clerk speaks it. */
export async function openLab({
  index,
  folder,
  certificate,
  http2 = true,
}: {
  index: number;
  folder: string;
  certificate: Certificate;
  http2?: boolean;
}): Promise<Lab> {
  const chromium = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
  const net = `10.77.${index}`;
  const undo: Array<() => unknown> = [];
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const targets = new Map<string, string>();
    const client = await openClientSide({
      net,
      serverAddresses: [addresses.clerk, addresses.convex],
      device: `lab${index}`,
      folder,
      chromium,
    });
    undo.push(() => client.close());
    const firewall = await openFirewall(client.device);
    const dns = await openDns({
      address: `${net}.1`,
      addressOf(name) {
        const role = name.endsWith('.lab.test') ? roleOf(name) : undefined;
        return role && `${net}.${addresses[role]}`;
      },
      deniable: (name) => name.startsWith('clerk'),
    });
    undo.push(() => dns.close());
    const front = async (role: keyof typeof addresses, offer = true): Promise<Front> => {
      const open = await openFront({
        address: `${net}.${addresses[role]}`,
        certificate,
        targetOf: (host) => targets.get(host),
        http2: offer,
      });
      undo.push(() => open.close());
      return open;
    };
    const [clerkFront] = await Promise.all([front('clerk', http2), front('app'), front('convex')]);
    const browser = await launchChromium(client.launcher, { args: ['--ignore-certificate-errors'] });
    undo.push(() => browser.close());
    return {
      browser,
      client,
      dns,
      firewall,
      clerkAddress: `${net}.${addresses.clerk}`,
      clerkFront,
      serve: (host, target) => targets.set(host, target),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
