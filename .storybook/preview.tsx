import 'clerk-convex-resilience/styles.css';
import type { Decorator, Preview } from '@storybook/react-vite';
import type { AuthErrorHandlerProps } from 'clerk-convex-resilience';
import { languages, messagesOf } from '../stories/support/languages.ts';

/** The page's scheme, and the language and direction of the handler, as the toolbar says. */
const withToolbar: Decorator = (Story, { args, globals }) => {
  const { theme, language, direction } = globals;
  const { locale, messages, ...rest } = args as AuthErrorHandlerProps;
  const chosen = {
    ...rest,
    locale: locale ?? messagesOf(language),
    messages: { ...messages, ...(direction !== 'auto' && { dir: direction }) },
  };
  document.documentElement.style.colorScheme = theme;
  document.documentElement.dataset.theme = theme;
  return <Story args={chosen} />;
};

const preview: Preview = {
  decorators: [withToolbar],
  initialGlobals: { theme: 'light', language: 'en', direction: 'auto' },
  globalTypes: {
    theme: {
      toolbar: {
        title: 'Theme',
        icon: 'mirror',
        items: [
          { value: 'light', title: 'Light' },
          { value: 'dark', title: 'Dark' },
        ],
        dynamicTitle: true,
      },
    },
    language: {
      toolbar: {
        title: 'Language',
        icon: 'globe',
        items: languages.map(({ value, title }) => ({ value, title, right: value })),
        dynamicTitle: true,
      },
    },
    direction: {
      toolbar: {
        title: 'Direction',
        icon: 'transfer',
        items: [
          { value: 'auto', title: 'Of the language' },
          { value: 'ltr', title: 'Left to right' },
          { value: 'rtl', title: 'Right to left' },
        ],
        dynamicTitle: true,
      },
    },
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
    options: { storySort: { order: ['Start here', 'AuthErrorHandler', 'Network lab'] } },
  },
};

export default preview;
