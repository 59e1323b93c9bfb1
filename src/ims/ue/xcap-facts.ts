/** What a UE is told about the server that keeps its user's rules, or lists. */
export interface XcapFacts {
  readonly usage: 'pres-rules' | 'rls-services';
  readonly host: string;
  readonly address: string;
  /** The user identifier of the own documents: the default public identity. */
  readonly identity: string;
  readonly username: string;
  readonly password: string;
}
