import type { HostAnswer } from 'clerk-convex-resilience/diagnosis';
import type { Mutation } from '../Draft.ts';
import { host } from '../projects/instance.ts';

const frontendApi = (answer: Partial<HostAnswer>): Mutation['make'] => {
  return (draft) => {
    draft.network = { ...draft.network, frontendApi: { host, ...answer } };
  };
};
// The Frontend API is the identity provider, and has the script: of one host, one finding.
const parts = ['frontend api', 'publishable key', 'identity provider', 'page'] as const;
// Whoever answers in Clerk's place answers in everybody's.
const everybodys = [...parts, 'convex answer', 'backend api'] as const;
const hides: Mutation['hides'] = () => ['WEBHOOK_ENDPOINT_FAILING'];

/** The way to Clerk. */
export const networkMutations: readonly Mutation[] = [
  {
    name: 'no such host',
    codes: ['FRONTEND_API_NOT_RESOLVED'],
    parts,
    make: frontendApi({ fault: 'dns', reason: 'ENOTFOUND' }),
  },
  {
    name: 'connection refused',
    codes: ['FRONTEND_API_UNREACHABLE'],
    parts,
    make: frontendApi({ fault: 'refused', reason: 'ECONNREFUSED' }),
  },
  {
    name: 'no answer in time',
    codes: ['FRONTEND_API_UNREACHABLE'],
    parts,
    make: frontendApi({ fault: 'timeout', reason: 'ETIMEDOUT' }),
  },
  {
    name: 'connection reset',
    codes: ['FRONTEND_API_UNREACHABLE'],
    parts,
    make: frontendApi({ fault: 'reset', reason: 'ECONNRESET' }),
  },
  {
    name: 'a certificate that has expired',
    codes: ['FRONTEND_API_TLS_FAULT'],
    parts,
    make: frontendApi({ fault: 'tls', reason: 'CERT_HAS_EXPIRED' }),
  },
  {
    name: 'a page of the hotel in place of Clerk',
    codes: ['CAPTIVE_PORTAL'],
    parts: everybodys,
    hides,
    make: frontendApi({ status: 200, contentType: 'text/html', isGenuine: false }),
  },
  {
    name: 'a redirect to the sign-in page of the network',
    codes: ['CAPTIVE_PORTAL'],
    parts: everybodys,
    hides,
    make: frontendApi({ status: 302, location: 'http://login.hotel.example/', isGenuine: false }),
  },
  {
    name: 'the Frontend API answers 500',
    codes: ['FRONTEND_API_FAILING'],
    parts,
    make: frontendApi({ status: 500, contentType: 'application/json', isGenuine: true }),
  },
  {
    name: 'a publishable key of an application that was deleted',
    codes: ['FRONTEND_API_FAILING'],
    parts,
    make: frontendApi({ status: 400, contentType: 'application/json', isGenuine: true, code: 'host_invalid' }),
  },
  {
    name: 'a firewall that asks the Frontend API’s guests whether they are human',
    codes: ['FRONTEND_API_FAILING'],
    parts,
    make: frontendApi({ status: 403, contentType: 'text/html', isFirewall: true }),
  },
  {
    name: 'an incident at Clerk',
    codes: ['CLERK_INCIDENT'],
    parts: ['incidents'],
    make: (draft) => {
      draft.network = { ...draft.network, incidents: ['Elevated error rates in session token creation'] };
    },
  },
];
