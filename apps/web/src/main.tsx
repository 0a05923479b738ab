import './look/tokens.css';
import './look/page.css';
import './look/parts.css';
import { present } from '@jamnet/base';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';

createRoot(present(document.getElementById('root'), 'the root element of index.html')).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
