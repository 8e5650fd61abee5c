import { writeAddress } from '../routing/address.js';

export const TABS = ['rules', 'compare', 'file', 'policy'] as const;
export type Tab = (typeof TABS)[number];

/** What the address of the page says. No name of a patient is part of it. */
export interface GuidelineAddress {
  readonly tab: Tab;
  /** The version that is read, `id@version`; undefined: the one in force. */
  readonly guideline?: string | undefined;
  /** An earlier version with which it is compared. */
  readonly before?: string | undefined;
  /** Whose plans are compared. */
  readonly who: 'invented' | 'patient';
  /** The id of the patient; undefined: none is chosen yet. */
  readonly patient?: string | undefined;
  /** The versions that are compared. */
  readonly with?: readonly string[] | undefined;
}

export function readGuidelineAddress({
  tab,
  guideline,
  before,
  who,
  patient,
  with: compared,
}: Readonly<Record<string, string>>): GuidelineAddress {
  return {
    tab: TABS.find((one) => one === tab) ?? 'rules',
    ...{ guideline, before, patient },
    who: who === 'patient' ? who : 'invented',
    with: compared?.split(',').filter((name) => name !== ''),
  };
}

export const guidelineAddressOf = ({
  tab,
  who,
  with: compared,
  ...rest
}: Partial<GuidelineAddress>): string =>
  writeAddress('/guideline', {
    ...rest,
    tab: tab === 'rules' ? undefined : tab,
    who: who === 'invented' ? undefined : who,
    with: compared?.join(','),
  });
