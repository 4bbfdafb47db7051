import {
  argument,
  code,
  discoveryUrl,
  issuerUrl,
  isVariable,
  missingIn,
  oneOr,
  publicVariable,
  setIssuerCommand,
} from './code.ts';
import { type ValueWords, writeProse } from './writeProse.ts';

const restart = 'ডেভ সার্ভার রিস্টার্ট করুন, অথবা আবার বিল্ড ও ডিপ্লয় করুন: মানটি বিল্ডের সময়ই পড়া হয়।';
const push = 'পরিবর্তন পাঠাতে `npx convex dev` চালান; প্রোডাকশনের জন্য `npx convex deploy`।';
const copyKey = 'Clerk ড্যাশবোর্ড → Configure → API keys থেকে কী-টি কপি করুন।';
const restartServer = 'সার্ভার রিস্টার্ট করুন।';
const restartDev = 'ডেভ সার্ভার রিস্টার্ট করুন।';
const testEvent =
  'ডিপ্লয় করে Clerk ড্যাশবোর্ড → Configure → Webhooks → আপনার এন্ডপয়েন্টের Testing ট্যাব থেকে একটি টেস্ট ইভেন্ট পাঠান।';
const openDiscovery = (domain: string | undefined): string => `${discoveryUrl(domain)} খুলে দেখুন: উত্তরে JSON আসার কথা।`;
const onHost = 'অ্যাপ যেখানে বিল্ড হয় ও চলে সেই হোস্টিংয়ে এটি সেট করা থাকলে কিছু করতে হবে না: এখান থেকে শুধু এই মেশিনটিই দেখা যায়।';
const asUtf8 = (file: string | undefined): readonly string[] =>
  file === undefined ? [] : [`${code(file)} UTF-8 হিসেবে সেভ করুন: এটি এখন UTF-16, যা কোনো কিছুই পড়ে না।`];
const setWrittenIssuer = (name: string, expected: string): string =>
  `\`convex/auth.config.ts\`-এ ${code(name)} বদলে ${issuerUrl(expected)} করুন: মানটি সেখানেই সরাসরি লেখা।`;
const setIssuer = (name: string, expected: string | undefined): string =>
  (isVariable(name)
    ? ''
    : `\`convex/auth.config.ts\`-এ \`domain\` করুন ${issuerUrl(expected)}। এটি এনভায়রনমেন্ট ভেরিয়েবল থেকে এলে সেটি বদলান। `) +
  `${setIssuerCommand(name, expected)} চালান (প্রোডাকশনের জন্য \`--prod\` যোগ করুন), অথবা Convex ড্যাশবোর্ড → Settings → Environment variables-এ মানটি বসান।`;
const whereIssuer = 'Clerk ড্যাশবোর্ড → Configure → Domains-এ Frontend API URL দেখে নিন।';
const tracked = {
  secret_key: {
    name: 'সিক্রেট কী',
    rotate: 'Clerk ড্যাশবোর্ড → Configure → API keys-এ নতুন সিক্রেট কী বানিয়ে পুরোনোটি মুছে ফেলুন।',
  },
  webhook_secret: {
    name: 'ওয়েবহুক সাইনিং সিক্রেট',
    rotate: 'Clerk ড্যাশবোর্ড → Configure → Webhooks → আপনার এন্ডপয়েন্টে সাইনিং সিক্রেট বদলান।',
  },
  deploy_key: {
    name: 'Convex deploy key',
    rotate: 'Convex ড্যাশবোর্ড → Settings-এ (প্রোডাকশন ও প্রিভিউর কী Project Settings-এ) deploy key মুছে নতুন একটি তৈরি করুন।',
  },
} as const;

const everybody = (isEverybody: true | undefined): readonly string[] =>
  isEverybody
    ? ['যত হোস্টকে জিজ্ঞেস করা হয়েছে, কেউই উত্তর দেয়নি: আগে এই মেশিনের নেটওয়ার্ক দেখুন, অথবা doctor `--offline` দিয়ে চালান।']
    : [];

const values: ValueWords = {
  characters: (count) => `${count}টি অক্ষর`,
  seconds: 'সে.',
  none: 'নেই',
  noJwt: 'JWT নয়',
  missing: (what) => `${what.replace(' or ', ' বা ')} নেই`,
  tooEarly: (what) => `${what}-এর সময় এখনো আসেনি`,
};

