/** A JsSIP Socket (https://jssip.net/documentation/3.13.x/api/socket/) without a network: what JsSIP sends is handed over, what is handed in JsSIP receives. */
export class MemorySocket {
  readonly url: string;
  readonly sip_uri: string;
  via_transport = 'WS';
  onconnect: () => void = () => undefined;
  ondisconnect: (error: boolean, code?: number, reason?: string) => void = () => undefined;
  ondata: (data: string) => void = () => undefined;
  readonly #onSend: (text: string) => void;
  #connected = false;

  /** `server` is `host:port` of the WebSocket server; `onSend` gets every frame. */
  constructor(server: string, onSend: (text: string) => void) {
    this.url = `ws://${server}`;
    this.sip_uri = `sip:${server};transport=ws`;
    this.#onSend = onSend;
  }

  connect(): void {
    this.#connected = true;
    this.onconnect();
  }

  disconnect(): void {
    this.#connected = false;
  }

  isConnected(): boolean {
    return this.#connected;
  }

  isConnecting(): boolean {
    return false;
  }

  send(message: string): boolean {
    if (!this.#connected) return false;
    this.#onSend(message);
    return true;
  }

  /** A frame has arrived. */
  receive(text: string): void {
    if (this.#connected) this.ondata(text);
  }
}
