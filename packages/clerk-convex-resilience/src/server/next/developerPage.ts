import { redactText } from '../../diagnosis/redact.ts';
import { chooseLanguage } from './chooseLanguage.ts';
import { escapeHtml } from './escapeHtml.ts';
import type { GuardFault } from './faults.ts';
import { htmlPage } from './htmlPage.ts';

/** What stands around the findings, which are written in these languages. */
const words = {
  en: {
    seen: 'Seen',
    expected: 'Expected',
    more: 'More about',
    note: 'This page is shown in development only: in production it says nothing of the cause.',
    unconfigured: 'Clerk’s middleware cannot run',
    unreachable: 'Clerk does not answer',
    redirect_loop: 'Clerk and this server send the browser to and fro',
    handler_failed: 'The handler of the middleware has thrown',
  },
  ru: {
    seen: 'Сейчас',
    expected: 'Нужно',
    more: 'Подробнее',
    note: 'Эта страница видна только при разработке: в продакшене на ней не сказано, в чём дело.',
    unconfigured: 'Middleware от Clerk не может работать',
    unreachable: 'Clerk не отвечает',
    redirect_loop: 'Clerk и этот сервер перенаправляют браузер по кругу',
    handler_failed: 'Обработчик middleware завершился ошибкой',
  },
  bn: {
    seen: 'এখন আছে',
    expected: 'থাকা দরকার',
    more: 'বিস্তারিত',
    note: 'এই পেজ শুধু ডেভেলপমেন্টে দেখা যায়: প্রোডাকশনে কারণ বলা হয় না।',
    unconfigured: 'Clerk-এর middleware চলতে পারছে না',
    unreachable: 'Clerk সাড়া দিচ্ছে না',
    redirect_loop: 'Clerk ও এই সার্ভার ব্রাউজারকে বারবার একে অন্যের কাছে পাঠাচ্ছে',
    handler_failed: 'middleware-এর হ্যান্ডলারে error হয়েছে',
  },
} as const;

/** What a developer gets: each finding with what was seen, what was expected and what to do. Loads the prose. */
export async function developerPage(
  fault: GuardFault,
  acceptLanguage: string | null,
  reference: string,
): Promise<string> {
  const language = chooseLanguage(acceptLanguage, ['en', 'ru', 'bn']);
  const text = words[language];
  const [{ describeWith }, { finding }, prose] = await Promise.all([
    import('../../diagnosis/describeFinding.ts'),
    import('../../diagnosis/findings.ts'),
    loadProse(language),
  ]);
  const articles = fault.problems.map(({ code, args }) => {
    const found = finding(code, args as never);
    const { title, seen, expected, fix } = describeWith(prose, found);
    return [
      `<article><h2>${withCode(title)}</h2>`,
      seen === undefined ? '' : `<p>${text.seen}: ${withCode(seen)}</p>`,
      expected === undefined ? '' : `<p>${text.expected}: ${withCode(expected)}</p>`,
      `<ol>${fix.map((step) => `<li>${withCode(step)}</li>`).join('')}</ol>`,
      `<p>${text.more} <a href="${escapeHtml(found.docsUrl)}"><code dir="ltr">${code}</code></a></p></article>`,
    ].join('');
  });
  const told = fault.problems.length > 0 ? '' : `<pre dir="ltr"><code>${escapeHtml(toldBy(fault))}</code></pre>`;
  return htmlPage({
    lang: language,
    dir: 'ltr',
    title: text[fault.reason],
    body: `<h1>${text[fault.reason]}</h1>${articles.join('')}${told}<p><small>${text.note} <code>${escapeHtml(reference)}</code></small></p>`,
  });
}

async function loadProse(language: keyof typeof words) {
  if (language === 'ru') return (await import('../../diagnosis/prose/ru.ts')).ru;
  if (language === 'bn') return (await import('../../diagnosis/prose/bn.ts')).bn;
  return (await import('../../diagnosis/prose/en.ts')).en;
}

/** What is known where there is no finding: the error's own words, or Clerk's reason. */
function toldBy({ failure: { cause, kind, code } }: GuardFault): string {
  const { name, message } = (cause ?? {}) as { readonly name?: unknown; readonly message?: unknown };
  const words = message === undefined ? [kind, code] : [name, message];
  return redactText(words.filter(Boolean).join(': ').slice(0, 1000));
}

/** What is between backticks, as code. */
const withCode = (text: string): string =>
  text
    .split('`')
    .map((part, at) => (at % 2 === 1 ? `<code dir="ltr">${escapeHtml(part)}</code>` : escapeHtml(part)))
    .join('');
