import type { TaskView } from '@jamnet/studio/state';

/** What the studio tells the page, whole, several times a second at most: the server's own types under the page's words. */
export type {
  AuditView as Audit,
  ContributionView as ContributionRow,
  EpochView as Epoch,
  EveningView as Evening,
  GrooveHostView as GrooveHost,
  GrooveView as Groove,
  LedgerView as LedgerHead,
  NodeView as MeshNode,
  PeerView as Peer,
  SpanFate as Fate,
  StepView as EveningStep,
  StudioState,
  TakeSpanView as Span,
  TakeVariant as Variant,
  TakeView as Take,
  TaskView as MeshTask,
  VoteView as Vote,
  WalletView as WalletRow,
} from '@jamnet/studio/state';
export type TaskState = TaskView['state'];
