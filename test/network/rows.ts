import type { Verdict } from '../support/page/outcomeOf.ts';
import type { Lab } from './lab/openLab.ts';

/** One way in which a network is really broken. */
export interface NetworkRow {
  /** Stable: docs/network.md names it. */
  readonly id: string;
  /** What happens, in one sentence. */
  readonly says: string;
  /** What DevTools says of the requests to Clerk that it hits; absent: they are late, and none has to fail. */
  readonly code?: string;
  /** Before a refresh falls due, or before the page is loaded. */
  readonly when: 'refresh' | 'load';
  /** Whether Clerk speaks HTTP/2. @defaultValue true */
  readonly http2?: boolean;
  /** @defaultValue 8_000 */
  readonly lastsMs?: number;
  /** What plain comes to, by clerk-js major; absent: not always to the same. */
  readonly plain?: Readonly<Partial<Record<5 | 6, Verdict['outcome']>>>;
  begin(lab: Lab): Promise<void>;
  /** Happens again and again while it lasts. */
  again?(lab: Lab): Promise<void>;
  end(lab: Lab): Promise<void>;
  /** What follows, when what came of it is known, for the user with this library and clerk-js 6: one after the other. */
  readonly afterwards?: readonly Ending[];
  /** How often it hit something, as far as it can count; a row that hit nothing fails. */
  hits?(lab: Lab): Promise<number>;
}

/** One way in which requests for a token end. `code`: as the browser's console says it. */
export interface Ending extends Pick<NetworkRow, 'begin' | 'again' | 'end'> {
  readonly code: string;
}

/** What Clerk's front does with requests; connections that are open would not notice a fault of new ones. */
const atFront = (fault: 'reset' | 'close' | 'goaway' | 'rst_stream') => ({
  async begin({ clerkFront }: Lab) {
    clerkFront.set(fault);
    if (fault === 'reset') clerkFront.sever();
  },
  end: async ({ clerkFront }: Lab) => clerkFront.set('none'),
  hits: async ({ clerkFront }: Lab) => clerkFront.hit,
});

const changing = {
  begin: async ({ clerkFront }: Lab) => clerkFront.set('hold'),
  async again({ client, clerkFront }: Lab) {
    if (clerkFront.held > 0) await client.changeAddress();
  },
  end: async ({ clerkFront }: Lab) => clerkFront.set('none'),
  hits: async ({ clerkFront }: Lab) => clerkFront.hit,
};

const unnamed = {
  async begin({ client, dns, clerkFront }: Lab) {
    dns.answer('nxdomain');
    await client.changeAddress(); // Chromium drops the names that it knows
    clerkFront.sever(); // an open connection needs no name
  },
  end: async ({ dns }: Lab) => dns.answer('address'),
  hits: async ({ dns }: Lab) => dns.denied.length,
};

const silentToNew = {
  async begin({ firewall, clerkAddress, clerkFront }: Lab) {
    clerkFront.sever();
    await firewall.drop(clerkAddress);
  },
  end: ({ firewall }: Lab) => firewall.open(),
  hits: ({ firewall }: Lab) => firewall.hits(),
};

