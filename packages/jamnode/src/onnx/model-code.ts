/** Why a model file is not run. */
export type ModelCode =
  | 'model-too-large'
  /** No protobuf, a field that this reader does not know, or one twice that must be once. */
  | 'model-malformed'
  | 'opset-unsupported'
  | 'domain-forbidden'
  /** Not one of the operators whose cost and shapes are known; Loop, If and Scan never are. */
  | 'operator-forbidden'
  | 'attribute-forbidden'
  /** A graph or function inside the graph. */
  | 'subgraph-forbidden'
  | 'external-data-forbidden'
  | 'type-forbidden'
  | 'graph-too-large'
  /** Names that nothing gives, are given twice, or are no single input and output. */
  | 'graph-unsound'
  | 'shape-unsound'
  | 'tensor-too-large'
  | 'operations-too-many';
