/** The scenarios of the catalog, in the order in which a learner would take them. */
import { isScenarioError, validateScenario, type Scenario, type ValidScenario } from '#scenario/scenario.ts';
import authorizeRules from './authorize-rules/scenario.ts';
import authorizeSphere from './authorize-sphere/scenario.ts';
import authorizeXcap from './authorize-xcap/scenario.ts';
import charging from './charging/scenario.ts';
import composition from './composition/scenario.ts';
import conditionalNotify from './conditional-notify/scenario.ts';
import enquiry from './enquiry/scenario.ts';
import failAsSilent from './fail-as-silent/scenario.ts';
import failDeregister from './fail-deregister/scenario.ts';
import failDeregisteredByHss from './fail-deregistered-by-hss/scenario.ts';
import failHssSilent from './fail-hss-silent/scenario.ts';
import failIntervalTooBrief from './fail-interval-too-brief/scenario.ts';
import failProfileChanged from './fail-profile-changed/scenario.ts';
import failPsRestart from './fail-ps-restart/scenario.ts';
import failPublicationExpires from './fail-publication-expires/scenario.ts';
import failRegistrationExpires from './fail-registration-expires/scenario.ts';
import failScscfRestart from './fail-scscf-restart/scenario.ts';
import interdomainTraffic from './interdomain-traffic/scenario.ts';
import failSubscribeRefused from './fail-subscribe-refused/scenario.ts';
import authNetworkMacWrong from './auth-network-mac-wrong/scenario.ts';
import authNoAnswer from './auth-no-answer/scenario.ts';
import authOtherCallId from './auth-other-call-id/scenario.ts';
import authOutsideSa from './auth-outside-sa/scenario.ts';
import authRoamingNotAllowed from './auth-roaming-not-allowed/scenario.ts';
import authSecurityAgreement from './auth-security-agreement/scenario.ts';
import authSipDigest from './auth-sip-digest/scenario.ts';
import authSqnOutOfRange from './auth-sqn-out-of-range/scenario.ts';
import authTamperedSecurityVerify from './auth-tampered-security-verify/scenario.ts';
import authUnknownUser from './auth-unknown-user/scenario.ts';
import authWrongKeys from './auth-wrong-keys/scenario.ts';
import authWrongResponse from './auth-wrong-response/scenario.ts';
import externalAgent from './external-agent/scenario.ts';
import externalWatcher from './external-watcher/scenario.ts';
import failWatcherVanished from './fail-watcher-vanished/scenario.ts';
import fetchOnce from './fetch/scenario.ts';
import filters from './filters/scenario.ts';
import findAgain from './find-again/scenario.ts';
import findBarred from './find-barred/scenario.ts';
import findPsi from './find-psi/scenario.ts';
import findRegistered from './find-registered/scenario.ts';
import findSlf from './find-slf/scenario.ts';
import findUnknown from './find-unknown/scenario.ts';
import findUnregistered from './find-unregistered/scenario.ts';
import interworkXmppPresentity from './interwork-xmpp-presentity/scenario.ts';
import interworkXmppWatcher from './interwork-xmpp-watcher/scenario.ts';
import contentIndirection from './content-indirection/scenario.ts';
import listOwn from './list-own/scenario.ts';
import listPsi from './list-psi/scenario.ts';
import listXcap from './list-xcap/scenario.ts';
import lossyLink from './lossy-link/scenario.ts';
import networkAgent from './network-agent/scenario.ts';
import notifyBefore200 from './notify-before-200/scenario.ts';
import partialNotify from './partial-notify/scenario.ts';
import publish from './publish/scenario.ts';
import recordRoutePolicy from './record-route-policy/scenario.ts';
import refreshAndUnsubscribe from './refresh-and-unsubscribe/scenario.ts';
import registration from './registration/scenario.ts';
import resolveFailover from './resolve-failover/scenario.ts';
import resolvePres from './resolve-pres/scenario.ts';
import resolveSip from './resolve-sip/scenario.ts';
import resolveTel from './resolve-tel/scenario.ts';
import subscribeAcrossNetworks from './subscribe-across-networks/scenario.ts';
import subscriptionExpires from './subscription-expires/scenario.ts';
import throttle from './throttle/scenario.ts';
import topologyHiding from './topology-hiding/scenario.ts';
import watcherInformation from './watcher-information/scenario.ts';
import unregisteredPresentity from './unregistered-presentity/scenario.ts';
import borderDown from './border-down/scenario.ts';
import borderExpired from './border-expired/scenario.ts';
import borderUntrusted from './border-untrusted/scenario.ts';
import borderProtected from './border-protected/scenario.ts';

const SCENARIOS: readonly Scenario[] = [
  subscribeAcrossNetworks,
  registration,
  publish,
  fetchOnce,
  enquiry,
  refreshAndUnsubscribe,
  subscriptionExpires,
  unregisteredPresentity,
  findRegistered,
  findUnregistered,
  findUnknown,
  findBarred,
  findAgain,
  findPsi,
  findSlf,
  recordRoutePolicy,
  resolveSip,
  resolveTel,
  resolvePres,
  resolveFailover,
  authorizeRules,
  authorizeSphere,
  watcherInformation,
  authorizeXcap,
  externalWatcher,
  externalAgent,
  interworkXmppWatcher,
  interworkXmppPresentity,
  notifyBefore200,
  lossyLink,
  conditionalNotify,
  throttle,
  partialNotify,
  filters,
  networkAgent,
  composition,
  contentIndirection,
  listOwn,
  listPsi,
  listXcap,
  interdomainTraffic,
  topologyHiding,
  failDeregister,
  failRegistrationExpires,
  failDeregisteredByHss,
  failProfileChanged,
  failIntervalTooBrief,
  failSubscribeRefused,
  failPublicationExpires,
  authNetworkMacWrong,
  authSqnOutOfRange,
  authWrongResponse,
  authWrongKeys,
  authNoAnswer,
  authOtherCallId,
  authUnknownUser,
  authRoamingNotAllowed,
  authSecurityAgreement,
  authTamperedSecurityVerify,
  authOutsideSa,
  authSipDigest,
  borderProtected,
  borderDown,
  borderExpired,
  borderUntrusted,
  charging,
  failWatcherVanished,
  failPsRestart,
  failScscfRestart,
  failHssSilent,
  failAsSilent,
];

/** All of them, validated. Throws when one of ours is not valid. */
export const CATALOG: readonly ValidScenario[] = SCENARIOS.map((scenario) => {
  const valid = validateScenario(scenario);
  if (isScenarioError(valid)) throw new Error(`${scenario.id}: ${valid.message}`);
  return valid;
});

/** What the page opens with. */
export const PRINCIPAL = 'subscribe-across-networks';

export const findScenario = (id: string): ValidScenario | undefined => CATALOG.find((scenario) => scenario.id === id);
