import { tokens } from '@fluentui/tokens';
import { type GriffelStyle, resolveStyleRulesForSlots } from '@griffel/core';
import type { Plugin } from 'vite';

const library = '@fluentui/react-components';

/** The parts of a syntax tree that are looked at; the rest is passed through. */
interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [part: string]: unknown;
}

/**
 * Compiles the page's `makeStyles` at build time, as the library's own styles are: the browser inserts ready rules
 * and needs no CSS compiler. A call that uses more than tokens and constants of its own file stays as it is.
 */
export function compileStyles(): Plugin {
  return {
    name: 'carillon-styles',
    apply: 'build',
    applyToEnvironment: ({ name }) => name === 'client',
    transform: {
      filter: { id: /\/src\/renderer\/.*\.tsx$/, code: /\bmakeStyles\(/ },
      handler(code) {
        const program = this.parse(code) as unknown as SyntaxNode;
        const constants = constantsOf(program, code);
        let compiled = code;
        // From the end, so that what stands before keeps its place.
        for (const call of callsOf(program).toReversed()) {
          const [styles] = call['arguments'] as readonly SyntaxNode[];
          const value = styles && evaluate(styles, code, constants);
          if (value === undefined) continue;
          const parts = resolveStyleRulesForSlots(value as Record<string, GriffelStyle>);
          const made = `__styles(${parts.map((part) => JSON.stringify(part)).join(', ')})`;
          compiled = compiled.slice(0, call.start) + made + compiled.slice(call.end);
        }
        if (compiled === code) return null;
        return { code: `import { __styles } from '${library}';\n${compiled}`, map: null };
      },
    },
  };
}

function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  return Object.values(node).flatMap((part) =>
    Array.isArray(part) ? part.filter(isNode) : isNode(part) ? part : [],
  );
}

function isNode(part: unknown): part is SyntaxNode {
  return typeof part === 'object' && part !== null && 'type' in part;
}

function callsOf(node: SyntaxNode): readonly SyntaxNode[] {
  const callee = node['callee'];
  if (node.type === 'CallExpression' && isNode(callee) && callee['name'] === 'makeStyles') return [node];
  return childrenOf(node).flatMap(callsOf);
}

/** Top-level constants of a module that are plain numbers or texts. */
function constantsOf(program: SyntaxNode, code: string): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>([['tokens', tokens]]);
  for (const statement of program['body'] as readonly SyntaxNode[]) {
    const declaration = statement.type === 'ExportNamedDeclaration' ? statement['declaration'] : statement;
    if (!isNode(declaration) || declaration.type !== 'VariableDeclaration') continue;
    for (const { id, init } of declaration['declarations'] as readonly SyntaxNode[])
      if (isNode(id) && isNode(init) && init.type === 'Literal')
        found.set(String(id['name']), JSON.parse(literalText(init, code)));
  }
  return found;
}

function literalText({ start, end, value }: SyntaxNode, code: string): string {
  return typeof value === 'string' ? JSON.stringify(value) : code.slice(start, end).replaceAll('_', '');
}

/** Names that an expression uses, without those of properties. */
function namesIn(node: SyntaxNode): readonly string[] {
  if (node.type === 'Identifier') return [String(node['name'])];
  const passed = node.type === 'MemberExpression' ? 'property' : node.type === 'Property' ? 'key' : undefined;
  const skip = passed !== undefined && node['computed'] !== true ? node[passed] : undefined;
  return childrenOf(node)
    .filter((child) => child !== skip)
    .flatMap(namesIn);
}

function evaluate(node: SyntaxNode, code: string, constants: ReadonlyMap<string, unknown>): unknown {
  const names = [...new Set(namesIn(node))];
  if (!names.every((name) => constants.has(name))) return undefined;
  const text = code.slice(node.start, node.end);
  // The page's own source, at build time.
  return new Function(...names, `return (${text})`)(...names.map((name) => constants.get(name)));
}
