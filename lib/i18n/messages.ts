// One file a namespace and language, so that people who add pages at the same time do not meet in one file.

import type { Locale } from "./locales";
import audiencesEn from "./messages/en/audiences.json";
import auditEn from "./messages/en/audit.json";
import authEn from "./messages/en/auth.json";
import builderEn from "./messages/en/builder.json";
import campaignsEn from "./messages/en/campaigns.json";
import commonEn from "./messages/en/common.json";
import complianceEn from "./messages/en/compliance.json";
import consentsEn from "./messages/en/consents.json";
import demoEn from "./messages/en/demo.json";
import errorsEn from "./messages/en/errors.json";
import factorEn from "./messages/en/factor.json";
import homeEn from "./messages/en/home.json";
import importsEn from "./messages/en/imports.json";
import liveEn from "./messages/en/live.json";
import noticesEn from "./messages/en/notices.json";
import numbersEn from "./messages/en/numbers.json";
import officerEn from "./messages/en/officer.json";
import policiesEn from "./messages/en/policies.json";
import publicEn from "./messages/en/public.json";
import purposesEn from "./messages/en/purposes.json";
import reasonsEn from "./messages/en/reasons.json";
import repliesEn from "./messages/en/replies.json";
import resultsEn from "./messages/en/results.json";
import rightsEn from "./messages/en/rights.json";
import roiEn from "./messages/en/roi.json";
import settingsEn from "./messages/en/settings.json";
import templatesEn from "./messages/en/templates.json";
import verdictsEn from "./messages/en/verdicts.json";
import audiencesEs from "./messages/es/audiences.json";
import auditEs from "./messages/es/audit.json";
import authEs from "./messages/es/auth.json";
import builderEs from "./messages/es/builder.json";
import campaignsEs from "./messages/es/campaigns.json";
import commonEs from "./messages/es/common.json";
import complianceEs from "./messages/es/compliance.json";
import consentsEs from "./messages/es/consents.json";
import demoEs from "./messages/es/demo.json";
import errorsEs from "./messages/es/errors.json";
import factorEs from "./messages/es/factor.json";
import homeEs from "./messages/es/home.json";
import importsEs from "./messages/es/imports.json";
import liveEs from "./messages/es/live.json";
import noticesEs from "./messages/es/notices.json";
import numbersEs from "./messages/es/numbers.json";
import officerEs from "./messages/es/officer.json";
import policiesEs from "./messages/es/policies.json";
import publicEs from "./messages/es/public.json";
import purposesEs from "./messages/es/purposes.json";
import reasonsEs from "./messages/es/reasons.json";
import repliesEs from "./messages/es/replies.json";
import resultsEs from "./messages/es/results.json";
import rightsEs from "./messages/es/rights.json";
import roiEs from "./messages/es/roi.json";
import settingsEs from "./messages/es/settings.json";
import templatesEs from "./messages/es/templates.json";
import verdictsEs from "./messages/es/verdicts.json";

const es = {
  common: commonEs,
  home: homeEs,
  audit: auditEs,
  auth: authEs,
  campaigns: campaignsEs,
  builder: builderEs,
  live: liveEs,
  notices: noticesEs,
  numbers: numbersEs,
  officer: officerEs,
  policies: policiesEs,
  consents: consentsEs,
  public: publicEs,
  purposes: purposesEs,
  reasons: reasonsEs,
  replies: repliesEs,
  results: resultsEs,
  verdicts: verdictsEs,
  audiences: audiencesEs,
  imports: importsEs,
  templates: templatesEs,
  compliance: complianceEs,
  rights: rightsEs,
  roi: roiEs,
  settings: settingsEs,
  demo: demoEs,
  errors: errorsEs,
  factor: factorEs,
};

/** The Spanish catalogue is the source: a key that it lacks does not compile. */
export type Messages = typeof es;
export type Namespace = keyof Messages;

/** English must have every key of the Spanish catalogue, or this line does not compile. */
const en: Messages = {
  common: commonEn,
  home: homeEn,
  audit: auditEn,
  auth: authEn,
  campaigns: campaignsEn,
  builder: builderEn,
  live: liveEn,
  notices: noticesEn,
  numbers: numbersEn,
  officer: officerEn,
  policies: policiesEn,
  consents: consentsEn,
  public: publicEn,
  purposes: purposesEn,
  reasons: reasonsEn,
  replies: repliesEn,
  results: resultsEn,
  verdicts: verdictsEn,
  audiences: audiencesEn,
  imports: importsEn,
  templates: templatesEn,
  compliance: complianceEn,
  rights: rightsEn,
  roi: roiEn,
  settings: settingsEn,
  demo: demoEn,
  errors: errorsEn,
  factor: factorEn,
};

/** Every text of the product, by language. Keys are `namespace.path.to.key`. */
export const messages: Record<Locale, Messages> = { es, en };

// use-intl reads its own interface for the type of keys; the module is named as its other entries import it.
declare module "use-intl/core" {
  interface AppConfig {
    Locale: Locale;
    Messages: Messages;
  }
}