/** Bengali. */
export const bn = writeProse(
  {
    JWT_TEMPLATE_MISSING: ({ mayBeIntegration }) => ({
      title: mayBeIntegration
        ? 'Clerk-এ `convex` নামে কোনো JWT টেমপ্লেট নেই: Convex ইন্টিগ্রেশন চালু থাকলেই কেবল এটি ঠিক'
        : 'Clerk-এ `convex` নামে কোনো JWT টেমপ্লেট নেই, আর Convex ইন্টিগ্রেশনও বন্ধ',
      fix: [
        ...(mayBeIntegration
          ? ['ইন্টিগ্রেশন চালু কি না দেখুন: Clerk ড্যাশবোর্ড → Integrations → Convex। চালু থাকলে সব ঠিক আছে।']
          : []),
        '`https://dashboard.clerk.com/apps/setup/convex` থেকে এটি চালু করুন (Clerk ড্যাশবোর্ড → Integrations → Convex → Activate Convex integration)।',
        'অথবা Clerk ড্যাশবোর্ড → Configure → JWT templates → New template → Convex থেকে টেমপ্লেট বানান, নাম `convex`-ই রাখুন।',
        'যে ইনস্ট্যান্সের publishable key ব্যবহার করছেন, সেটিতেই করুন: ডেভেলপমেন্ট ও প্রোডাকশন দুটি আলাদা।',
      ],
    }),
    JWT_TEMPLATE_MISNAMED: ({ seen }) => ({
      title: `JWT টেমপ্লেটের নাম ${code(seen)}, কিন্তু Convex খোঁজে \`convex\``,
      fix: [
        'Clerk ড্যাশবোর্ড → Configure → JWT templates-এ টেমপ্লেটটি খুলুন।',
        'নাম বদলে `convex` করুন: ছোট হাতের অক্ষরে, কোনো স্পেস ছাড়া।',
      ],
    }),
    JWT_TEMPLATE_WRONG_IN_CODE: ({ seen, expected }) => ({
      title: `কোড ${code(seen)} নামের JWT টেমপ্লেট চায়, কিন্তু Convex-এর টেমপ্লেটের নাম ${code(expected)}`,
      fix: [
        `${code(`getToken({ template: ${expected} })`)} লিখুন: Clerk নাম হুবহু মেলায়, বড়-ছোট হাতের অক্ষর ও স্পেসসহ।`,
        'প্রজেক্টের আর কোথাও টেমপ্লেট চাওয়া হচ্ছে কি না খুঁজে দেখুন।',
      ],
    }),
    TOKEN_AUDIENCE_WRONG: ({ expected }) => ({
      title: 'টোকেনের `aud` আর `auth.config.ts`-এর `applicationID` মিলছে না',
      fix: [
        `Clerk ড্যাশবোর্ড → Configure → JWT templates-এ \`convex\` টেমপ্লেট খুলে \`aud\` ক্লেইমে ${oneOr(expected, 'convex')} বসান।`,
        'টেমপ্লেট ব্যবহার না করলে Clerk ড্যাশবোর্ড → Integrations → Convex চালু করুন: এটি সেশন টোকেনে `aud` যোগ করে।',
        'নতুন টোকেন পেতে পেজটি রিলোড করুন।',
      ],
    }),
    TOKEN_ISSUER_WRONG: ({ seen }) => ({
      title: 'টোকেনের issuer `auth.config.ts`-এ নেই',
      fix: [
        'কোনটি ঠিক তা আগে দেখুন: অ্যাপের publishable key যে Clerk ইনস্ট্যান্সের, সেটিই টোকেন তৈরি করে।',
        `অ্যাপ ঠিক থাকলে ${setIssuerCommand('CLERK_JWT_ISSUER_DOMAIN', seen)} চালান (প্রোডাকশনের জন্য \`--prod\` যোগ করুন)।`,
        'Convex ঠিক থাকলে সেই ইনস্ট্যান্সের publishable key নিন: Clerk ড্যাশবোর্ড → Configure → API keys।',
        push,
      ],
    }),
    TOKEN_LIFETIME_TOO_SHORT: ({ neededSeconds }) => ({
      title: 'Convex নবায়ন করার আগেই টোকেনের মেয়াদ শেষ হয়ে যাচ্ছে',
      fix: [
        `Clerk ড্যাশবোর্ড → Configure → JWT templates-এ \`convex\` টেমপ্লেট খুলে Token lifetime অন্তত ${code(`${Math.ceil(neededSeconds)}`)} সেকেন্ড করুন; Clerk-এর ডিফল্ট \`60\`।`,
        'অথবা `ConvexReactClient`-এর `authRefreshTokenLeewaySeconds` অপশনের মান কমান।',
      ],
    }),
    TOKEN_SIGNATURE_MISMATCH: ({ isUnsure }) => ({
      title: isUnsure
        ? 'Convex একটি টোকেন যাচাই করতে পারেনি: স্বাক্ষর, মেয়াদ বা কোনো ক্লেইম'
        : 'টোকেন যে কী দিয়ে স্বাক্ষর করা, issuer তা প্রকাশ করে না',
      fix: [
        ...(isUnsure ? ['টোকেনটিই দেখুন: `npx clerk-convex-doctor token` প্রতিটি ক্লেইম ও স্বাক্ষর যাচাই করে।'] : []),
        '`convex` টেমপ্লেটে Custom signing key বন্ধ করুন: Clerk ড্যাশবোর্ড → Configure → JWT templates। Convex শুধু issuer-এর JWKS-এর কী চেনে।',
        '`auth.config.ts`-এর issuer আর Clerk ড্যাশবোর্ড → Configure → Domains-এর Frontend API URL মিলিয়ে দেখুন।',
        'বর্তমান কী দিয়ে স্বাক্ষর করা টোকেন পেতে সাইন আউট করে আবার সাইন ইন করুন।',
      ],
    }),
    TOKEN_MALFORMED: ({ reason }) => {
      const missing = missingIn(reason);
      return missing === undefined
        ? {
            title: 'টোকেন হিসেবে যা পাঠানো হয়েছে তা JWT নয়',
            fix: [
              'Clerk-এর `getToken()` যা দেয়, ঠিক তা-ই Convex-কে দিন: ডট দিয়ে আলাদা তিনটি অংশ, সামনে `Bearer` ছাড়া।',
              '`useAuth` র‍্যাপ করলে দেখুন `getToken` টোকেনটিই ফেরত দিচ্ছে, কোনো অবজেক্ট নয়।',
            ],
          }
        : {
            title: `টোকেনে Convex-এর দরকারি একটি জিনিস নেই: ${code(missing)}`,
            fix: [
              'Clerk-এর `getToken()` যা দেয়, ঠিক তা-ই Convex-কে দিন: Clerk প্রতিটি টোকেনে এটি লেখে।',
              '`convex` টেমপ্লেটে Custom signing key বন্ধ করুন, আর Clerk-এর নিজের ক্লেইম বদলে দেয় এমন ক্লেইম সরান: Clerk ড্যাশবোর্ড → Configure → JWT templates।',
            ],
          };
    },
    TOKEN_EXPIRED: () => ({
      title: 'টোকেনের মেয়াদ শেষ',
      fix: [
        'নতুন টোকেন নিন: `await getToken({ template: "convex", skipCache: true })`।',
        'নতুন টোকেনও মেয়াদোত্তীর্ণ দেখালে এই ডিভাইসের ঘড়ি ঠিক করুন।',
      ],
    }),
    CLOCK_SKEW: ({ seconds }) => ({
      title:
        seconds === undefined
          ? 'এই ডিভাইসের ঘড়ির সময় ঠিক নেই'
          : `এই ডিভাইসের ঘড়ি ${seconds < 0 ? 'পিছিয়ে' : 'এগিয়ে'} আছে`,
      fix: ['সিস্টেম সেটিংসে তারিখ ও সময় স্বয়ংক্রিয় করুন।', 'কন্টেইনার বা ভার্চুয়াল মেশিনে হোস্টের ঘড়ি মিলিয়ে নিন (NTP)।'],
    }),

    AUTH_CONFIG_MISSING: ({ expected, issuer }) => ({
      title: 'Convex-এ `auth.config.ts` নেই',
      fix: [
        `${code(expected)} ফাইলটি বানান, তাতে লিখুন \`export default { providers: [{ domain: process.env.CLERK_JWT_ISSUER_DOMAIN!, applicationID: "convex" }] };\`, অথবা \`npx clerk-convex-doctor --fix\` চালান।`,
        setIssuer('CLERK_JWT_ISSUER_DOMAIN', issuer),
        push,
      ],
    }),
    AUTH_CONFIG_NOT_DEPLOYED: () => ({
      title: 'Convex ডিপ্লয়মেন্টে কোনো auth provider নেই',
      fix: [
        push,
        'কমান্ডের আউটপুট পড়ুন: `auth.config.ts`-এ ব্যবহৃত কোনো এনভায়রনমেন্ট ভেরিয়েবল সেট না থাকলে পরিবর্তন পাঠানো থেমে যায়।',
        'অ্যাপের Convex URL একই ডিপ্লয়মেন্টের কি না দেখুন।',
      ],
    }),
    AUTH_CONFIG_WITHOUT_ISSUER: ({ expected }) => ({
      title: '`auth.config.ts`-এর কোনো provider-ই Clerk-এর issuer নয়',
      fix: [
        `\`convex/auth.config.ts\`-এর \`providers\`-এ \`{ domain: process.env.CLERK_JWT_ISSUER_DOMAIN!, applicationID: "convex" }\` যোগ করুন।`,
        setIssuer('CLERK_JWT_ISSUER_DOMAIN', expected),
        push,
      ],
    }),
    AUTH_CONFIG_UNREADABLE: ({ isBroken }) => ({
      title: isBroken ? 'Convex `auth.config.ts` পড়তে পারে না' : 'না চালিয়ে `auth.config.ts` পড়া যায়নি',
      fix: isBroken
        ? [
            'এভাবে লিখুন: `export default { providers: [{ domain: process.env.CLERK_JWT_ISSUER_DOMAIN!, applicationID: "convex" }] };`।',
            push,
          ]
        : [
            '`providers` সাধারণ তালিকা হিসেবে লিখুন: শুধু স্ট্রিং ও `process.env.NAME`।',
            'মান হিসাব করে বের করতেই হলে `domain` ও `applicationID` নিজে Clerk-এর টোকেনের সঙ্গে মিলিয়ে দেখুন: `npx clerk-convex-doctor token`।',
          ],
    }),
    APPLICATION_ID_WRONG: () => ({
      title: '`auth.config.ts`-এর `applicationID` `convex` নয়',
      fix: ['`convex/auth.config.ts`-এ `applicationID: "convex"` বসান: এটি টোকেনের `aud`-এর সঙ্গে মেলানো হয়।', push],
    }),

    ISSUER_ENV_MISSING: ({ name, expected }) => ({
      title: `Convex ডিপ্লয়মেন্টে ${code(name)} সেট করা নেই`,
      fix: [whereIssuer, setIssuer(name, expected), push],
    }),
    ISSUER_TRAILING_SLASH: ({ name, expected, isWrittenOut }) => ({
      title: `${code(name)}-এর শেষে একটি বাড়তি স্ল্যাশ আছে`,
      fix: [isWrittenOut ? setWrittenIssuer(name, expected) : setIssuer(name, expected), push],
    }),
    ISSUER_NOT_HTTPS: ({ name, expected, isWrittenOut }) => ({
      title: `${code(name)}-এর শুরুতে \`https://\` নেই`,
      fix: [isWrittenOut ? setWrittenIssuer(name, expected) : setIssuer(name, expected), push],
    }),
    ISSUER_WITH_PATH: ({ name, expected, isWrittenOut }) => ({
      title: `${code(name)}-এ একটি পাথ আছে, অথচ issuer শুধু ঠিকানাটুকু`,
      fix: [isWrittenOut ? setWrittenIssuer(name, expected) : setIssuer(name, expected), push],
    }),
    ISSUER_OF_ANOTHER_INSTANCE: ({ name, expected }) => ({
      title: `${code(name)} আর publishable key দুটি আলাদা Clerk ইনস্ট্যান্সের`,
      fix: [
        'কোন ইনস্ট্যান্স চান ঠিক করুন। ডেভেলপমেন্ট কী-র সঙ্গে `….clerk.accounts.dev`, প্রোডাকশন কী-র সঙ্গে আপনার নিজের ডোমেইন।',
        setIssuer(name, expected),
        push,
      ],
    }),
    IDENTITY_PROVIDER_UNREACHABLE: ({ domain }) => ({
      title: 'Convex টোকেন যাচাইয়ের কী আনতে Clerk-এ পৌঁছাতে পারছে না',
      fix: [
        'অপেক্ষা করুন: এটি নিজে থেকেই ঠিক হয়, ব্যবহারকারীরা সাইন ইন অবস্থাতেই থাকেন।',
        openDiscovery(domain),
        '`https://status.clerk.com` ও `https://status.convex.dev` দেখুন।',
      ],
    }),
    IDENTITY_PROVIDER_WRONG: ({ domain }) => ({
      title: 'issuer-এর ঠিকানা identity provider-এর মতো উত্তর দিচ্ছে না',
      fix: [openDiscovery(domain), whereIssuer, setIssuer('CLERK_JWT_ISSUER_DOMAIN', undefined), push],
    }),

    PUBLISHABLE_KEY_MISSING: ({ name, mayBeOnHost, utf16 }) => ({
      title: mayBeOnHost
        ? `এখানকার কোনো env ফাইলে publishable key ${code(name)} নেই`
        : `publishable key ${code(name)} সেট করা নেই`,
      fix: [
        ...(mayBeOnHost ? [onHost] : asUtf8(utf16)),
        copyKey,
        `\`.env.local\`-এ ও হোস্টিংয়ের এনভায়রনমেন্টে ${publicVariable(name, 'CLERK_PUBLISHABLE_KEY', '=pk_test_…')} যোগ করুন।`,
        restart,
      ],
    }),
    PUBLISHABLE_KEY_MALFORMED: ({ name }) => ({
      title: `publishable key ${code(name)}-এর ফরম্যাট ঠিক নেই`,
      fix: [copyKey, 'কোটেশন চিহ্ন বা স্পেস ছাড়া পুরোটা পেস্ট করুন।', restart],
    }),
    PUBLISHABLE_KEY_NOT_EXPOSED: ({ seen, expected }) => ({
      title: `${code(seen)} নামে থাকা publishable key ব্রাউজার দেখতে পায় না`,
      fix: [`${code(seen)}-এর নাম বদলে ${code(expected)} করুন: শুধু এই প্রিফিক্সের ভেরিয়েবলই ব্রাউজারে পৌঁছায়।`, restart],
    }),
    TEST_KEY_IN_PRODUCTION: ({ name }) => ({
      title: 'প্রোডাকশন চলছে ডেভেলপমেন্ট ইনস্ট্যান্সের publishable key দিয়ে',
      fix: [
        'Clerk ড্যাশবোর্ডের উপরে Production বেছে নিয়ে Configure → API keys থেকে কী কপি করুন।',
        `যেখানে প্রোডাকশন বিল্ড হয় ও চলে, সেখানে ${publicVariable(name, 'CLERK_PUBLISHABLE_KEY', '=pk_live_…')} ও \`CLERK_SECRET_KEY=sk_live_…\` বসান।`,
        '`npx convex env set CLERK_JWT_ISSUER_DOMAIN https://clerk.your-domain.com --prod` চালান।',
        'আবার বিল্ড ও ডিপ্লয় করুন।',
      ],
    }),
    SECRET_KEY_MISSING: ({ name, mayBeOnHost, utf16 }) => ({
      title: mayBeOnHost ? `এখানকার কোনো env ফাইলে সিক্রেট কী ${code(name)} নেই` : `সিক্রেট কী ${code(name)} সেট করা নেই`,
      fix: [
        ...(mayBeOnHost ? [onHost] : asUtf8(utf16)),
        copyKey,
        `\`.env.local\`-এ ও হোস্টিংয়ের এনভায়রনমেন্টে ${code(`${name}=sk_test_…`)} যোগ করুন।`,
        restartServer,
      ],
    }),
    SECRET_KEY_MALFORMED: ({ name }) => ({
      title: `সিক্রেট কী ${code(name)}-এর ফরম্যাট ঠিক নেই`,
      fix: [copyKey, 'কোটেশন চিহ্ন বা স্পেস ছাড়া পুরোটা পেস্ট করুন।', restartServer],
    }),
    SECRET_KEY_OF_ANOTHER_INSTANCE: ({ name }) => ({
      title: `সিক্রেট কী ${code(name)} আর publishable key আলাদা Clerk ইনস্ট্যান্সের`,
      fix: [
        'Clerk ড্যাশবোর্ডে অ্যাপ্লিকেশন ও ইনস্ট্যান্স (Development বা Production) বেছে নিন।',
        'Configure → API keys থেকে দুটি কী-ই কপি করে দুটিই বদলান।',
        restartServer,
      ],
    }),
    SECRET_KEY_REFUSED: ({ name }) => ({
      title: `Clerk সিক্রেট কী ${code(name)} গ্রহণ করছে না`,
      fix: [
        'কী-টি মুছে ফেলা বা বদলানো হয়েছে কি না Clerk ড্যাশবোর্ড → Configure → API keys-এ দেখুন।',
        'বর্তমান কী কপি করে অ্যাপ যেখানে যেখানে চলে সবখানে পুরোনোটি বদলান।',
      ],
    }),
    SECRET_KEY_IN_PUBLIC_VARIABLE: ({ name }) => ({
      title: `একটি সিক্রেট কী ${code(name)}-এ আছে, যা যেকোনো ভিজিটর পড়তে পারেন`,
      fix: [
        'Clerk ড্যাশবোর্ড → Configure → API keys-এ নতুন সিক্রেট কী বানিয়ে পুরোনোটি মুছে ফেলুন: ধরে নিন অন্যরা সেটি জেনে গেছেন।',
        `নতুন কী \`CLERK_SECRET_KEY\`-তে রাখুন, শুধু সার্ভারে, আর ${code(name)} থেকে পুরোনোটি সরান।`,
        'আবার বিল্ড ও ডিপ্লয় করুন, যাতে কোনো বান্ডেলে পুরোনো কী না থাকে।',
      ],
    }),
    CLERK_SECRET_KEY_MISSING_IN_CONVEX: () => ({
      title: 'একটি Convex ফাংশন `CLERK_SECRET_KEY` পড়ে, কিন্তু ডিপ্লয়মেন্টে সেটি সেট করা নেই',
      fix: [
        copyKey,
        'নিজের কী দিয়ে `npx convex env set CLERK_SECRET_KEY sk_test_…` চালান (প্রোডাকশনের জন্য `--prod` যোগ করুন), অথবা Convex ড্যাশবোর্ড → Settings → Environment variables-এ বসান। Convex `.env.local` পড়ে না।',
      ],
    }),
    ENV_FILE_NOT_IGNORED: ({ file, isTracked }) => ({
      title: `${code(file)}-এ সিক্রেট আছে, অথচ git ফাইলটি ${isTracked ? 'ট্র্যাক করছে' : 'উপেক্ষা করছে না'}`,
      fix: isTracked
        ? [
            'এর সব সিক্রেট বদলান: git-এর ইতিহাসে সেগুলো থেকেই যায়, আর রিপোজিটরি যিনি পড়তে পারেন, তিনিই সেগুলো জানেন।',
            `${code(`git rm --cached -- ${argument(file)}`)} চালান: ফাইলটি নিজে থেকে যাবে।`,
            `\`.gitignore\`-এ ${code(file)} যোগ করে দুটোই কমিট করুন।`,
          ]
        : [
            `\`.gitignore\`-এ ${code(file)} যোগ করুন।`,
            `আগে কমিট হয়ে থাকলে ${code(`git rm --cached -- ${argument(file)}`)} চালান এবং এর সব সিক্রেট বদলান।`,
          ],
    }),
    SECRET_IN_TRACKED_FILE: ({ kind }) => ({
      title: `git ট্র্যাক করে এমন ফাইলে একটি ${tracked[kind].name} আছে`,
      fix: [
        tracked[kind].rotate,
        'ফাইল থেকে পুরোনোটি সরান। git-এর ইতিহাসে সেটি থেকেই যায়, তাই আগে বদলাতে হবে।',
        kind === 'deploy_key'
          ? 'নতুনটি হোস্টিং বা CI-এর সিক্রেটের মধ্যে `CONVEX_DEPLOY_KEY` নামে রাখুন; ডেভেলপমেন্টে এটি লাগে না।'
          : 'নতুনটি `.env.local`-এ রাখুন, যা git উপেক্ষা করে।',
      ],
    }),

    CONVEX_URL_MISSING: ({ name, mayBeOnHost, utf16 }) => ({
      title: mayBeOnHost ? `এখানকার কোনো env ফাইলে Convex URL ${code(name)} নেই` : `Convex URL ${code(name)} সেট করা নেই`,
      fix: [
        ...(mayBeOnHost ? [onHost] : asUtf8(utf16)),
        '`npx convex dev` চালান: এটি `.env.local`-এ URL লিখে দেয়।',
        `হোস্টিংয়ে ${publicVariable(name, 'CONVEX_URL')} নিজে বসান, অথবা \`npx convex deploy --cmd "npm run build"\` দিয়ে বিল্ড করুন, যা এটি বসিয়ে দেয়।`,
        restart,
      ],
    }),
    CONVEX_URL_MALFORMED: ({ name }) => ({
      title: `Convex URL ${code(name)}-এর ফরম্যাট ঠিক নেই`,
      fix: [
        'Convex ড্যাশবোর্ড → Settings থেকে ডিপ্লয়মেন্ট URL কপি করুন। এর শেষে `.convex.cloud` থাকে; `.convex.site` হলো HTTP actions-এর জন্য।',
        restart,
      ],
    }),
    CONVEX_URL_OF_ANOTHER_DEPLOYMENT: ({ name }) => ({
      title: `${code(name)} আর \`CONVEX_DEPLOYMENT\` দুটি আলাদা ডিপ্লয়মেন্টের`,
      fix: [
        '`npx convex dev` চালান: এটি দুটি মানই `.env.local`-এ লিখে দেয়।',
        'অন্য `.env` ফাইলে এগুলোর পুরোনো কপি থাকলে সরিয়ে ফেলুন।',
        restart,
      ],
    }),
    CONVEX_UNREACHABLE: ({ url }) => ({
      title: 'Convex ডিপ্লয়মেন্টে পৌঁছানো যাচ্ছে না',
      fix: [
        `ব্রাউজারে ${code(url)} খুলে দেখুন। না পাওয়া গেলে ডিপ্লয়মেন্টটি মুছে ফেলা হয়েছে, নয়তো URL-এ বানান ভুল আছে।`,
        'লোকাল ডিপ্লয়মেন্ট হলে `npx convex dev` চালু রাখুন।',
        'ফায়ারওয়াল বা VPN থাকলে `*.convex.cloud`-এ HTTPS ও WebSocket-এর অনুমতি দিন।',
      ],
    }),
    USERS_TABLE_MISSING: () => ({
      title: 'ফাংশনগুলো `users` টেবিল ব্যবহার করে, কিন্তু স্কিমায় সেটি নেই',
      fix: ['`convex/schema.ts`-এ `users` টেবিল যোগ করুন, অথবা `npx clerk-convex-doctor --fix` চালান।', push],
    }),
    FUNCTION_RAN_WITHOUT_IDENTITY: () => ({
      title: 'সাইন ইন করা থাকলেও একটি Convex ফাংশন ব্যবহারকারীর পরিচয় ছাড়া চলেছে',
      fix: [
        'আগে অন্য সমস্যাগুলো ঠিক করুন: Convex টোকেন না মানলে সব ফাংশনই পরিচয় ছাড়া চলে।',
        'Convex প্রস্তুত হলে তবেই কল করুন: `<Authenticated>`-এর ভেতরে, অথবা `useConvexAuth().isAuthenticated` true হলে। Clerk-এর `isSignedIn` তার আগেই true হয়ে যায়।',
        'ব্যবহারকারীকে সংরক্ষণ করতে `<UserSync>` নিন, এটি ততক্ষণ অপেক্ষা করে।',
      ],
    }),

    WEBHOOK_SECRET_MISSING: ({ name, mayBeOnHost, utf16 }) => ({
      title: mayBeOnHost
        ? `এখানকার কোনো env ফাইলে ওয়েবহুক সাইনিং সিক্রেট ${code(name)} নেই`
        : `ওয়েবহুক সাইনিং সিক্রেট ${code(name)} সেট করা নেই`,
      fix: [
        ...(mayBeOnHost ? [onHost] : asUtf8(utf16)),
        'Clerk ড্যাশবোর্ড → Configure → Webhooks → আপনার এন্ডপয়েন্ট থেকে Signing Secret কপি করুন।',
        `হ্যান্ডলার যেখানে চলে সেখানে বসান: Convex-এ ${code(`npx convex env set ${argument(name)} whsec_…`)}, নইলে \`.env.local\`-এ ও হোস্টিংয়ে।`,
        'সার্ভার রিস্টার্ট করে এন্ডপয়েন্টের Testing ট্যাব থেকে একটি টেস্ট ইভেন্ট পাঠান।',
      ],
    }),
    WEBHOOK_SECRET_MALFORMED: ({ name }) => ({
      title: `ওয়েবহুক সাইনিং সিক্রেট ${code(name)}-এর ফরম্যাট ঠিক নেই`,
      fix: [
        'Clerk ড্যাশবোর্ড → Configure → Webhooks → আপনার এন্ডপয়েন্ট থেকে Signing Secret আবার কপি করুন: `whsec_` ও তার পরের সবটুকু।',
        'কোটেশন চিহ্ন বা স্পেস ছাড়া পেস্ট করুন। এটি সিক্রেট কী-ও নয়, এন্ডপয়েন্টের আইডি-ও নয়।',
        restartServer,
      ],
    }),
    WEBHOOK_ROUTE_MISSING: ({ expected, isInApp, status }) => ({
      title: status === undefined ? 'ওয়েবহুক হ্যান্ডলারে যাওয়ার কোনো রাউট নেই' : 'ওয়েবহুকের ঠিকানা 404 দিয়ে উত্তর দিচ্ছে',
      fix: [
        status === undefined
          ? `${code(expected)}-এ রাউট বানান${isInApp ? '' : ', অথবা `npx clerk-convex-doctor --fix` চালান'}।`
          : `${code(expected)}-এর পাথ কোডের রাউটের সঙ্গে মেলে কি না, আর সেই রাউটসহ কোড ওখানে ডিপ্লয় করা আছে কি না দেখুন।`,
        'Clerk ড্যাশবোর্ড → Configure → Webhooks-এ এন্ডপয়েন্টের পাথও একই দিন। Convex-এর HTTP actions থাকে `https://<deployment>.convex.site`-এ।',
        testEvent,
      ],
    }),
    WEBHOOK_METHOD_REFUSED: () => ({
      title: 'ওয়েবহুক রাউট POST গ্রহণ করে না',
      fix: [
        'POST-এর উত্তর দিন: Next.js-এ `export const POST = …`, Convex-এর `http.route`-এ `method: "POST"`।',
        testEvent,
      ],
    }),
    WEBHOOK_ROUTE_PROTECTED: () => ({
      title: 'middleware Clerk-এর ওয়েবহুককে সাইন ইন করতে বলছে',
      fix: [
        '`clerkMiddleware` যা সুরক্ষিত রাখে তা থেকে ওয়েবহুক রাউট বাদ দিন: `createRouteMatcher`-এ একে পাবলিক রাউট হিসেবে লিখুন।',
        'অ্যাপের সামনে আর যা আছে সেখানেও তা-ই করুন: deployment protection, basic auth, ফায়ারওয়াল।',
        testEvent,
      ],
    }),
    WEBHOOK_SIGNATURE_REFUSED: ({ accepted }) => ({
      title:
        accepted > 0
          ? 'সাইনিং সিক্রেট অল্প কিছু ওয়েবহুক ডেলিভারির সঙ্গে মেলে, বেশির ভাগের সঙ্গে নয়'
          : 'সাইনিং সিক্রেট কোনো ওয়েবহুক ডেলিভারির সঙ্গেই মেলে না',
      fix: [
        'ঠিক এই এন্ডপয়েন্টেরই Signing Secret কপি করুন (Clerk ড্যাশবোর্ড → Configure → Webhooks → আপনার এন্ডপয়েন্ট): প্রতিটি ইনস্ট্যান্সের প্রতিটি এন্ডপয়েন্টের সিক্রেট আলাদা।',
        'হ্যান্ডলার যেখানে চলে সেখানে এটি `CLERK_WEBHOOK_SIGNING_SECRET` নামে সেট করুন: Convex-এর HTTP action হলে `npx convex env set` দিয়ে, অ্যাপের রাউট হলে হোস্টিংয়ের সেটিংসে। তারপর ডিপ্লয় করুন।',
        'সিক্রেট ঠিক থাকলে হ্যান্ডলারের আগে কিছু যেন বডি না পড়ে বা না বদলায়: `express.json()`, বা JSON বদলে দেয় এমন প্রক্সি।',
      ],
    }),
    WEBHOOK_ENDPOINT_FAILING: ({ status, location }) => ({
      title:
        status < 300
          ? 'ওয়েবহুক এন্ডপয়েন্ট স্বাক্ষর ছাড়া ডেলিভারিও গ্রহণ করছে'
          : status < 400
            ? 'ওয়েবহুক এন্ডপয়েন্ট রিডাইরেক্ট করছে, আর ডেলিভারি রিডাইরেক্ট ধরে এগোয় না'
            : 'ওয়েবহুক এন্ডপয়েন্ট ত্রুটি দিয়ে উত্তর দিচ্ছে',
      fix: [
        status < 300
          ? 'সবকিছুর আগে স্বাক্ষর যাচাই করুন: `createClerkWebhookHandler` তা করে।'
          : status < 400
            ? `Clerk ড্যাশবোর্ডে এন্ডপয়েন্টের ঠিকানা হিসেবে সেটিই দিন যেখানে রিডাইরেক্ট হচ্ছে${location === undefined ? '' : ` (${code(location)})`}, অথবা রিডাইরেক্টটি (\`www\`, শেষের স্ল্যাশ, HTTPS) সরিয়ে ফেলুন।`
            : 'এই রিকোয়েস্টের সার্ভার লগ পড়ুন। সাধারণ কারণ দুটি: সাইনিং সিক্রেট নেই, অথবা বডি আগেই পার্স হয়ে গেছে।',
        testEvent,
      ],
    }),
    WEBHOOK_UNREACHABLE: () => ({
      title: 'ওয়েবহুক এন্ডপয়েন্টে পৌঁছানো যাচ্ছে না',
      fix: [
        'পাবলিক HTTPS ঠিকানা দিন: Clerk `localhost`-এ পৌঁছাতে পারে না। ডেভেলপমেন্টে টানেল বা Convex-এর HTTP action ব্যবহার করুন।',
        'Clerk ড্যাশবোর্ড → Configure → Webhooks → আপনার এন্ডপয়েন্টে সেই ঠিকানা বসান।',
      ],
    }),

    MIDDLEWARE_MISSING: ({ expected, found, path }) => ({
      title:
        path !== undefined
          ? `${code(path)}-এ \`auth()\` কল করা হয়, অথচ Clerk-এর middleware সেখানে চলে না`
          : found === undefined
            ? 'Clerk-এর middleware নেই'
            : 'Clerk-এর middleware এমন জায়গায় আছে যেখানে ফ্রেমওয়ার্ক তা পড়ে না',
      fix: [
        path !== undefined
          ? `${code(expected)}-এর \`config.matcher\`-এ ${code(path)}-ও যোগ করুন: middleware যেখানে চলে না, সেখানে \`auth()\` ত্রুটি দেয়।`
          : found === undefined
            ? `Clerk-এর \`clerkMiddleware()\` দিয়ে ${code(expected)} বানান; এটি ছাড়া \`auth()\` ত্রুটি দেয়।`
            : `${code(found)} সরিয়ে ${code(expected)} করুন: এই নামে ও এই জায়গায় এটি পড়া হয়।`,
        restartDev,
      ],
    }),
    MIDDLEWARE_AND_PROXY: () => ({
      title: '`proxy.ts` ও `middleware.ts` দুটিই আছে, অথচ Next.js নেয় একটি',
      fix: [
        '`middleware.ts`-এর কোড `proxy.ts`-এ নিয়ে যান: Next.js 16 থেকে ফাইলটির এই নাম।',
        '`middleware.ts` মুছে ডেভ সার্ভার রিস্টার্ট করুন।',
      ],
    }),
    MIDDLEWARE_WITHOUT_CLERK: ({ file }) => ({
      title: `${code(file)} \`clerkMiddleware()\` চালায় না`,
      fix: [`${code(file)}-এ \`clerkMiddleware()\` কল করুন; এখন যা আছে তা এর কলব্যাকের ভেতরে চলতে পারে।`, restartDev],
    }),

    FRONTEND_API_NOT_RESOLVED: ({ host, isEverybody }) => ({
      title: 'Clerk Frontend API-র হোস্টনেম DNS-এ পাওয়া যাচ্ছে না',
      fix: [
        ...everybody(isEverybody),
        `এখানে ও অন্য নেটওয়ার্কে ${code(`nslookup ${argument(host)}`)} চালান। অন্যখানে পাওয়া গেলে কারণ এই নেটওয়ার্কের DNS, VPN বা অ্যাড ব্লকার।`,
        'প্রোডাকশন ইনস্ট্যান্স হলে Clerk ড্যাশবোর্ড → Configure → Domains-এ দেখানো CNAME রেকর্ডগুলো যোগ করুন।',
        'ডেভেলপমেন্ট ইনস্ট্যান্স হলে publishable key আবার কপি করুন: হোস্টনেম তার ভেতরেই লেখা।',
      ],
    }),
    FRONTEND_API_UNREACHABLE: ({ host, isEverybody }) => ({
      title: 'Clerk Frontend API-তে পৌঁছানো যাচ্ছে না',
      fix: [
        ...everybody(isEverybody),
        `ব্রাউজারে ${code(`https://${host}/v1/environment`)} খুলে দেখুন: উত্তরে JSON আসার কথা।`,
        'VPN, প্রক্সি, ফায়ারওয়াল ও অ্যাড ব্লকার ছাড়া, অথবা অন্য নেটওয়ার্কে চেষ্টা করুন।',
        '`https://status.clerk.com` দেখুন।',
      ],
    }),
    FRONTEND_API_TLS_FAULT: ({ isEverybody }) => ({
      title: 'Clerk Frontend API-র TLS সার্টিফিকেট গ্রহণ করা যাচ্ছে না',
      fix: [
        ...everybody(isEverybody),
        'প্রোডাকশন ইনস্ট্যান্স হলে Clerk ড্যাশবোর্ড → Configure → Domains-এ দেখুন সার্টিফিকেট ইস্যু হয়েছে কি না; CNAME রেকর্ড প্রক্সির মাধ্যমে দেবেন না (Cloudflare-এ DNS only)।',
        'অফিসের নেটওয়ার্কে তার রুট সার্টিফিকেট ইনস্টল করুন; Node.js-এর জন্য `NODE_EXTRA_CA_CERTS`-এ তার পাথ দিন।',
        'এই ডিভাইসের ঘড়ি ঠিক করুন।',
      ],
    }),
    CAPTIVE_PORTAL: () => ({
      title: 'Clerk-এর হয়ে অন্য কিছু উত্তর দিচ্ছে',
      fix: [
        'একটি ওয়েব পেজ খুলুন, Wi-Fi লগ ইন চাইলে লগ ইন করুন।',
        'কারণ সেটি না হলে প্রক্সি ও VPN ছাড়া, অথবা অন্য নেটওয়ার্কে চেষ্টা করুন।',
        'সবখানে একই হলে হোস্টটি অন্য সার্ভারে যাচ্ছে: প্রোডাকশন ইনস্ট্যান্স হলে এর CNAME রেকর্ড Clerk ড্যাশবোর্ড → Configure → Domains-এর সঙ্গে মিলিয়ে দেখুন।',
      ],
    }),
    FRONTEND_API_FAILING: ({ host, isProxy, isFirewall, isUnknown }) => {
      if (isFirewall)
        return {
          title: 'Clerk Frontend API-র সামনের একটি ফায়ারওয়াল রিকোয়েস্টটি আটকে দিয়েছে',
          fix: [
            `ব্রাউজারে ${code(`https://${host}/v1/environment`)} খুলুন। সঙ্গে সঙ্গে JSON দেখা গেলে ফায়ারওয়ালটি শুধু এই কম্পিউটারকে আটকাচ্ছে, ব্যবহারকারীরা সাইন ইন করতে পারেন।`,
            'সেখানে আপনি মানুষ কি না তা যাচাই করতে চাইলে অ্যাপও পার হতে পারবে না। নিজের ডোমেইনে Clerk-এর CNAME রেকর্ডগুলো প্রক্সির মাধ্যমে দেবেন না (Cloudflare-এ DNS only); `proxyUrl` থাকলে তার পাথ ফায়ারওয়ালের যাচাই থেকে বাদ দিন।',
          ],
        };
      if (isProxy)
        return {
          title: 'অ্যাপের নিজের প্রক্সি Clerk Frontend API-তে নিয়ে যাচ্ছে না',
          fix: [
            '`proxyUrl`-এর ঠিকানার শেষে `/v1/environment` যোগ করে খুলে দেখুন: উত্তরে JSON আসার কথা।',
            'এই পাথ ও এর নিচের সব পাথ Clerk Frontend API-তে পাঠান; রিডাইরেক্ট, সাইন ইন যাচাই ও অন্য সব পাথের পেজ থেকে একে বাদ দিন।',
            'ঠিকানাটি Clerk ড্যাশবোর্ড → Configure → Domains-এর প্রক্সির সঙ্গে মিলিয়ে দেখুন।',
          ],
        };
      if (isUnknown)
        return {
          title: 'publishable key-র হোস্টে Clerk-এর কোনো ইনস্ট্যান্স নেই',
          fix: [
            copyKey,
            'কী একই হলে তার অ্যাপ্লিকেশন বা ডোমেইন মুছে ফেলা হয়েছে: Clerk ড্যাশবোর্ডে অন্যটি বেছে নিন, বা নতুন একটি তৈরি করুন।',
            restart,
          ],
        };
      return {
        title: 'Clerk Frontend API ত্রুটি দিয়ে উত্তর দিচ্ছে',
        fix: ['`https://status.clerk.com` দেখুন।', 'অপেক্ষা করুন: আবার চেষ্টা চলতে থাকে, ব্যবহারকারীরা সাইন ইন অবস্থাতেই থাকেন।'],
      };
    },
    ORIGIN_NOT_ALLOWED: () => ({
      title: 'Clerk এই origin থেকে আসা রিকোয়েস্ট গ্রহণ করে না',
      fix: [
        '`localhost` ও প্রিভিউ URL-এ ডেভেলপমেন্ট ইনস্ট্যান্সের publishable key (`pk_test_…`) ব্যবহার করুন: `pk_live_…` শুধু নিজের ডোমেইনে কাজ করে।',
        'প্রোডাকশনে Clerk ড্যাশবোর্ড → Configure → Domains-এ থাকা ডোমেইন থেকে অ্যাপ চালান, অথবা সেখানে ডোমেইন বদলান।',
      ],
    }),
    CLERK_JS_BLOCKED: ({ host, reason }) => ({
      title:
        reason === 'csp'
          ? 'পেজের Content Security Policy Clerk-এর স্ক্রিপ্ট আটকে দিচ্ছে'
          : 'Clerk-এর স্ক্রিপ্ট আটকে দেওয়া হয়েছে',
      fix:
        reason === 'csp'
          ? [
              `\`script-src\` ও \`connect-src\`-এ ${code(`https://${host}`)} যোগ করুন।`,
              "`worker-src 'self' blob:`, `img-src https://img.clerk.com`, আর `script-src` ও `frame-src`-এ `https://challenges.cloudflare.com` যোগ করুন।",
            ]
          : [
              `অ্যাড ব্লকার, প্রাইভেসি এক্সটেনশন বা ফায়ারওয়ালে ${code(host)}-এর অনুমতি দিন।`,
              'অনেক ব্যবহারকারীর এমন হলে নিজের ডোমেইন থেকে Clerk চালান: প্রোডাকশন ইনস্ট্যান্স, অথবা `proxyUrl`।',
            ],
    }),
    THIRD_PARTY_COOKIES_BLOCKED: ({ host }) => ({
      title: 'ব্রাউজার Clerk-এর কুকি থার্ড-পার্টি কুকি হিসেবে আটকে দিচ্ছে',
      fix: [
        `এই ব্রাউজারে ${oneOr(host, '*.clerk.accounts.dev')}-এর কুকির অনুমতি দিন।`,
        'সব ব্যবহারকারীর জন্য প্রোডাকশন ইনস্ট্যান্স নিন, যার Frontend API আপনার ডোমেইনেরই সাবডোমেইন, অথবা `proxyUrl`।',
      ],
    }),
    CLERK_INCIDENT: () => ({
      title: 'Clerk-এর স্ট্যাটাস পেজে একটি সমস্যার খবর আছে',
      fix: ['`https://status.clerk.com`-এ খোঁজ রাখুন।', 'এর মধ্যে কিছু বদলাবেন না: ব্যবহারকারীরা সাইন ইন অবস্থাতেই থাকেন।'],
    }),
    TOKEN_REQUESTS_FAILED: () => ({
      title: 'টোকেনের কিছু রিকোয়েস্ট ব্যর্থ হয়ে আবার পাঠানো হয়েছে',
      fix: [
        'কিছু করতে হবে না: এগুলো নিজে থেকেই কেটে যায়, ব্যবহারকারীরা সাইন ইন অবস্থাতেই থাকেন।',
        'সংখ্যায় বেশি হলে VPN, প্রক্সি ও অ্যাড ব্লকার ছাড়া চেষ্টা করুন, আর `https://status.clerk.com` দেখুন।',
      ],
    }),

    CLERK_REACT_DEPRECATED: () => ({
      title: '`@clerk/clerk-react` ব্যবহার না করার পরামর্শ দেওয়া হয়েছে (deprecated)',
      fix: [
        '`npx @clerk/upgrade` চালান: `@clerk/react`-এ যা আলাদা তা দেখায় ও বদলে দেয়।',
        '`@clerk/react` ইনস্টল করুন, `@clerk/clerk-react` সরান, সবখানে নতুনটি থেকে ইমপোর্ট করুন।',
        'অ্যাপ `clerk-convex-resilience/clerk-react` ইমপোর্ট করলে তার বদলে `clerk-convex-resilience` ইমপোর্ট করুন।',
      ],
    }),
    VERSION_UNSUPPORTED: ({ name, expected, isWithoutLibrary }) => ({
      title: `\`clerk-convex-resilience\` ${code(name)}-এর এই ভার্সন সমর্থন করে না`,
      fix: [
        ...(isWithoutLibrary ? ['অ্যাপে `clerk-convex-resilience` না থাকলে যেমন আছে তেমনই রাখুন।'] : []),
        `${code(name)}-এর এমন ভার্সন ইনস্টল করুন যা ${code(expected)}-এর সঙ্গে মেলে।`,
        '`package.json`-এ আগে থেকেই এমন ভার্সন চাওয়া থাকলে আবার ইনস্টল করুন: `node_modules`-এ অন্য ভার্সন আছে। ডেভ সার্ভার রিস্টার্ট করুন।',
      ],
    }),
    REACT_DUPLICATED: () => ({
      title: 'React-এর দুটি কপি আছে',
      fix: [
        '`npm ls react` (`pnpm why react`) চালিয়ে দেখুন দ্বিতীয়টি কে আনছে।',
        'ওয়ার্কস্পেসের সব প্যাকেজে একই ভার্সন দিন; লাইব্রেরিতে React থাকে `peerDependencies`-এ।',
        'Vite হলে `vite.config.ts`-এ `resolve: { dedupe: ["react", "react-dom"] }` যোগ করুন।',
      ],
    }),
    CONVEX_DUPLICATED: () => ({
      title: 'Convex ক্লায়েন্টের দুটি কপি আছে',
      fix: [
        '`npm ls convex` (`pnpm why convex`) চালিয়ে দেখুন দ্বিতীয়টি কে আনছে।',
        'ওয়ার্কস্পেসের সব প্যাকেজে একই ভার্সন দিন; লাইব্রেরিতে Convex থাকে `peerDependencies`-এ।',
        'Vite হলে `vite.config.ts`-এ `resolve: { dedupe: ["convex"] }` যোগ করুন।',
      ],
    }),

    STALE_CLERK_COOKIES: () => ({
      title: 'এই ব্রাউজারে অন্য একটি Clerk ইনস্ট্যান্সের কুকি রয়ে গেছে',
      fix: [
        'সাইটের ডেটা মুছুন: ব্রাউজারের ডেভেলপার টুলস → Application → Storage → Clear site data।',
        'আবার সাইন ইন করুন।',
        '`localhost`-এ সব পোর্টের কুকি একই: প্রতিটি প্রজেক্টে আলাদা ব্রাউজার প্রোফাইল ব্যবহার করুন।',
      ],
    }),
    STALE_BUILD_CACHE: ({ folder, file }) => ({
      title: `${code(folder)}-এর বিল্ড ${code(file)}-এর কী-গুলোর চেয়ে পুরোনো`,
      fix: [`ডেভ সার্ভার থামিয়ে ${code(folder)} ফোল্ডারটি মুছুন।`, 'আবার চালু করুন, অথবা আবার বিল্ড করুন।'],
    }),

    PROVIDER_ORDER_WRONG: ({ outer, inner }) => ({
      title: 'Convex provider `ClerkProvider`-এর বাইরে আছে',
      fix: [
        `${code(`<${outer}>`)}-কে ${code(`<${inner}>`)}-এর ভেতরে রাখুন।`,
        'যেসব টেস্ট ও স্টোরি provider রেন্ডার করে, সেখানেও তা-ই করুন।',
      ],
    }),
    CLERK_PROVIDER_MISSING: ({ name }) => ({
      title: '`ClerkProvider` কোথাও রেন্ডার হয় না',
      fix: [
        `${code(`<${name}>`)}-কে \`<ClerkProvider>\`-এর ভেতরে রাখুন; \`useAuth\` যে প্যাকেজের, এটিও সেই প্যাকেজ থেকে নিন।`,
        'প্যাকেজ নিজে না পড়লে publishable key-ও দিন।',
      ],
    }),
    USE_AUTH_OF_ANOTHER_PACKAGE: ({ seen, expected }) => ({
      title: `\`useAuth\` এসেছে ${code(seen)} থেকে, আর \`ClerkProvider\` ${code(expected)} থেকে`,
      fix: [
        `${code(expected)} থেকে \`useAuth\` ইমপোর্ট করুন।`,
        `আর কোথাও না লাগলে \`package.json\` থেকে ${code(seen)} সরান।`,
      ],
    }),
    CONVEX_PROVIDER_WITHOUT_AUTH: ({ seen, expected }) => ({
      title: `Convex কখনো Clerk-এর টোকেন পায় না: ${code(`<${seen}>`)} কারও কাছে টোকেন চায় না`,
      fix: [
        `${code(`<${seen}>`)}-এর জায়গায় ${code(`<${expected}>`)} বসান, আর prop হিসেবে Clerk-এর \`useAuth\` দিন।`,
        'এটি `ClerkProvider`-এর ভেতরে থাকবে।',
      ],
    }),
  },
  values,
);
