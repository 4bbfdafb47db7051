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

const restart = 'Перезапустите dev-сервер или заново соберите и разверните приложение: значение читается при сборке.';
const push = 'Примените изменения: `npx convex dev`, для продакшена — `npx convex deploy`.';
const copyKey = 'Скопируйте ключ в панели Clerk → Configure → API keys.';
const testEvent =
  'Разверните приложение и отправьте тестовое событие: панель Clerk → Configure → Webhooks → ваш эндпоинт → Testing.';
const openDiscovery = (domain: string | undefined): string =>
  `Откройте ${discoveryUrl(domain)}: в ответ должен прийти JSON.`;
const onHost =
  'Если переменная задана на хостинге, где приложение собирается и работает, делать ничего не нужно: отсюда видна только эта машина.';
const asUtf8 = (file: string | undefined): readonly string[] =>
  file === undefined ? [] : [`Сохраните ${code(file)} в UTF-8: сейчас он в UTF-16, и его ничто не читает.`];
const setWrittenIssuer = (name: string, expected: string): string =>
  `Измените ${code(name)} в \`convex/auth.config.ts\` на ${issuerUrl(expected)}: значение записано прямо там.`;
const setIssuer = (name: string, expected: string | undefined): string =>
  (isVariable(name)
    ? ''
    : `Задайте \`domain\` в \`convex/auth.config.ts\` равным ${issuerUrl(expected)}. Если он берётся из переменной окружения, задайте её. `) +
  `Выполните ${setIssuerCommand(name, expected)} (для продакшена добавьте \`--prod\`) или задайте значение в панели Convex → Settings → Environment variables.`;
const whereIssuer = 'Найдите Frontend API URL в панели Clerk → Configure → Domains.';
const tracked = {
  secret_key: {
    name: 'секретный ключ',
    rotate: 'Создайте новый секретный ключ в панели Clerk → Configure → API keys и удалите старый.',
  },
  webhook_secret: {
    name: 'секрет подписи вебхука',
    rotate: 'Смените секрет подписи: панель Clerk → Configure → Webhooks → ваш эндпоинт.',
  },
  deploy_key: {
    name: 'deploy key от Convex',
    rotate:
      'Удалите deploy key в панели Convex → Settings (ключи продакшена и превью — в Project Settings) и создайте новый.',
  },
} as const;

const everybody = (isEverybody: true | undefined): readonly string[] =>
  isEverybody
    ? [
        'Не ответил ни один из опрошенных хостов: сначала проверьте сеть этой машины или запустите doctor с `--offline`.',
      ]
    : [];

const plural = new Intl.PluralRules('ru');
const characters: Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> = { one: 'символ', few: 'символа' };
const values: ValueWords = {
  characters: (count) => `${count} ${characters[plural.select(count)] ?? 'символов'}`,
  seconds: 'с',
  none: 'нет',
  noJwt: 'не JWT',
  missing: (what) => `нет ${what.replace(' or ', ' или ')}`,
  tooEarly: (what) => `${what} ещё не наступил`,
};

