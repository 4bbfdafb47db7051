import type { NetworkEvidence, TemplateEvidence } from 'clerk-convex-resilience/diagnosis';
import { type Mutation, takenAt } from '../Draft.ts';
import * as instance from '../projects/instance.ts';

/** What Clerk's Backend API tells of the templates; it is asked where there is a secret key. */
const backendApi = (
  templates: readonly TemplateEvidence[],
  more: NetworkEvidence['backendApi'] = {},
): Mutation['make'] => {
  return (draft) => {
    draft.network = { ...draft.network, backendApi: { status: 200, sameInstance: true, templates, ...more } };
  };
};

const now = Math.floor(takenAt / 1000);
const claims = {
  iss: instance.issuer,
  aud: 'convex',
  sub: 'user_2abc',
  sid: 'sess_2abc',
  iat: now - 5,
  exp: now + 55,
};
const header = { alg: 'RS256', typ: 'JWT', kid: 'ins_2abc' };
const publishedKids = ['ins_2abc'];

/** The token that Clerk makes: its template, and a token that was given to the doctor. */
export const tokenMutations: readonly Mutation[] = [
  {
    name: 'no template is called convex, and the integration is off',
    codes: ['JWT_TEMPLATE_MISSING'],
    parts: ['template', 'backend api'],
    make: backendApi([], { integration: false }),
  },
  {
    name: 'there are templates, of other services',
    codes: ['JWT_TEMPLATE_MISSING'],
    parts: ['template', 'backend api'],
    make: backendApi([{ name: 'supabase', lifetime: 60, aud: 'authenticated' }], { integration: false }),
  },
  {
    name: 'the template is called Convex',
    codes: ['JWT_TEMPLATE_MISNAMED'],
    parts: ['template', 'backend api'],
    make: backendApi([{ name: 'Convex', lifetime: 60, aud: 'convex' }], { integration: false }),
  },
  {
    name: 'the name of the template ends in a space',
    codes: ['JWT_TEMPLATE_MISNAMED'],
    parts: ['template', 'backend api'],
    make: backendApi([{ name: 'convex ', lifetime: 60, aud: 'convex' }], { integration: false }),
  },
  {
    name: 'the template writes another aud',
    codes: ['TOKEN_AUDIENCE_WRONG'],
    parts: ['template', 'backend api', 'auth config'],
    make: backendApi([{ name: 'convex', lifetime: 60, aud: 'my-app' }], { integration: false }),
  },
  {
    name: 'the template makes tokens that live too short',
    codes: ['TOKEN_LIFETIME_TOO_SHORT'],
    parts: ['template', 'backend api'],
    make: backendApi([{ name: 'convex', lifetime: 5, aud: 'convex' }], { integration: false }),
  },
  {
    name: 'a token that is right',
    codes: [],
    parts: ['token', 'auth config', 'publishable key', 'issuer'],
    make: (draft) => {
      draft.token = { claims, header, publishedKids };
    },
  },
  {
    name: 'a token for somebody else',
    codes: ['TOKEN_AUDIENCE_WRONG'],
    parts: ['token', 'auth config', 'publishable key', 'issuer', 'template'],
    make: (draft) => {
      draft.token = { claims: { ...claims, aud: 'my-app' }, header, publishedKids };
    },
  },
  {
    name: 'a token of another instance',
    codes: ['TOKEN_ISSUER_WRONG'],
    parts: ['token', 'auth config', 'publishable key', 'issuer'],
    make: (draft) => {
      draft.token = { claims: { ...claims, iss: instance.otherIssuer }, header, publishedKids };
    },
  },
  {
    name: 'a token that no published key has signed',
    codes: ['TOKEN_SIGNATURE_MISMATCH'],
    parts: ['token', 'auth config', 'publishable key', 'issuer'],
    make: (draft) => {
      draft.token = { claims, header: { ...header, kid: 'ins_2xyz' }, publishedKids };
    },
  },
  {
    name: 'a token that lives too short',
    codes: ['TOKEN_LIFETIME_TOO_SHORT'],
    parts: ['token', 'auth config', 'publishable key', 'issuer', 'template'],
    make: (draft) => {
      draft.token = { claims: { ...claims, iat: now - 1, exp: now + 4 }, header, publishedKids };
    },
  },
  {
    name: 'a token of yesterday',
    codes: ['TOKEN_EXPIRED'],
    parts: ['token', 'auth config', 'publishable key', 'issuer', 'clock'],
    make: (draft) => {
      draft.token = { claims: { ...claims, iat: now - 86_400, exp: now - 86_340 }, header, publishedKids };
    },
  },
  {
    name: 'what is no token',
    codes: ['TOKEN_MALFORMED'],
    parts: ['token'],
    make: (draft) => {
      draft.token = { claims: null, header: null };
    },
  },
  {
    name: 'a clock that is ten minutes ahead',
    codes: ['CLOCK_SKEW'],
    parts: ['clock', 'token'],
    make: (draft) => {
      draft.network = { ...draft.network, clockAheadMs: 600_000 };
    },
  },
  {
    name: 'a clock that is an hour behind',
    codes: ['CLOCK_SKEW'],
    parts: ['clock', 'token'],
    make: (draft) => {
      draft.network = { ...draft.network, clockAheadMs: -3_600_000 };
    },
  },
];
