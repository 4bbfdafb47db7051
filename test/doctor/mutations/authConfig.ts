import { edit, type Mutation } from '../Draft.ts';
import * as instance from '../projects/instance.ts';

const config = ({ project }: Parameters<Mutation['make']>[0]) => `${project.convex}auth.config.ts`;

/** What the deployment expects of a token: auth.config.ts, and the issuer's variable. */
export const authConfigMutations: readonly Mutation[] = [
  {
    name: 'no auth.config.ts',
    codes: ['AUTH_CONFIG_MISSING'],
    parts: ['auth config', 'issuer'],
    make: (draft) => {
      draft.files.delete(config(draft));
    },
  },
  {
    name: 'auth.config.ts without providers',
    codes: ['AUTH_CONFIG_WITHOUT_ISSUER'],
    parts: ['auth config', 'issuer'],
    make: (draft) => void draft.files.set(config(draft), 'export default {\n  providers: [],\n};\n'),
  },
  {
    name: 'auth.config.ts with the issuer of another service alone',
    codes: ['AUTH_CONFIG_WITHOUT_ISSUER'],
    // Without the publishable key nobody knows which instance it should be.
    parts: ['auth config', 'issuer', 'publishable key'],
    make: (draft) =>
      void draft.files.set(
        config(draft),
        `export default {
  providers: [{ domain: "https://acme.eu.auth0.com", applicationID: "convex" }],
};
`,
      ),
  },
  {
    name: 'auth.config.ts with the issuer of another instance written out',
    codes: ['AUTH_CONFIG_WITHOUT_ISSUER'],
    // Without the publishable key nobody knows which instance it should be.
    parts: ['auth config', 'issuer', 'publishable key'],
    make: (draft) =>
      void draft.files.set(
        config(draft),
        `export default {
  providers: [{ domain: "${instance.otherIssuer}", applicationID: "convex" }],
};
`,
      ),
  },
  {
    name: 'auth.config.ts that only a run could tell',
    codes: ['AUTH_CONFIG_UNREADABLE'],
    parts: ['auth config', 'issuer'],
    make: (draft) =>
      void draft.files.set(
        config(draft),
        `const response = await fetch("https://config.example.com/auth");

export default { providers: await response.json() };
`,
      ),
  },
  {
    name: 'auth.config.ts that is cut off',
    codes: ['AUTH_CONFIG_UNREADABLE'],
    parts: ['auth config', 'issuer'],
    make: (draft) =>
      void draft.files.set(config(draft), 'export default {\n  providers: [\n    {\n      domain: process.env'),
  },
  {
    name: 'an applicationID that is not convex',
    codes: ['APPLICATION_ID_WRONG'],
    parts: ['auth config'],
    make: (draft) => edit(draft, config(draft), /applicationID: (["'])convex\1/, 'applicationID: "my-app"'),
  },
  {
    name: 'an applicationID in another case',
    codes: ['APPLICATION_ID_WRONG'],
    parts: ['auth config'],
    make: (draft) => edit(draft, config(draft), /applicationID: (["'])convex\1/, 'applicationID: "Convex"'),
  },
  {
    name: "the deployment lacks the issuer's variable",
    codes: ['ISSUER_ENV_MISSING'],
    parts: ['issuer', 'auth config'],
    make: (draft) => {
      delete draft.deploymentEnv[draft.project.names.issuer];
    },
  },
  {
    name: 'an issuer with a slash at its end',
    codes: ['ISSUER_TRAILING_SLASH'],
    parts: ['issuer', 'auth config'],
    make: (draft) => {
      draft.deploymentEnv[draft.project.names.issuer] = `${instance.issuer}/`;
    },
  },
  {
    name: 'an issuer with http',
    codes: ['ISSUER_NOT_HTTPS'],
    parts: ['issuer', 'auth config'],
    make: (draft) => {
      draft.deploymentEnv[draft.project.names.issuer] = `http://${instance.host}`;
    },
  },
  {
    name: 'the address of the keys in place of the issuer',
    codes: ['ISSUER_WITH_PATH'],
    parts: ['issuer', 'auth config', 'publishable key'],
    make: (draft) => {
      draft.deploymentEnv[draft.project.names.issuer] = `${instance.issuer}/.well-known/jwks.json`;
    },
  },
  {
    name: 'the issuer of another instance',
    codes: ['ISSUER_OF_ANOTHER_INSTANCE'],
    parts: ['issuer', 'auth config', 'publishable key'],
    make: (draft) => {
      draft.deploymentEnv[draft.project.names.issuer] = instance.otherIssuer;
    },
  },
  {
    name: 'the identity provider does not answer',
    codes: ['IDENTITY_PROVIDER_UNREACHABLE'],
    parts: ['identity provider', 'issuer', 'auth config'],
    make: (draft) => {
      draft.network = {
        ...draft.network,
        identityProvider: { host: instance.host, issuer: instance.issuer, fault: 'timeout', reason: 'ETIMEDOUT' },
      };
    },
  },
  {
    name: 'the issuer answers as no identity provider does',
    codes: ['IDENTITY_PROVIDER_WRONG'],
    parts: ['identity provider', 'issuer', 'auth config'],
    make: (draft) => {
      draft.network = {
        ...draft.network,
        identityProvider: {
          host: instance.host,
          issuer: instance.issuer,
          status: 404,
          contentType: 'text/html',
          isGenuine: false,
        },
      };
    },
  },
];
