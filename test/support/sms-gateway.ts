import { type Arrival, type ReceiverAnswer, WebhookReceiver } from './webhook-receiver.js';

/** A request that reached the stand-in, as a vendor reads it. */
export interface ReceivedSms {
  readonly id: string;
  readonly number: string;
  readonly text: string;
}

/** Answers as the two large Chinese vendors do: always 200, and the body says whether they accept. */
export const VENDORS = {
  aliyun: {
    config: {
      body: '{"PhoneNumbers":"{number}","TemplateCode":"{template}","TemplateParam":"{\\"text\\":\\"{text}\\"}","OutId":"{id}"}',
      success: { path: 'Code', values: ['OK'] },
      referencePath: 'BizId',
      templates: { overdue: 'SMS_1', due_soon: 'SMS_2', appointment_tomorrow: 'SMS_3' },
    },
    answer: (code: string): ReceiverAnswer => ({
      status: 200,
      body: JSON.stringify({ Message: code, RequestId: 'R-1', Code: code, BizId: '9006' }),
    }),
    accepted: 'OK',
    throttled: 'isv.BUSINESS_LIMIT_CONTROL',
    read: (body: string): ReceivedSms => {
      const { OutId, PhoneNumbers, TemplateParam } = JSON.parse(body) as Record<string, string>;
      const { text } = JSON.parse(TemplateParam!) as { text: string };
      return { id: OutId!, number: PhoneNumbers!, text };
    },
  },
  tencent: {
    config: {
      body: '{"PhoneNumberSet":["+86{number}"],"TemplateParamSet":["{text}"],"SessionContext":"{id}"}',
      success: { path: 'Response.SendStatusSet[0].Code', values: ['Ok'] },
      referencePath: 'Response.SendStatusSet[0].SerialNo',
      templates: {},
    },
    answer: (code: string): ReceiverAnswer => ({
      status: 200,
      body: JSON.stringify({
        Response: { SendStatusSet: [{ SerialNo: '5000:1', Code: code, Message: code }], RequestId: 'a0' },
      }),
    }),
    accepted: 'Ok',
    throttled: 'LimitExceeded.PhoneNumberThirtySecondLimit',
    read: (body: string): ReceivedSms => {
      const sent = JSON.parse(body) as {
        PhoneNumberSet: string[];
        TemplateParamSet: string[];
        SessionContext: string;
      };
      const [number, text] = [sent.PhoneNumberSet[0]!, sent.TemplateParamSet[0]!];
      return { id: sent.SessionContext, number: number.replace('+86', ''), text };
    },
  },
} as const;
export type Vendor = keyof typeof VENDORS;

/** A stand-in for the gateway of one vendor. It accepts every message unless a test changes that. */
export class SmsGateway {
  private constructor(
    private readonly receiver: WebhookReceiver,
    private readonly vendor: Vendor,
  ) {}

  static async start(vendor: Vendor): Promise<SmsGateway> {
    const gateway = new SmsGateway(await WebhookReceiver.start(), vendor);
    gateway.says(VENDORS[vendor].accepted);
    return gateway;
  }

  /** Answers with this code of the vendor from now on. */
  says(code: string, headers: Readonly<Record<string, string>> = {}): void {
    this.answer = () => ({ ...VENDORS[this.vendor].answer(code), headers });
  }

  set answer(answer: (arrival: Arrival) => Promise<ReceiverAnswer | undefined> | ReceiverAnswer | undefined) {
    this.receiver.answer = answer;
  }

  /** What PUT /message-gateway says about it. */
  get settings(): object {
    return {
      ...VENDORS[this.vendor].config,
      url: this.receiver.url,
      headers: { authorization: 'Bearer gateway-secret-4711' },
    };
  }

  get requests(): readonly Arrival[] {
    return this.receiver.arrivals;
  }

  get received(): readonly ReceivedSms[] {
    return this.receiver.arrivals.map(({ body }) => VENDORS[this.vendor].read(body));
  }

  stop(): Promise<void> {
    return this.receiver.stop();
  }
}