/** Russian. */
export const ru = writeProse(
  {
    JWT_TEMPLATE_MISSING: ({ mayBeIntegration }) => ({
      title: mayBeIntegration
        ? 'В Clerk нет шаблона JWT с именем `convex`: это нормально, только если интеграция с Convex включена'
        : 'В Clerk нет шаблона JWT с именем `convex`, а интеграция с Convex выключена',
      fix: [
        ...(mayBeIntegration
          ? ['Проверьте, включена ли интеграция: панель Clerk → Integrations → Convex. Если включена, всё в порядке.']
          : []),
        'Включите её на `https://dashboard.clerk.com/apps/setup/convex` (панель Clerk → Integrations → Convex → Activate Convex integration).',
        'Или создайте шаблон: панель Clerk → Configure → JWT templates → New template → Convex — и оставьте имя `convex`.',
        'Делайте это в том инстансе, которому принадлежит publishable key: у разработки и продакшена они разные.',
      ],
    }),
    JWT_TEMPLATE_MISNAMED: ({ seen }) => ({
      title: `Шаблон JWT называется ${code(seen)}, а Convex запрашивает \`convex\``,
      fix: [
        'Откройте шаблон в панели Clerk → Configure → JWT templates.',
        'Переименуйте его в `convex`: строчными буквами, без пробелов.',
      ],
    }),
    JWT_TEMPLATE_WRONG_IN_CODE: ({ seen, expected }) => ({
      title: `Код запрашивает шаблон JWT ${code(seen)}, а шаблон Convex называется ${code(expected)}`,
      fix: [
        `Запрашивайте ${code(`getToken({ template: ${expected} })`)}: Clerk сравнивает имя точно, с учётом регистра и пробелов.`,
        'Поищите в проекте другие места, где запрашивается шаблон.',
      ],
    }),
    TOKEN_AUDIENCE_WRONG: ({ expected }) => ({
      title: '`aud` в токене не совпадает с `applicationID` в `auth.config.ts`',
      fix: [
        `Откройте шаблон \`convex\` в панели Clerk → Configure → JWT templates и задайте в нём \`aud\` со значением ${oneOr(expected, 'convex')}.`,
        'Если шаблоном не пользуетесь, включите интеграцию (панель Clerk → Integrations → Convex): она добавит `aud` в токены сессии.',
        'Перезагрузите страницу, чтобы она получила новый токен.',
      ],
    }),
    TOKEN_ISSUER_WRONG: ({ seen }) => ({
      title: 'Издателя токена (issuer) нет в `auth.config.ts`',
      fix: [
        'Определите, где ошибка: токены выпускает тот инстанс Clerk, которому принадлежит publishable key приложения.',
        `Если верны настройки приложения, выполните ${setIssuerCommand('CLERK_JWT_ISSUER_DOMAIN', seen)} (для продакшена добавьте \`--prod\`).`,
        'Если верны настройки Convex, возьмите publishable key его инстанса: панель Clerk → Configure → API keys.',
        push,
      ],
    }),
    TOKEN_LIFETIME_TOO_SHORT: ({ neededSeconds }) => ({
      title: 'Токены истекают раньше, чем Convex успевает их обновить',
      fix: [
        `Откройте шаблон \`convex\` в панели Clerk → Configure → JWT templates и задайте Token lifetime не меньше ${code(`${Math.ceil(neededSeconds)}`)} секунд; по умолчанию в Clerk \`60\`.`,
        'Или уменьшите `authRefreshTokenLeewaySeconds` — параметр `ConvexReactClient`.',
      ],
    }),
    TOKEN_SIGNATURE_MISMATCH: ({ isUnsure }) => ({
      title: isUnsure
        ? 'Convex не смог проверить токен: подпись, срок действия или одно из полей'
        : 'Токен подписан ключом, которого издатель не публикует',
      fix: [
        ...(isUnsure
          ? ['Посмотрите на сам токен: `npx clerk-convex-doctor token` проверит каждое поле и подпись.']
          : []),
        'Выключите Custom signing key в шаблоне `convex`: панель Clerk → Configure → JWT templates. Convex знает только ключи из JWKS издателя.',
        'Сверьте издателя в `auth.config.ts` с Frontend API URL в панели Clerk → Configure → Domains.',
        'Выйдите и войдите снова, чтобы получить токен, подписанный действующим ключом.',
      ],
    }),
    TOKEN_MALFORMED: ({ reason }) => {
      const missing = missingIn(reason);
      return missing === undefined
        ? {
            title: 'Вместо токена отправлено то, что не является JWT',
            fix: [
              'Передавайте в Convex ровно то, что вернул `getToken()` из Clerk: три части через точку, без `Bearer` в начале.',
              'Если вы оборачиваете `useAuth`, проверьте, что `getToken` возвращает сам токен, а не объект.',
            ],
          }
        : {
            title: `В токене нет того, что нужно Convex: ${code(missing)}`,
            fix: [
              'Передавайте в Convex ровно то, что вернул `getToken()` из Clerk: Clerk пишет это в каждый токен.',
              'Выключите Custom signing key в шаблоне `convex` и уберите поля, которые подменяют собственные поля Clerk: панель Clerk → Configure → JWT templates.',
            ],
          };
    },
    TOKEN_EXPIRED: () => ({
      title: 'Срок действия токена истёк',
      fix: [
        'Получите новый: `await getToken({ template: "convex", skipCache: true })`.',
        'Если и новые токены выглядят истёкшими, поправьте часы на этом устройстве.',
      ],
    }),
    CLOCK_SKEW: ({ seconds }) => ({
      title: `Часы этого устройства ${seconds === undefined ? 'идут неверно' : seconds < 0 ? 'отстают' : 'спешат'}`,
      fix: [
        'Включите автоматическую установку даты и времени в настройках системы.',
        'В контейнере или виртуальной машине синхронизируйте часы хоста (NTP).',
      ],
    }),

    AUTH_CONFIG_MISSING: ({ expected, issuer }) => ({
      title: 'В Convex нет `auth.config.ts`',
      fix: [
        `Создайте ${code(expected)} с содержимым \`export default { providers: [{ domain: process.env.CLERK_JWT_ISSUER_DOMAIN!, applicationID: "convex" }] };\` или выполните \`npx clerk-convex-doctor --fix\`.`,
        setIssuer('CLERK_JWT_ISSUER_DOMAIN', issuer),
        push,
      ],
    }),
    AUTH_CONFIG_NOT_DEPLOYED: () => ({
      title: 'В развёртывании Convex нет ни одного провайдера аутентификации',
      fix: [
        push,
        'Прочитайте вывод команды: если переменная окружения из `auth.config.ts` не задана, изменения не применяются.',
        'Проверьте, что Convex URL в приложении — от того же развёртывания.',
      ],
    }),
    AUTH_CONFIG_WITHOUT_ISSUER: ({ expected }) => ({
      title: 'Среди провайдеров в `auth.config.ts` нет издателя Clerk',
      fix: [
        `Добавьте \`{ domain: process.env.CLERK_JWT_ISSUER_DOMAIN!, applicationID: "convex" }\` в \`providers\` в \`convex/auth.config.ts\`.`,
        setIssuer('CLERK_JWT_ISSUER_DOMAIN', expected),
        push,
      ],
    }),
    AUTH_CONFIG_UNREADABLE: ({ isBroken }) => ({
      title: isBroken
        ? 'Convex не может прочитать `auth.config.ts`'
        : '`auth.config.ts` не удалось прочитать, не запуская его',
      fix: isBroken
        ? [
            'Запишите его так: `export default { providers: [{ domain: process.env.CLERK_JWT_ISSUER_DOMAIN!, applicationID: "convex" }] };`.',
            push,
          ]
        : [
            'Запишите `providers` простым списком: только строки и `process.env.NAME`.',
            'Если значения приходится вычислять, сверьте `domain` и `applicationID` с токенами Clerk вручную: `npx clerk-convex-doctor token`.',
          ],
    }),
    APPLICATION_ID_WRONG: () => ({
      title: '`applicationID` в `auth.config.ts` — не `convex`',
      fix: ['Задайте `applicationID: "convex"` в `convex/auth.config.ts`: значение сравнивается с `aud` токена.', push],
    }),

    ISSUER_ENV_MISSING: ({ name, expected }) => ({
      title: `В развёртывании Convex не задана переменная ${code(name)}`,
      fix: [whereIssuer, setIssuer(name, expected), push],
    }),
    ISSUER_TRAILING_SLASH: ({ name, expected, isWrittenOut }) => ({
      title: `В конце ${code(name)} лишняя косая черта`,
      fix: [isWrittenOut ? setWrittenIssuer(name, expected) : setIssuer(name, expected), push],
    }),
    ISSUER_NOT_HTTPS: ({ name, expected, isWrittenOut }) => ({
      title: `${code(name)} начинается не с \`https://\``,
      fix: [isWrittenOut ? setWrittenIssuer(name, expected) : setIssuer(name, expected), push],
    }),
    ISSUER_WITH_PATH: ({ name, expected, isWrittenOut }) => ({
      title: `В ${code(name)} есть путь, а издатель — это только адрес`,
      fix: [isWrittenOut ? setWrittenIssuer(name, expected) : setIssuer(name, expected), push],
    }),
    ISSUER_OF_ANOTHER_INSTANCE: ({ name, expected }) => ({
      title: `${code(name)} и publishable key относятся к разным инстансам Clerk`,
      fix: [
        'Решите, какой инстанс нужен. Ключу разработки соответствует `….clerk.accounts.dev`, ключу продакшена — ваш домен.',
        setIssuer(name, expected),
        push,
      ],
    }),
    IDENTITY_PROVIDER_UNREACHABLE: ({ domain }) => ({
      title: 'Convex не может получить у Clerk ключи для проверки токенов',
      fix: [
        'Подождите: это проходит само, и пользователи остаются в системе.',
        openDiscovery(domain),
        'Посмотрите `https://status.clerk.com` и `https://status.convex.dev`.',
      ],
    }),
    IDENTITY_PROVIDER_WRONG: ({ domain }) => ({
      title: 'По адресу издателя отвечает не провайдер идентификации',
      fix: [openDiscovery(domain), whereIssuer, setIssuer('CLERK_JWT_ISSUER_DOMAIN', undefined), push],
    }),

    PUBLISHABLE_KEY_MISSING: ({ name, mayBeOnHost, utf16 }) => ({
      title: mayBeOnHost
        ? `Ни в одном env-файле здесь нет publishable key ${code(name)}`
        : `Не задан publishable key ${code(name)}`,
      fix: [
        ...(mayBeOnHost ? [onHost] : asUtf8(utf16)),
        copyKey,
        `Добавьте ${publicVariable(name, 'CLERK_PUBLISHABLE_KEY', '=pk_test_…')} в \`.env.local\` и в переменные окружения на хостинге.`,
        restart,
      ],
    }),
    PUBLISHABLE_KEY_MALFORMED: ({ name }) => ({
      title: `У publishable key ${code(name)} неверный формат`,
      fix: [copyKey, 'Вставьте его целиком, без кавычек и пробелов.', restart],
    }),
    PUBLISHABLE_KEY_NOT_EXPOSED: ({ seen, expected }) => ({
      title: `Под именем ${code(seen)} publishable key не виден браузеру`,
      fix: [
        `Переименуйте ${code(seen)} в ${code(expected)}: до браузера доходят только переменные с этим префиксом.`,
        restart,
      ],
    }),
    TEST_KEY_IN_PRODUCTION: ({ name }) => ({
      title: 'Продакшен работает с publishable key инстанса разработки',
      fix: [
        'Переключитесь на Production вверху панели Clerk и скопируйте ключ из Configure → API keys.',
        `Задайте ${publicVariable(name, 'CLERK_PUBLISHABLE_KEY', '=pk_live_…')} и \`CLERK_SECRET_KEY=sk_live_…\` там, где продакшен собирается и работает.`,
        'Выполните `npx convex env set CLERK_JWT_ISSUER_DOMAIN https://clerk.your-domain.com --prod`.',
        'Соберите и разверните приложение заново.',
      ],
    }),
    SECRET_KEY_MISSING: ({ name, mayBeOnHost, utf16 }) => ({
      title: mayBeOnHost
        ? `Ни в одном env-файле здесь нет секретного ключа ${code(name)}`
        : `Не задан секретный ключ ${code(name)}`,
      fix: [
        ...(mayBeOnHost ? [onHost] : asUtf8(utf16)),
        copyKey,
        `Добавьте ${code(`${name}=sk_test_…`)} в \`.env.local\` и в переменные окружения на хостинге.`,
        'Перезапустите сервер.',
      ],
    }),
    SECRET_KEY_MALFORMED: ({ name }) => ({
      title: `У секретного ключа ${code(name)} неверный формат`,
      fix: [copyKey, 'Вставьте его целиком, без кавычек и пробелов.', 'Перезапустите сервер.'],
    }),
    SECRET_KEY_OF_ANOTHER_INSTANCE: ({ name }) => ({
      title: `Секретный ключ ${code(name)} и publishable key — от разных инстансов Clerk`,
      fix: [
        'Выберите в панели Clerk приложение и инстанс (Development или Production).',
        'Скопируйте оба ключа из Configure → API keys и замените оба.',
        'Перезапустите сервер.',
      ],
    }),
    SECRET_KEY_REFUSED: ({ name }) => ({
      title: `Clerk не принимает секретный ключ ${code(name)}`,
      fix: [
        'Посмотрите в панели Clerk → Configure → API keys, не удалён ли он и не заменён ли новым.',
        'Скопируйте действующий ключ и замените старый везде, где работает приложение.',
      ],
    }),
    SECRET_KEY_IN_PUBLIC_VARIABLE: ({ name }) => ({
      title: `Секретный ключ лежит в ${code(name)}, и его может прочитать любой посетитель`,
      fix: [
        'Создайте новый секретный ключ в панели Clerk → Configure → API keys и удалите старый: считайте, что он уже известен посторонним.',
        `Запишите новый ключ в \`CLERK_SECRET_KEY\`, только на сервере, а старый уберите из ${code(name)}.`,
        'Соберите и разверните приложение заново, чтобы старого ключа не осталось ни в одной сборке.',
      ],
    }),
    CLERK_SECRET_KEY_MISSING_IN_CONVEX: () => ({
      title: 'Функция Convex читает `CLERK_SECRET_KEY`, а в развёртывании он не задан',
      fix: [
        copyKey,
        'Выполните `npx convex env set CLERK_SECRET_KEY sk_test_…` со своим ключом (для продакшена добавьте `--prod`) или задайте его в панели Convex → Settings → Environment variables. Convex не читает `.env.local`.',
      ],
    }),
    ENV_FILE_NOT_IGNORED: ({ file, isTracked }) => ({
      title: `В ${code(file)} лежат секреты, а git его ${isTracked ? 'отслеживает' : 'не игнорирует'}`,
      fix: isTracked
        ? [
            'Смените все секреты из него: они останутся в истории git, и их знает каждый, кто может читать репозиторий.',
            `Выполните ${code(`git rm --cached -- ${argument(file)}`)}: сам файл останется на месте.`,
            `Добавьте ${code(file)} в \`.gitignore\` и закоммитьте то и другое.`,
          ]
        : [
            `Добавьте ${code(file)} в \`.gitignore\`.`,
            `Если файл уже попал в коммит, выполните ${code(`git rm --cached -- ${argument(file)}`)} и смените все секреты из него.`,
          ],
    }),
    SECRET_IN_TRACKED_FILE: ({ kind }) => ({
      title: `В файле под контролем git лежит ${tracked[kind].name}`,
      fix: [
        tracked[kind].rotate,
        'Уберите старый из файла. В истории git он останется, поэтому сначала его нужно сменить.',
        kind === 'deploy_key'
          ? 'Храните новый как `CONVEX_DEPLOY_KEY` среди секретов хостинга или CI; для разработки он не нужен.'
          : 'Храните новый в `.env.local`, который git игнорирует.',
      ],
    }),

    CONVEX_URL_MISSING: ({ name, mayBeOnHost, utf16 }) => ({
      title: mayBeOnHost
        ? `Ни в одном env-файле здесь нет Convex URL ${code(name)}`
        : `Не задан Convex URL ${code(name)}`,
      fix: [
        ...(mayBeOnHost ? [onHost] : asUtf8(utf16)),
        'Выполните `npx convex dev`: команда запишет URL в `.env.local`.',
        `На хостинге задайте ${publicVariable(name, 'CONVEX_URL')} сами или собирайте через \`npx convex deploy --cmd "npm run build"\`: команда сделает это за вас.`,
        restart,
      ],
    }),
    CONVEX_URL_MALFORMED: ({ name }) => ({
      title: `У Convex URL ${code(name)} неверный формат`,
      fix: [
        'Скопируйте URL развёртывания из панели Convex → Settings. Он оканчивается на `.convex.cloud`; `.convex.site` — для HTTP actions.',
        restart,
      ],
    }),
    CONVEX_URL_OF_ANOTHER_DEPLOYMENT: ({ name }) => ({
      title: `${code(name)} и \`CONVEX_DEPLOYMENT\` указывают на разные развёртывания`,
      fix: [
        'Выполните `npx convex dev`: команда запишет оба значения в `.env.local`.',
        'Уберите их старые копии из остальных файлов `.env`.',
        restart,
      ],
    }),
    CONVEX_UNREACHABLE: ({ url }) => ({
      title: 'Развёртывание Convex недоступно',
      fix: [
        `Откройте ${code(url)} в браузере. Если адрес не найден, развёртывание удалено или в URL опечатка.`,
        'Для локального развёртывания `npx convex dev` должен быть запущен.',
        'За брандмауэром или VPN разрешите HTTPS и WebSocket к `*.convex.cloud`.',
      ],
    }),
    USERS_TABLE_MISSING: () => ({
      title: 'Функции обращаются к таблице `users`, а в схеме её нет',
      fix: ['Добавьте таблицу `users` в `convex/schema.ts` или выполните `npx clerk-convex-doctor --fix`.', push],
    }),
    FUNCTION_RAN_WITHOUT_IDENTITY: () => ({
      title: 'Функция Convex выполнилась анонимно, хотя пользователь вошёл',
      fix: [
        'Сначала исправьте остальное: с токеном, который Convex не принимает, все функции выполняются анонимно.',
        'Вызывайте её, когда Convex готов: внутри `<Authenticated>` или когда `useConvexAuth().isAuthenticated` равно true. `isSignedIn` из Clerk становится true раньше.',
        'Чтобы сохранить пользователя, возьмите `<UserSync>`: он этого дожидается.',
      ],
    }),

    WEBHOOK_SECRET_MISSING: ({ name, mayBeOnHost, utf16 }) => ({
      title: mayBeOnHost
        ? `Ни в одном env-файле здесь нет секрета подписи вебхука ${code(name)}`
        : `Не задан секрет подписи вебхука ${code(name)}`,
      fix: [
        ...(mayBeOnHost ? [onHost] : asUtf8(utf16)),
        'Скопируйте Signing Secret: панель Clerk → Configure → Webhooks → ваш эндпоинт.',
        `Задайте его там, где работает обработчик: в Convex — ${code(`npx convex env set ${argument(name)} whsec_…`)}, иначе — в \`.env.local\` и на хостинге.`,
        'Перезапустите сервер и отправьте тестовое событие с вкладки Testing эндпоинта.',
      ],
    }),
    WEBHOOK_SECRET_MALFORMED: ({ name }) => ({
      title: `У секрета подписи вебхука ${code(name)} неверный формат`,
      fix: [
        'Заново скопируйте Signing Secret: панель Clerk → Configure → Webhooks → ваш эндпоинт — `whsec_` и всё, что за ним.',
        'Вставьте его без кавычек и пробелов. Это не секретный ключ и не идентификатор эндпоинта.',
        'Перезапустите сервер.',
      ],
    }),
    WEBHOOK_ROUTE_MISSING: ({ expected, isInApp, status }) => ({
      title: status === undefined ? 'К обработчику вебхуков не ведёт ни один маршрут' : 'Адрес вебхука отвечает 404',
      fix: [
        status === undefined
          ? `Создайте маршрут в ${code(expected)}${isInApp ? '' : ' или выполните `npx clerk-convex-doctor --fix`'}.`
          : `Проверьте, совпадает ли путь в ${code(expected)} с маршрутом в коде и развёрнут ли там код с этим маршрутом.`,
        'Укажите тот же путь у эндпоинта в панели Clerk → Configure → Webhooks. HTTP actions в Convex доступны по адресу `https://<deployment>.convex.site`.',
        testEvent,
      ],
    }),
    WEBHOOK_METHOD_REFUSED: () => ({
      title: 'Маршрут вебхука не принимает POST',
      fix: [
        'Обработайте POST: `export const POST = …` в Next.js, `method: "POST"` в `http.route` в Convex.',
        testEvent,
      ],
    }),
    WEBHOOK_ROUTE_PROTECTED: () => ({
      title: 'Middleware не пропускает вебхук Clerk: требует входа',
      fix: [
        'Исключите маршрут вебхука из того, что защищает `clerkMiddleware`: объявите его публичным в `createRouteMatcher`.',
        'Сделайте то же во всём, что стоит перед приложением: защита развёртываний, basic auth, брандмауэр.',
        testEvent,
      ],
    }),
    WEBHOOK_SIGNATURE_REFUSED: ({ accepted }) => ({
      title:
        accepted > 0
          ? 'Секрет подписи подходит лишь к меньшей части доставок вебхука'
          : 'Секрет подписи не подходит ни к одной доставке вебхука',
      fix: [
        'Скопируйте Signing Secret именно этого эндпоинта (панель Clerk → Configure → Webhooks → ваш эндпоинт): у каждого эндпоинта каждого инстанса он свой.',
        'Задайте его там, где работает обработчик, как `CLERK_WEBHOOK_SIGNING_SECRET`: для HTTP action в Convex — `npx convex env set`, для маршрута приложения — в настройках хостинга. Разверните приложение заново.',
        'Если секрет верный, пусть ничто не читает и не меняет тело запроса до обработчика: `express.json()`, прокси, который переписывает JSON.',
      ],
    }),
    WEBHOOK_ENDPOINT_FAILING: ({ status, location }) => ({
      title:
        status < 300
          ? 'Эндпоинт вебхука принимает запросы без подписи'
          : status < 400
            ? 'Эндпоинт вебхука отвечает редиректом, а доставки за ним не следуют'
            : 'Обработчик вебхука завершается с ошибкой',
      fix: [
        status < 300
          ? 'Проверяйте подпись прежде всего остального: `createClerkWebhookHandler` это делает.'
          : status < 400
            ? `Укажите у эндпоинта в панели Clerk адрес, на который он перенаправляет${location === undefined ? '' : `: ${code(location)}`}, или уберите редирект (\`www\`, косая черта в конце, HTTPS).`
            : 'Прочитайте лог сервера по этому запросу. Обычные причины: не задан секрет подписи или тело запроса уже разобрано.',
        testEvent,
      ],
    }),
    WEBHOOK_UNREACHABLE: () => ({
      title: 'Эндпоинт вебхука недоступен',
      fix: [
        'Нужен публичный адрес HTTPS: до `localhost` Clerk не достучится. Для разработки подойдёт туннель или HTTP action в Convex.',
        'Укажите этот адрес в панели Clerk → Configure → Webhooks → ваш эндпоинт.',
      ],
    }),

    MIDDLEWARE_MISSING: ({ expected, found, path }) => ({
      title:
        path !== undefined
          ? `Middleware от Clerk не запускается для ${code(path)}, где вызывается \`auth()\``
          : found === undefined
            ? 'Нет middleware от Clerk'
            : 'Middleware от Clerk лежит там, где фреймворк его не читает',
      fix: [
        path !== undefined
          ? `Добавьте путь ${code(path)} в \`config.matcher\` в ${code(expected)}: там, где middleware не запускается, \`auth()\` выбрасывает ошибку.`
          : found === undefined
            ? `Создайте ${code(expected)} с \`clerkMiddleware()\` от Clerk: без него \`auth()\` выбрасывает ошибку.`
            : `Перенесите ${code(found)} в ${code(expected)}: под этим именем и в этом месте его читают.`,
        'Перезапустите dev-сервер.',
      ],
    }),
    MIDDLEWARE_AND_PROXY: () => ({
      title: 'Есть и `proxy.ts`, и `middleware.ts`, а Next.js принимает только один из них',
      fix: [
        'Перенесите код из `middleware.ts` в `proxy.ts`: так файл называется начиная с Next.js 16.',
        'Удалите `middleware.ts` и перезапустите dev-сервер.',
      ],
    }),
    MIDDLEWARE_WITHOUT_CLERK: ({ file }) => ({
      title: `${code(file)} не вызывает \`clerkMiddleware()\``,
      fix: [
        `Вызовите \`clerkMiddleware()\` в ${code(file)}; то, что там уже есть, можно выполнять внутри его колбэка.`,
        'Перезапустите dev-сервер.',
      ],
    }),

    FRONTEND_API_NOT_RESOLVED: ({ host, isEverybody }) => ({
      title: 'Хост Clerk Frontend API не найден в DNS',
      fix: [
        ...everybody(isEverybody),
        `Выполните ${code(`nslookup ${argument(host)}`)} здесь и в другой сети. Если там имя находится, дело в DNS, VPN или блокировщике этой сети.`,
        'Для инстанса продакшена добавьте записи CNAME из панели Clerk → Configure → Domains.',
        'Для инстанса разработки заново скопируйте publishable key: хост записан в нём.',
      ],
    }),
    FRONTEND_API_UNREACHABLE: ({ host, isEverybody }) => ({
      title: 'Clerk Frontend API недоступен',
      fix: [
        ...everybody(isEverybody),
        `Откройте ${code(`https://${host}/v1/environment`)} в браузере: в ответ должен прийти JSON.`,
        'Попробуйте без VPN, прокси, брандмауэра и блокировщика рекламы или в другой сети.',
        'Посмотрите `https://status.clerk.com`.',
      ],
    }),
    FRONTEND_API_TLS_FAULT: ({ isEverybody }) => ({
      title: 'TLS-сертификат Clerk Frontend API не принимается',
      fix: [
        ...everybody(isEverybody),
        'Для инстанса продакшена посмотрите в панели Clerk → Configure → Domains, выпущен ли сертификат; записи CNAME не должны идти через прокси (в Cloudflare — DNS only).',
        'В корпоративной сети установите её корневой сертификат; для Node.js укажите его в `NODE_EXTRA_CA_CERTS`.',
        'Поправьте часы на этом устройстве.',
      ],
    }),
    CAPTIVE_PORTAL: () => ({
      title: 'Вместо Clerk отвечает что-то другое',
      fix: [
        'Откройте любую страницу и войдите в Wi-Fi, если сеть этого требует.',
        'Если дело не в этом, попробуйте без прокси и VPN или в другой сети.',
        'Если везде одно и то же, хост ведёт на другой сервер: для инстанса продакшена сверьте его запись CNAME с панелью Clerk → Configure → Domains.',
      ],
    }),
    FRONTEND_API_FAILING: ({ host, isProxy, isFirewall, isUnknown }) => {
      if (isFirewall)
        return {
          title: 'Запрос остановил брандмауэр перед Clerk Frontend API',
          fix: [
            `Откройте ${code(`https://${host}/v1/environment`)} в браузере. Если сразу появился JSON, брандмауэр не пропускает только этот компьютер, и пользователи могут войти.`,
            'Если там просят доказать, что вы человек, приложение тоже не пройдёт. На своём домене отключите прокси для записей CNAME от Clerk (в Cloudflare — DNS only); при `proxyUrl` исключите этот путь из проверок брандмауэра.',
          ],
        };
      if (isProxy)
        return {
          title: 'Собственный прокси приложения не ведёт к Clerk Frontend API',
          fix: [
            'Откройте адрес из `proxyUrl`, дописав `/v1/environment`: в ответ должен прийти JSON.',
            'Перенаправьте этот путь и всё, что под ним, на Clerk Frontend API; исключите его из редиректов, проверки входа и страницы для остальных путей.',
            'Сверьте адрес с прокси в панели Clerk → Configure → Domains.',
          ],
        };
      if (isUnknown)
        return {
          title: 'У Clerk нет инстанса на хосте из publishable key',
          fix: [
            copyKey,
            'Если ключ тот же, его приложение или домен удалены: выберите другое в панели Clerk или создайте новое.',
            restart,
          ],
        };
      return {
        title: 'Clerk Frontend API отвечает ошибкой',
        fix: [
          'Посмотрите `https://status.clerk.com`.',
          'Подождите: попытки повторяются, и пользователи остаются в системе.',
        ],
      };
    },
    ORIGIN_NOT_ALLOWED: () => ({
      title: 'Clerk не принимает запросы с этого origin',
      fix: [
        'На `localhost` и в превью используйте publishable key инстанса разработки (`pk_test_…`): `pk_live_…` работает только на своём домене.',
        'В продакшене открывайте приложение на домене из панели Clerk → Configure → Domains или измените его там.',
      ],
    }),
    CLERK_JS_BLOCKED: ({ host, reason }) => ({
      title:
        reason === 'csp' ? 'Content Security Policy этой страницы блокирует скрипт Clerk' : 'Скрипт Clerk заблокирован',
      fix:
        reason === 'csp'
          ? [
              `Добавьте ${code(`https://${host}`)} в \`script-src\` и \`connect-src\`.`,
              "Добавьте `worker-src 'self' blob:`, `img-src https://img.clerk.com`, а также `https://challenges.cloudflare.com` в `script-src` и `frame-src`.",
            ]
          : [
              `Разрешите ${code(host)} в блокировщике рекламы, расширении приватности или брандмауэре.`,
              'Если это мешает многим, отдавайте Clerk со своего домена: инстанс продакшена или `proxyUrl`.',
            ],
    }),
    THIRD_PARTY_COOKIES_BLOCKED: ({ host }) => ({
      title: 'Браузер блокирует cookies Clerk как сторонние',
      fix: [
        `Разрешите в этом браузере cookies для ${oneOr(host, '*.clerk.accounts.dev')}.`,
        'Для всех пользователей подойдёт инстанс продакшена, где Frontend API — поддомен вашего домена, или `proxyUrl`.',
      ],
    }),
    CLERK_INCIDENT: () => ({
      title: 'На странице статуса Clerk сообщают о сбое',
      fix: [
        'Следите за ним на `https://status.clerk.com`.',
        'Пока ничего не меняйте: пользователи остаются в системе.',
      ],
    }),
    TOKEN_REQUESTS_FAILED: () => ({
      title: 'Некоторые запросы токена завершились ошибкой и были повторены',
      fix: [
        'Делать ничего не нужно: такое проходит само, и пользователи остаются в системе.',
        'Если таких запросов много, попробуйте без VPN, прокси и блокировщика рекламы и посмотрите `https://status.clerk.com`.',
      ],
    }),

    CLERK_REACT_DEPRECATED: () => ({
      title: 'Пакет `@clerk/clerk-react` устарел',
      fix: [
        'Выполните `npx @clerk/upgrade`: он покажет и внесёт изменения, которых требует `@clerk/react`.',
        'Установите `@clerk/react`, удалите `@clerk/clerk-react` и везде импортируйте из нового.',
        'Если приложение импортирует `clerk-convex-resilience/clerk-react`, импортируйте вместо него `clerk-convex-resilience`.',
      ],
    }),
    VERSION_UNSUPPORTED: ({ name, expected, isWithoutLibrary }) => ({
      title: `\`clerk-convex-resilience\` не поддерживает эту версию ${code(name)}`,
      fix: [
        ...(isWithoutLibrary ? ['Если в приложении нет `clerk-convex-resilience`, оставьте всё как есть.'] : []),
        `Установите ${code(name)} версии, которая подходит под ${code(expected)}.`,
        'Если `package.json` уже просит такую версию, переустановите зависимости: в `node_modules` лежит другая. Перезапустите dev-сервер.',
      ],
    }),
    REACT_DUPLICATED: () => ({
      title: 'Подключены две копии React',
      fix: [
        'Выполните `npm ls react` (`pnpm why react`) и посмотрите, кто тянет вторую.',
        'Задайте всем пакетам воркспейса одну версию; в библиотеке React должен быть в `peerDependencies`.',
        'С Vite добавьте `resolve: { dedupe: ["react", "react-dom"] }` в `vite.config.ts`.',
      ],
    }),
    CONVEX_DUPLICATED: () => ({
      title: 'Подключены две копии клиента Convex',
      fix: [
        'Выполните `npm ls convex` (`pnpm why convex`) и посмотрите, кто тянет вторую.',
        'Задайте всем пакетам воркспейса одну версию; в библиотеке Convex должен быть в `peerDependencies`.',
        'С Vite добавьте `resolve: { dedupe: ["convex"] }` в `vite.config.ts`.',
      ],
    }),

    STALE_CLERK_COOKIES: () => ({
      title: 'В браузере остались cookies другого инстанса Clerk',
      fix: [
        'Удалите данные сайта: инструменты разработчика → Application → Storage → Clear site data.',
        'Войдите снова.',
        'На `localhost` cookies общие для всех портов: для каждого проекта заведите отдельный профиль браузера.',
      ],
    }),
    STALE_BUILD_CACHE: ({ folder, file }) => ({
      title: `Сборка в ${code(folder)} старше ключей в ${code(file)}`,
      fix: [
        `Остановите dev-сервер и удалите папку ${code(folder)}.`,
        'Запустите его снова или соберите приложение заново.',
      ],
    }),

    PROVIDER_ORDER_WRONG: ({ outer, inner }) => ({
      title: 'Провайдер Convex стоит снаружи `ClerkProvider`',
      fix: [
        `Оберните ${code(`<${outer}>`)} в ${code(`<${inner}>`)}.`,
        'Сделайте то же в тестах и сторис, где рендерятся провайдеры.',
      ],
    }),
    CLERK_PROVIDER_MISSING: ({ name }) => ({
      title: '`ClerkProvider` нигде не рендерится',
      fix: [
        `Оберните ${code(`<${name}>`)} в \`<ClerkProvider>\` из того же пакета, что и \`useAuth\`.`,
        'Передайте ему publishable key, если пакет не читает его сам.',
      ],
    }),
    USE_AUTH_OF_ANOTHER_PACKAGE: ({ seen, expected }) => ({
      title: `\`useAuth\` взят из ${code(seen)}, а \`ClerkProvider\` — из ${code(expected)}`,
      fix: [
        `Импортируйте \`useAuth\` из ${code(expected)}.`,
        `Удалите ${code(seen)} из \`package.json\`, если он больше нигде не нужен.`,
      ],
    }),
    CONVEX_PROVIDER_WITHOUT_AUTH: ({ seen, expected }) => ({
      title: `Convex не получает токен Clerk: ${code(`<${seen}>`)} ни у кого его не запрашивает`,
      fix: [
        `Замените ${code(`<${seen}>`)} на ${code(`<${expected}>`)} и передайте ему \`useAuth\` из Clerk.`,
        'Он должен стоять внутри `ClerkProvider`.',
      ],
    }),
  },
  values,
);
