import 'clerk-convex-resilience/styles.css';
import type { Decorator, Preview } from '@storybook/react-vite';
import type { AuthErrorHandlerProps } from 'clerk-convex-resilience';
import type { ArgTypesEnhancer } from 'storybook/internal/types';
import { languages, messagesOf } from '../stories/support/languages.ts';

/** The page's scheme, and the language and direction of page and handler, as the toolbar says. */
const withToolbar: Decorator = (Story, { args, globals }) => {
  const { theme, language, direction } = globals;
  const { locale = messagesOf(language), messages, ...rest } = args as AuthErrorHandlerProps;
  const dir = direction === 'auto' ? locale.dir : direction;
  const page = document.documentElement;
  page.style.colorScheme = theme;
  Object.assign(page, { dir, lang: locale.lang });
  return <Story args={{ ...rest, locale, messages: { ...messages, dir } }} />;
};

interface Docgen {
  readonly description?: string;
  readonly tsType?: { readonly name: string; readonly raw?: string };
}

/** Takes the default from the docstring, where it stands as `@defaultValue`, and the type as it is written. */
const withDocstrings: ArgTypesEnhancer = ({ argTypes, component }) => {
  const { props = {} } = (component as { __docgenInfo?: { props?: Record<string, Docgen> } })?.__docgenInfo ?? {};
  return Object.fromEntries(
    Object.entries(argTypes).map(([name, argType]) => {
      const { description: docstring = argType.description ?? '', tsType } = props[name] ?? {};
      const [description = '', summary] = docstring.split(/\s*@defaultValue\s+/);
      const type = (tsType?.raw ?? tsType?.name)?.replace(/\s*\|\s*undefined$/, '');
      const table = {
        ...argType.table,
        ...(summary !== undefined && { defaultValue: { summary } }),
        ...(type !== undefined && { type: { summary: type } }),
      };
      return [name, { ...argType, description, table }];
    }),
  );
};

const menu = (title: string, icon: 'mirror' | 'globe' | 'transfer', items: { value: string; title: string }[]) => ({
  toolbar: { title, icon, items, dynamicTitle: true },
});

const preview: Preview = {
  decorators: [withToolbar],
  argTypesEnhancers: [withDocstrings],
  initialGlobals: { theme: 'light', language: 'en', direction: 'auto' },
  globalTypes: {
    theme: menu('Theme', 'mirror', [
      { value: 'light', title: 'Light' },
      { value: 'dark', title: 'Dark' },
    ]),
    language: menu(
      'Language',
      'globe',
      languages.map((language) => ({ ...language, right: language.value })),
    ),
    direction: menu('Direction', 'transfer', [
      { value: 'auto', title: 'Of the language' },
      { value: 'ltr', title: 'Left to right' },
      { value: 'rtl', title: 'Right to left' },
    ]),
  },
  parameters: {
    layout: 'fullscreen',
    a11y: { test: 'error' },
    controls: { expanded: true },
    viewport: {
      options: {
        narrow: { name: 'Narrowest (280 px)', styles: { width: '280px', height: '640px' }, type: 'mobile' },
        phone: { name: 'Phone (320 px)', styles: { width: '320px', height: '640px' }, type: 'mobile' },
        tablet: { name: 'Tablet (768 px)', styles: { width: '768px', height: '1024px' }, type: 'tablet' },
        desktop: { name: 'Desktop (1280 px)', styles: { width: '1280px', height: '800px' }, type: 'desktop' },
      },
    },
    docs: { story: { inline: false, iframeHeight: 320 } }, // a banner is fixed to its page, and would lie over the text
    options: {
      storySort: {
        order: ['Start here', 'AuthErrorHandler', ['Usage', 'At a glance'], 'Network lab', 'AuthDevtools', ['Usage']],
      },
    },
  },
};

export default preview;
