import { type Theme, webDarkTheme, webLightTheme } from '@fluentui/react-components';
import type { CSSProperties } from 'react';

/** MMC's density: type one step down, corners nearly square. */
const dense = {
  fontFamilyBase: "'Segoe UI', 'Segoe UI Variable', system-ui, -apple-system, 'Noto Sans', sans-serif",
  fontSizeBase100: '10px',
  fontSizeBase200: '12px',
  fontSizeBase300: '13px',
  fontSizeBase400: '14px',
  lineHeightBase200: '16px',
  lineHeightBase300: '18px',
  borderRadiusSmall: '2px',
  borderRadiusMedium: '2px',
  borderRadiusLarge: '3px',
  borderRadiusXLarge: '4px',
} as const;

export const lightTheme: Theme = { ...webLightTheme, ...dense };
export const darkTheme: Theme = { ...webDarkTheme, ...dense };

/** Colours of the drawn icons; each stands 3:1 against its background. */
export const lightIcons = {
  '--icon-neutral': '#555555',
  '--icon-accent': '#0f5fb5',
  '--icon-folder': '#a86e00',
  '--icon-good': '#107c10',
  '--icon-warning': '#9a5b00',
  '--icon-danger': '#c42b1c',
  '--icon-quiet': '#6b6b6b',
  '--icon-on-state': '#ffffff',
} as CSSProperties;
export const darkIcons = {
  '--icon-neutral': '#c8c8c8',
  '--icon-accent': '#6cb2ff',
  '--icon-folder': '#f0c050',
  '--icon-good': '#6ccb5f',
  '--icon-warning': '#fcb53b',
  '--icon-danger': '#ff8a80',
  '--icon-quiet': '#a0a0a0',
  '--icon-on-state': '#1f1f1f',
} as CSSProperties;
