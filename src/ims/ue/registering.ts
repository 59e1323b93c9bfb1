/**
 * The course of a registration at a UE (TS 24.229 §5.1.1; TS 33.203 §6.1, §7.4.1a; RFC 3261 §10.2): what a person's wish, an answer, silence and time do to it.
 * What the messages say is registration.ts's matter. Omitted: several contacts.
 */
import type { Intent } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { earliest, type SimTime } from '#base/time.ts';
import { decided, rejected, routed } from '#ims/node/edit.ts';
import type { StateReport } from '#ims/node/security-associations.ts';
import type { SipResponse } from '#protocol/sip/message.ts';
import { parseDeltaSeconds } from '#protocol/sip/values.ts';
import type { UeConfig } from './config.ts';
import { wholeSeconds } from './intent-values.ts';
import { MISBEHAVIOURS, type PreparedRegister, REGISTRATION_EXPIRES, type RegisterWish, UE_REGISTRATION, type UeRegistration } from './registration.ts';

/** What it asks of the UE around it. */
export interface RegisteringPort {
  now(): SimTime;
  note(note: Note): void;
  readonly stateChange: StateReport;
  send(register: PreparedRegister): void;
  registered(): void;
  /** An attempt has failed, and the registration from before stands. */
  stillRegistered(): void;
  /** There is no registration any more. */
  over(): void;
}

/** What a person wants of a registration. */
export const wishOf = (intent: Intent): RegisterWish => ({
  expires: wholeSeconds(intent['expires']) ?? REGISTRATION_EXPIRES,
  refreshes: intent['refresh'] !== false,
  inTheClear: intent['protected'] === false,
  answer: MISBEHAVIOURS.find((one) => one === intent['answer']),
});

export class Registering {
  readonly #registration: UeRegistration;
  readonly #config: UeConfig;
  readonly #port: RegisteringPort;

  constructor(registration: UeRegistration, config: UeConfig, port: RegisteringPort) {
    this.#registration = registration;
    this.#config = config;
    this.#port = port;
  }

  move(on: Parameters<UeRegistration['move']>[0]): void {
    const step = this.#registration.move(on);
    if (step !== undefined) this.#port.stateChange(UE_REGISTRATION.name, this.#config.publicIdentity, step.from, on, step.to);
  }

  /** What was wanted last is wanted again, unless a person says otherwise. */
  register(wish: RegisterWish = this.#registration.wish): void {
    this.move('register');
    const register = this.#registration.begin(wish);
    register.notes.push(routed('The user asks to be registered; the P-CSCF is the way in.', 'TS 24.229 §5.1.1.2', this.#config.proxy.host));
    this.#port.send(register);
  }

  deregister(): void {
    this.move('deregister');
    const register = this.#registration.leave();
    register.notes.push(decided('Zero seconds take the registration back.', 'RFC 3261 §10.2.2'));
    this.#port.send(register);
  }

  answered(response: SipResponse): void {
    const registration = this.#registration;
    const { status } = response;
    if (status === 401) {
      const outcome = registration.onChallenge(response, this.#port.now());
      this.#port.note(outcome.note);
      if (outcome.kind === 'give-up') this.unanswered(true);
      else this.move(outcome.kind === 'send' ? outcome.on : 'challenge');
      if (outcome.kind === 'send') this.#port.send(outcome.register);
      return;
    }
    const minimum = parseDeltaSeconds(response.headers.get('Min-Expires'));
    if (status === 423 && minimum !== undefined && minimum > registration.wish.expires && !registration.isLeaving) {
      this.move('too-brief');
      this.#port.note(decided(`The registrar grants no less than ${minimum} s, so that much is asked for.`, 'RFC 3261 §10.2.8'));
      this.#port.send(registration.begin({ ...registration.wish, expires: minimum }));
      return;
    }
    const objection =
      status === 200 ? registration.onAccepted(response, this.#port.now()) : rejected(`The registration was refused: ${status} ${response.reason}.`);
    if (objection !== undefined) {
      this.unanswered(true);
      this.#port.note(objection);
      return;
    }
    this.move('accept');
    if (registration.isLeaving) {
      this.#port.over();
      return;
    }
    this.#port.note(
      decided('Registered: the Service-Route is the way for all that the UE sends, the first associated identity is its default.', 'RFC 3608 §6.1'),
    );
    this.#port.registered();
  }

  /** It came to nothing. One that stood before stays when it `survives`: a failure to prove oneself ends none. */
  unanswered(survives: boolean): void {
    if (!survives) this.#registration.expiresAt = undefined;
    this.move('refuse');
    this.#registration.associations.drop('failed');
    if (this.#registration.state !== 'registered') {
      this.#port.over();
      return;
    }
    this.#port.note(decided('The registration from before stands, with its security associations.', 'TS 33.203 §6.1.1'));
    this.#port.stillRegistered();
  }

  deadline(): SimTime | undefined {
    const { associations, state, refreshAt, expiresAt } = this.#registration;
    return earliest(associations.deadline(), state === 'registered' ? earliest(refreshAt, expiresAt) : undefined);
  }

  fire(): void {
    const now = this.#port.now();
    if (this.#registration.associations.fire(now)) {
      this.#port.note(decided('The new security associations are given up: nobody has used them in time.', 'TS 33.203 §7.4.1a'));
      if (this.#registration.state === 'challenged') this.unanswered(true);
    }
    const { expiresAt, refreshAt, state } = this.#registration;
    if (state !== 'registered') return;
    if (expiresAt !== undefined && expiresAt <= now) {
      this.move('expire');
      this.#port.note(decided('The registration has run out: nothing more can be sent over it.', 'RFC 3261 §10.2.4'));
      this.#port.over();
    } else if (refreshAt !== undefined && refreshAt <= now) {
      this.#registration.refreshAt = undefined;
      this.#port.note(decided('The registration is refreshed before it runs out.', 'RFC 3261 §10.2.4'));
      this.register();
    }
  }
}
