import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Failure } from '../calls/failure.js';
import { useInstant } from '../calls/instants.js';
import { useMe } from '../calls/me.js';
import {
  changeEndpoint,
  type Endpoint,
  endpointQuery,
  systemsKey,
  verifyEndpoint,
} from '../calls/systems.js';
import { useChange } from '../calls/change.js';
import { useActivityName } from '../items/item-facts.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { Chip } from '../parts/chip.js';
import { SectionHead, SectionPart } from '../parts/section-page.js';
import { Link } from '../routing/link.js';
import { goTo, usePlace } from '../routing/place.js';
import { textOf } from '../words/dictionary.js';
import { useJoined } from '../words/lists.js';
import { useWords } from '../words/use-words.js';
import { Deliveries } from './deliveries.js';
import { deliveryWords } from './delivery-words.js';
import { ApprovalDialog, PauseDialog, RecoverDialog, RemoveDialog, RotateDialog } from './endpoint-acts.js';
import { EndpointEditDialog } from './endpoint-edit-dialog.js';
import { StateChip, StateNotice } from './endpoint-state.js';
import { eventTypeWords } from './event-type-words.js';
import { endpointAddress, readDeliveryFilter } from './systems-address.js';
import { systemsWords } from './systems-words.js';
import { TestDialog } from './test-dialog.js';
import { transportWords } from './transport-words.js';
import './endpoint-section.css';

const DIALOGS = {
  test: TestDialog,
  edit: EndpointEditDialog,
  pause: PauseDialog,
  rotate: RotateDialog,
  recover: RecoverDialog,
  approve: ApprovalDialog,
  remove: RemoveDialog,
};
type Act = keyof typeof DIALOGS;

/** One endpoint: its state, what can be done with it, and its deliveries. */
export default function EndpointSection({ id }: { readonly id: string }) {
  const words = useWords(systemsWords);
  const deliveryTexts = useWords(deliveryWords);
  const filter = readDeliveryFilter(usePlace().parameters);
  const { data: endpoint, error, refetch } = useQuery(endpointQuery(id));
  return (
    <>
      <p className="not-printed">
        <Link to="/systems">← {words.backToEndpoints}</Link>
      </p>
      <Failure error={error} onRetry={() => void refetch()} />
      {endpoint === undefined ? (
        !error && <Busy text={words.loading} />
      ) : (
        <>
          <EndpointHead endpoint={endpoint} />
          <SectionPart title={deliveryTexts.deliveries}>
            <Deliveries
              endpointId={id}
              filter={filter}
              onFilter={(change) => goTo(endpointAddress(id, change), { replace: true })}
            />
          </SectionPart>
        </>
      )}
    </>
  );
}

function EndpointHead({ endpoint }: { readonly endpoint: Endpoint }) {
  const words = useWords(systemsWords);
  const [act, setAct] = useState<Act>();
  const isAdministrator = useMe().roles.includes('hospital_admin');
  const { id, kind, payload, heldReason } = endpoint;
  const resuming = useChange(() => changeEndpoint(id, { paused: false }), {
    ...{ reads: [systemsKey], done: words.resumed },
  });
  const verifying = useChange(() => verifyEndpoint(id), { reads: [systemsKey], done: words.verified });
  const Dialog = act && DIALOGS[act];
  const button = (name: Act, text: string) => <Button onClick={() => setAct(name)}>{text}</Button>;
  return (
    <>
      <SectionHead title={endpoint.url} />
      <div className="section-part endpoint-head">
        <StateNotice {...endpoint} />
        <Failure error={resuming.error ?? verifying.error} />
        <EndpointFacts endpoint={endpoint} />
        <div className="endpoint-acts not-printed">
          {heldReason === 'unverified' && (
            <Button kind="main" busy={verifying.isPending} onClick={() => verifying.mutate(undefined)}>
              {words.verify}
            </Button>
          )}
          {heldReason === 'paused' && (
            <Button kind="main" busy={resuming.isPending} onClick={() => resuming.mutate(undefined)}>
              {words.resume}
            </Button>
          )}
          {heldReason !== 'unverified' && button('test', words.test)}
          {button('edit', words.edit)}
          {heldReason !== 'paused' && heldReason !== 'unverified' && button('pause', words.pause)}
          {kind === 'webhook' && button('rotate', words.rotate)}
          {heldReason !== 'paused' && heldReason !== 'unverified' && button('recover', words.recover)}
          {payload !== 'thin' && isAdministrator && button('approve', words.approveTitle)}
          <Button kind="risky" onClick={() => setAct('remove')}>
            {words.remove}
          </Button>
        </div>
      </div>
      {Dialog && <Dialog endpoint={endpoint} onClose={() => setAct(undefined)} />}
    </>
  );
}

function EndpointFacts({ endpoint }: { readonly endpoint: Endpoint }) {
  const words = useWords(systemsWords);
  const ways = useWords(transportWords);
  const types = useWords(eventTypeWords);
  const joined = useJoined();
  const activityName = useActivityName();
  const instant = useInstant();
  const { eventTypes, previousSecretUntil, publicKey, identityApproval, filter, transport } = endpoint;
  const fact = (name: string, value: string | null | undefined) =>
    value != null &&
    value !== '' && (
      <div>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    );
  return (
    <>
      <dl className="endpoint-facts">
        {fact(words.kind, textOf(words.kinds, endpoint.kind))}
        {fact(words.format, textOf(words.formats, endpoint.format))}
        {fact(words.payload, textOf(words.payloads, endpoint.payload))}
        {fact(words.signature, textOf(words.signatures, endpoint.signature))}
        {fact(words.rateLimit, endpoint.rateLimit?.perMinute.toString())}
        {fact(words.heartbeat, endpoint.heartbeatMinutes?.toString())}
        {fact(words.departments, filter?.departments && joined(filter.departments))}
        {fact(words.activities, filter?.activities && joined(filter.activities.map(activityName)))}
        {fact(words.publicKey, publicKey)}
        {fact(ways.tls, transport.privateCa ? ways.privateCa : null)}
        {fact(ways.certificateUntil, transport.certificateUntil && instant(transport.certificateUntil))}
        {fact(
          ways.receiverUntil,
          transport.receiverCertificateUntil && instant(transport.receiverCertificateUntil),
        )}
        {fact(ways.token, transport.oauth2?.tokenUrl)}
      </dl>
      <p className="endpoint-chips">
        <StateChip {...endpoint} />
        {eventTypes.includes('*') ? (
          <Chip>{words.everything}</Chip>
        ) : (
          eventTypes.map((type) => (
            <Chip key={type} title={type in types ? types[type as keyof typeof types].when : type}>
              {type in types ? types[type as keyof typeof types].title : type}
            </Chip>
          ))
        )}
        {previousSecretUntil !== null && (
          <Chip tone="active">{words.bothValid(instant(previousSecretUntil))}</Chip>
        )}
        {identityApproval && (
          <Chip tone="warning" title={identityApproval.reason}>
            {words.approved(identityApproval.by, instant(identityApproval.at))}
          </Chip>
        )}
      </p>
    </>
  );
}
