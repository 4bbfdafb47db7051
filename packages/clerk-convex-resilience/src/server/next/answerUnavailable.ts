import type { NextRequest } from 'next/server';
import type { AuthMessages } from '../../locales/messages.ts';
import { isClerkParam, withoutClerkParams } from './clerkNames.ts';
import type { GuardFault } from './faults.ts';
import { isDevelopment } from './isDevelopment.ts';
import { isRead } from './isRead.ts';
import { loadMessages } from './loadMessages.ts';
import { readerPage } from './readerPage.ts';
import { readWeights } from './readWeights.ts';

export interface AnswerSettings {
  readonly locale: AuthMessages | undefined;
  readonly messages: Partial<AuthMessages> | undefined;
  /** Finds the line of the log. */
  readonly reference: string;
  readonly retryAfterSeconds: number;
}

/**
 * The answer in place of a route: a page for who reads, JSON for a program, and a word for the router of Next.js. Says
 * nothing of what is wrong, but in development. Never kept by a cache.
 */
export async function answerUnavailable(
  fault: GuardFault,
  request: NextRequest,
  settings: AnswerSettings,
): Promise<Response> {
  const { type, body, lang } = await contentFor(fault, request, settings);
  return new Response(request.method === 'HEAD' ? null : body, {
    status: isOfApp(fault) ? 500 : 503,
    headers: {
      // Next.js shows the text to who called a server action only where the type is just that (server-action-reducer.js, 15.5 and 16.4).
      'content-type': type === 'text/plain' ? type : `${type}; charset=utf-8`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      vary: 'accept, accept-language, rsc, next-action, next-url',
      ...(!isOfApp(fault) && { 'retry-after': `${settings.retryAfterSeconds}` }),
      ...(lang !== undefined && { 'content-language': lang }),
      ...(type === 'text/html' && {
        'content-security-policy':
          "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        'referrer-policy': 'no-referrer',
      }),
    },
  });
}

/** What a handler would have decided is not known: that is an error of the app, no outage, and nothing of who is signed in. */
const isOfApp = ({ reason }: GuardFault): boolean => reason === 'handler_failed';

async function contentFor(
  fault: GuardFault,
  request: NextRequest,
  settings: AnswerSettings,
): Promise<{ readonly type: string; readonly body: string; readonly lang?: string }> {
  const { reference } = settings;
  const kind = kindOfAnswer(request);
  const said = isOfApp(fault) ? 'Internal server error' : 'Service unavailable';
  const plain = { type: 'text/plain', body: `${said}. Reference: ${reference}\n` };
  if (kind === 'text') return plain;
  if (kind === 'json') {
    const { retryable } = fault.failure;
    const code = isOfApp(fault) ? 'server_error' : 'auth_unavailable';
    return { type: 'application/json', body: JSON.stringify({ code, retryable, reference }) };
  }
  try {
    return await pageFor(fault, request, settings);
  } catch {
    // A language's file that a deployment has just taken away, or a text of the app's that is none.
    return plain;
  }
}

async function pageFor(
  fault: GuardFault,
  request: NextRequest,
  settings: AnswerSettings,
): Promise<{ readonly type: string; readonly body: string; readonly lang?: string }> {
  const accepted = request.headers.get('accept-language');
  if (isDevelopment()) {
    const { developerPage } = await import('./developerPage.ts');
    return { type: 'text/html', body: await developerPage(fault, accepted, settings.reference) };
  }
  const messages = { ...(settings.locale ?? (await loadMessages(accepted))), ...settings.messages };
  return {
    type: 'text/html',
    body: readerPage(fault, messages, { ...settings, retryAt: retryAddress(request), isRead: isRead(request) }),
    lang: messages.lang.split('-u-')[0] ?? 'en',
  };
}

/** This page's own address, but for what a handshake has brought: it is good for one minute, and then for nothing. */
function retryAddress({ nextUrl }: NextRequest): string {
  const names = [...nextUrl.searchParams.keys()];
  return names.some(isClerkParam) ? `?${withoutClerkParams(nextUrl)}` : '';
}

/**
 * What the request can make use of. The router of Next.js (16.4) loads the page anew, as a document, when it gets what is no
 * RSC payload: so a client-side navigation ends at the page that explains. A middleware sees it by `next-url`: Next.js takes
 * `rsc` and `next-router-*` out before (FLIGHT_HEADERS).
 */
function kindOfAnswer(request: NextRequest): 'html' | 'json' | 'text' {
  const { headers } = request;
  if (['rsc', 'next-action', 'next-router-prefetch', 'next-url'].some((name) => headers.has(name))) return 'text';
  const isData = headers.has('x-nextjs-data');
  const goesTo = headers.get('sec-fetch-dest');
  // A form too, which is posted, and may be one of an action before the page's script has come.
  if (goesTo === 'document' && !isData) return 'html';
  const accept = headers.get('accept') ?? '';
  const weightOf = (type: RegExp) => readWeights(accept).find(({ name }) => type.test(name))?.weight ?? 0;
  const [html, json] = [weightOf(/^text\/html$/), weightOf(/[/+]json$/)];
  if (isRead(request) && html > 0 && html >= json && !isData) return 'html';
  return goesTo === 'empty' || isData || json > 0 || accept === '' || accept === '*/*' ? 'json' : 'text';
}
