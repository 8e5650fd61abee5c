import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { cookieOf } from '../../accounts/sign-in/session-cookies.js';
import { Sessions } from '../../accounts/sign-in/sessions.service.js';
import {
  LINK_STEPS,
  LinkedPatient,
  PATIENT_LINK_PATH,
  patientLinkPath,
} from '../../accounts/single-sign-on/patient-link.js';
import type { Message } from '../../guideline/message.js';
import { msg } from '../../platform/messages/dictionary.js';
import { languageFor, languageHeaders } from '../../platform/messages/language.js';
import type { Caller } from '../../tenancy/caller.js';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import { auditedCallOf, type Identified } from '../../tenancy/request-caller.js';
import { mayCall, RIGHTS } from '../../tenancy/rights.js';
import { LINK_PAGE_POLICY, linkPage, type Way } from './link-page.js';
import { LinkedPatients } from './linked-patients.js';

const CALL = `GET ${PATIENT_LINK_PATH}`;
/** Opening the page of a patient is this call. */
const SHOWN_BY = RIGHTS['GET /patients/:id'];

const LinkQuery = LinkedPatient.extend({
  hospital: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^[a-z0-9][a-z0-9-]{1,63}$/)
    .optional()
    .describe('The code of the hospital, through whose provider a browser without a session signs in'),
  step: z.enum(LINK_STEPS).optional().describe('Set by the program itself'),
}).refine(({ identifier, patient }) => (identifier === undefined) !== (patient === undefined));
type LinkQuery = z.output<typeof LinkQuery>;

/** Anything: a person who follows a link reads a page, not a list of fields. */
const AnyQuery = z.looseObject({ hospital: z.string().optional(), identifier: z.string().optional() });

/** What the browser gets: another address, or a page with a status. */
type Answer =
  | { readonly onTo: string }
  | {
      readonly status: number;
      readonly text: Message;
      readonly ways?: readonly Way[];
      readonly refresh?: string;
    };

/**
 * A link from another system into a patient's page: a signed-in person comes to the page; a browser without a session goes
 * through the sign-on provider of the hospital first. Browsers alone call it, so the API document leaves it out.
 */
@ApiExcludeController()
@Controller('open/patient')
export class PatientLinkController {
  constructor(
    private readonly sessions: Sessions,
    private readonly scope: HospitalScope,
    private readonly linked: LinkedPatients,
  ) {}

  @Get()
  async open(
    @Query({ schema: AnyQuery }) query: z.output<typeof AnyQuery>,
    @Req() request: FastifyRequest & Identified,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const parsed = LinkQuery.safeParse(query);
    const answer = parsed.success
      ? await this.answer(parsed.data, request)
      : { status: 400, text: msg('link-malformed') };
    if ('onTo' in answer) return void (await reply.redirect(answer.onTo, 302));
    const { status, text, ways = [HOME], refresh: onTo } = answer;
    const language = languageFor(request);
    await reply
      .status(status)
      .headers({ ...languageHeaders(language), 'content-security-policy': LINK_PAGE_POLICY })
      .type('text/html; charset=utf-8')
      .send(linkPage(text, { ways, language, ...(onTo !== undefined && { onTo }) }));
  }

  private async answer(link: LinkQuery, request: FastifyRequest & Identified): Promise<Answer> {
    const hospital = link.hospital === undefined ? undefined : await this.linked.hospital(link.hospital);
    if (link.hospital !== undefined && hospital === undefined)
      return { status: 404, text: msg('link-unknown-hospital', { code: link.hospital }) };
    const token = cookieOf(request, 'session');
    const caller = token === undefined ? undefined : await this.sessions.callerOf(token, request.ip);
    if (caller?.session?.kind !== 'cookie') return signInFor(link, hospital?.providers ?? []);
    if (hospital !== undefined && hospital.id !== caller.hospitalId)
      return { status: 403, text: msg('link-other-hospital') };
    return this.toPatient(link, caller, request);
  }

  /** Audited in the caller's hospital, also where no patient is found. */
  private async toPatient(
    link: LinkQuery,
    caller: Caller,
    request: FastifyRequest & Identified,
  ): Promise<Answer> {
    const audited = auditedCallOf(request, CALL);
    Object.assign(request, { caller, audited });
    if (caller.session?.lacksSecondFactor === true) return { onTo: '/account' };
    if (SHOWN_BY === undefined || !mayCall(caller, SHOWN_BY))
      return { status: 403, text: msg('link-not-allowed') };
    const id = await this.scope.run(caller, () => this.linked.find(link), audited);
    return id === undefined
      ? { status: 404, text: msg('link-unknown-patient') }
      : { onTo: `/patients/${id}` };
  }
}

const HOME: Way = { href: '/', label: msg('link-home') };

/** The way of a browser without a session. */
function signInFor(
  link: LinkQuery,
  providers: readonly { readonly code: string; readonly name: string }[],
): Answer {
  const { hospital, step, ...linked } = link;
  const here = patientLinkPath(linked, { hospital, step: 'here' });
  if (step === undefined)
    return {
      status: 200,
      text: msg('link-on-its-way'),
      refresh: here,
      ways: [{ href: here, label: 'nedwatch' }],
    };
  const again = { href: here, label: msg('link-again') };
  if (step === 'signed-in') return { status: 200, text: msg('link-not-signed-in'), ways: [again, HOME] };
  const ways = providers.map(({ code, name }) => ({
    href: `/api/v1/sso/${hospital ?? ''}/${code}/start?${new URLSearchParams(linked).toString()}`,
    label: name,
  }));
  const [only, ...others] = ways;
  if (only !== undefined && others.length === 0) return { onTo: only.href };
  if (only !== undefined) return { status: 200, text: msg('link-choose-provider'), ways };
  // The pages ask for the password in place of any page, and then show the page of the address.
  if (linked.patient !== undefined) return { onTo: `/patients/${linked.patient}` };
  return { status: 200, text: msg('link-sign-in-first'), ways: [HOME, again] };
}
