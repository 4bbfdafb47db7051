type Json = Record<string, unknown>;

export interface EnvironmentOptions {
  readonly multiSession: boolean;
  readonly organizations: boolean;
  readonly forceOrganizationSelection: boolean;
}

/** How the instance is set up: e-mail address and password, no verification, organisations where there are any. */
export function environmentJson({ multiSession, organizations, forceOrganizationSelection }: EnvironmentOptions): Json {
  return {
    object: 'environment',
    id: 'env_emulator',
    maintenance_mode: false,
    client_debug_mode: false,
    partitioned_cookies: false,
    auth_config: {
      object: 'auth_config',
      id: 'aac_emulator',
      single_session_mode: !multiSession,
      claimed_at: null,
      reverification: false,
      preferred_channels: {},
      session_minter: false,
    },
    display_config: displayConfig,
    user_settings: userSettings(organizations),
    organization_settings: {
      enabled: organizations,
      max_allowed_memberships: 100,
      force_organization_selection: forceOrganizationSelection,
      actions: { admin_delete: true },
      domains: { enabled: false, enrollment_modes: [], default_role: 'org:member' },
      slug: { disabled: false },
      organization_creation_defaults: { enabled: false },
    },
    commerce_settings: {
      object: 'commerce_settings',
      id: 'commerce_emulator',
      billing: {
        stripe_publishable_key: null,
        free_trial_requires_payment_method: true,
        organization: { enabled: false, has_paid_plans: false },
        user: { enabled: false, has_paid_plans: false },
      },
    },
    api_keys_settings: {
      object: 'api_keys_settings',
      id: 'aks_emulator',
      enabled: false,
      user_api_keys_enabled: false,
      orgs_api_keys_enabled: false,
    },
    protect_config: { object: 'protect_config', id: 'protect_emulator' },
  };
}

const displayConfig: Json = {
  object: 'display_config',
  id: 'display_config_emulator',
  instance_environment_type: 'development',
  application_name: 'Clerk emulator',
  branded: false,
  show_devmode_warning: false,
  preferred_sign_in_strategy: 'password',
  logo_image_url: '',
  favicon_image_url: '',
  theme: {
    buttons: { font_color: '#ffffff', font_family: 'inherit', font_weight: '600' },
    general: {
      color: '#6c47ff',
      padding: '1em',
      box_shadow: '0 2px 8px rgba(0, 0, 0, 0.2)',
      font_color: '#151515',
      font_family: 'inherit',
      border_radius: '0.5em',
      background_color: '#ffffff',
      label_font_weight: '600',
    },
    accounts: { background_color: '#ffffff' },
  },
  captcha_public_key: null,
  captcha_public_key_invisible: null,
  captcha_widget_type: null,
  captcha_provider: 'turnstile',
  captcha_oauth_bypass: [],
  captcha_heartbeat: false,
  // Empty: the app's own paths and clerk-js's defaults count, not an Account Portal that is not there.
  home_url: '',
  sign_in_url: '',
  sign_up_url: '',
  user_profile_url: '',
  waitlist_url: '',
  after_sign_in_url: '',
  after_sign_up_url: '',
  after_sign_out_one_url: '',
  after_sign_out_all_url: '',
  after_switch_session_url: '',
  after_join_waitlist_url: '',
  organization_profile_url: '',
  create_organization_url: '',
  after_leave_organization_url: '',
  after_create_organization_url: '',
  support_email: '',
  terms_url: '',
  privacy_policy_url: '',
};

const disabled = {
  enabled: false,
  required: false,
  used_for_first_factor: false,
  first_factors: [],
  used_for_second_factor: false,
  second_factors: [],
  verifications: [],
  verify_at_sign_up: false,
};

const userSettings = (organizations: boolean): Json => ({
  attributes: {
    email_address: { ...disabled, enabled: true, required: true, used_for_first_factor: true },
    password: { ...disabled, enabled: true, required: true },
    first_name: { ...disabled, enabled: true },
    last_name: { ...disabled, enabled: true },
    phone_number: disabled,
    username: disabled,
    web3_wallet: disabled,
    authenticator_app: disabled,
    backup_code: disabled,
    passkey: disabled,
  },
  actions: { delete_self: true, create_organization: organizations },
  social: {},
  saml: { enabled: false },
  enterprise_sso: { enabled: false, self_serve_sso: false, self_serve_directory_sync: false },
  sign_in: { second_factor: { required: false, enabled: false } },
  sign_up: {
    mode: 'public',
    progressive: true,
    captcha_enabled: false,
    captcha_widget_type: 'smart',
    allowlist_only: false,
    legal_consent_enabled: false,
    custom_action_required: false,
    disable_hibp: true,
    mfa: { required: false },
  },
  password_settings: {
    disable_hibp: true,
    min_length: 8,
    max_length: 72,
    require_special_char: false,
    require_numbers: false,
    require_uppercase: false,
    require_lowercase: false,
    show_zxcvbn: false,
    min_zxcvbn_strength: 0,
    enforce_hibp_on_sign_in: false,
    allowed_special_characters: '',
  },
  passkey_settings: { allow_autofill: false, show_sign_in_button: false },
  username_settings: { min_length: 4, max_length: 64 },
  attack_protection: { enumeration_protection: { enabled: false } },
});
