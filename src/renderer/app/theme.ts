import { type Theme, webDarkTheme, webLightTheme } from '@fluentui/react-components';

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

/** Colours of the drawn icons, which become CSS variables like the rest; each stands 3:1 against its background. */
const lightIcons = {
  iconNeutral: '#555555',
  iconAccent: '#0f5fb5',
  iconFolder: '#a86e00',
  iconGood: '#107c10',
  iconWarning: '#9a5b00',
  iconDanger: '#c42b1c',
  iconQuiet: '#6b6b6b',
  iconOnState: '#ffffff',
} as const;

const darkIcons: Record<keyof typeof lightIcons, string> = {
  iconNeutral: '#c8c8c8',
  iconAccent: '#6cb2ff',
  iconFolder: '#f0c050',
  iconGood: '#6ccb5f',
  iconWarning: '#fcb53b',
  iconDanger: '#ff8a80',
  iconQuiet: '#a0a0a0',
  iconOnState: '#1f1f1f',
};

export const lightTheme: Theme = { ...webLightTheme, ...dense, ...lightIcons };
export const darkTheme: Theme = { ...webDarkTheme, ...dense, ...darkIcons };