export const rows: readonly NetworkRow[] = [
  {
    id: 'network_changed',
    says: 'The network changes again and again while requests are under way over HTTP/2',
    code: 'net::ERR_NETWORK_CHANGED',
    when: 'refresh',
    plain: { 5: 'recovers', 6: 'recovers' },
    ...changing,
    // The evening that docs/findings/TOKEN_REQUESTS_FAILED.md begins with; Clerk's own 500 is the last.
    afterwards: [
      { code: 'net::ERR_CONNECTION_CLOSED', ...atFront('goaway') },
      // `ERR_CONNECTION_TIMED_OUT` where no connection is left, as after `sever`.
      { code: 'TIMED_OUT', ...silentToNew },
      { code: 'net::ERR_NAME_NOT_RESOLVED', ...unnamed },
    ],
  },
  {
    id: 'network_changed_at_load',
    says: 'The network changes again and again while the page loads',
    code: 'net::ERR_NETWORK_CHANGED',
    when: 'load',
    plain: { 5: 'anonymous_runs', 6: 'anonymous_runs' },
    ...changing,
  },
  {
    id: 'internet_disconnected',
    says: "The computer's only link is down",
    code: 'net::ERR_INTERNET_DISCONNECTED',
    when: 'refresh',
    plain: { 5: 'signed_out', 6: 'recovers' },
    begin: ({ client }) => client.linkDown(),
    end: ({ client }) => client.linkUp(),
  },
  {
    id: 'name_not_resolved',
    says: "Clerk's name is not known to the DNS server",
    code: 'net::ERR_NAME_NOT_RESOLVED',
    when: 'refresh',
    plain: { 5: 'recovers', 6: 'recovers' },
    ...unnamed,
  },
  {
    id: 'name_not_resolved_at_load',
    says: "Clerk's name is not known while the page loads",
    code: 'net::ERR_NAME_NOT_RESOLVED',
    when: 'load',
    plain: { 5: 'anonymous_runs', 6: 'anonymous_runs' },
    ...unnamed,
  },
  {
    id: 'connection_timed_out',
    says: 'Packets that open a connection to Clerk are lost',
    code: 'net::ERR_CONNECTION_TIMED_OUT',
    when: 'load',
    plain: { 5: 'anonymous_runs', 6: 'anonymous_runs' },
    ...silentToNew,
  },
  {
    id: 'timed_out',
    says: 'Packets to Clerk are lost on a connection that is open',
    code: 'net::ERR_TIMED_OUT',
    when: 'refresh',
    plain: { 5: 'recovers', 6: 'recovers' },
    http2: false,
    begin: ({ firewall, clerkAddress }) => firewall.drop(clerkAddress),
    end: ({ firewall }) => firewall.open(),
    hits: ({ firewall }) => firewall.hits(),
  },
  {
    id: 'address_unreachable',
    says: "A router says that Clerk's host cannot be reached",
    code: 'net::ERR_ADDRESS_UNREACHABLE',
    when: 'load',
    plain: { 5: 'anonymous_runs', 6: 'anonymous_runs' },
    async begin({ firewall, clerkAddress, clerkFront }) {
      clerkFront.sever();
      await firewall.reject(clerkAddress);
    },
    end: ({ firewall }) => firewall.open(),
    hits: ({ firewall }) => firewall.hits(),
  },
  {
    id: 'connection_reset',
    says: "Clerk's edge resets each connection",
    code: 'net::ERR_CONNECTION_RESET',
    when: 'load',
    plain: { 5: 'anonymous_runs', 6: 'anonymous_runs' },
    ...atFront('reset'),
  },
  {
    id: 'empty_response',
    says: "Clerk's edge closes each connection in the place of an answer",
    code: 'net::ERR_EMPTY_RESPONSE',
    when: 'load',
    plain: { 5: 'anonymous_runs', 6: 'anonymous_runs' },
    http2: false,
    ...atFront('close'),
  },
  {
    id: 'http2_goaway',
    says: "Clerk's edge says GOAWAY to each request and ends the connection",
    code: 'net::ERR_CONNECTION_CLOSED',
    when: 'refresh',
    plain: { 5: 'recovers', 6: 'recovers' },
    ...atFront('goaway'),
  },
  {
    id: 'http2_rst_stream',
    says: "Clerk's edge resets each HTTP/2 stream",
    code: 'net::ERR_HTTP2_PROTOCOL_ERROR',
    when: 'load',
    plain: { 5: 'anonymous_runs', 6: 'anonymous_runs' },
    ...atFront('rst_stream'),
  },
  {
    id: 'loss_30_percent',
    says: 'Three of ten packets are lost, to whomever they go',
    when: 'load',
    lastsMs: 20_000,
    begin: ({ firewall }) => firewall.lose(30),
    end: ({ firewall }) => firewall.open(),
    hits: ({ firewall }) => firewall.hits(),
  },
];
