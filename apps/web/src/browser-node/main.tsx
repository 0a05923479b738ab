import '../look/tokens.css';
import '../look/page.css';
import '../look/parts.css';
import './browser-node.css';
import { present } from '@jamnet/base';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { offerLanguages } from '../language/language.ts';
import { NodePage } from './node-page.tsx';

offerLanguages();
createRoot(present(document.getElementById('root'), 'the root element of node/index.html')).render(
  <StrictMode>
    <NodePage />
  </StrictMode>,
);
