/** Rooms and who may call whom; see ARCHITECTURE.md. */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'domain-imports-only-itself',
      severity: 'error',
      from: { path: '^packages/domain/src', pathNot: '\\.test\\.ts$' },
      to: { pathNot: '^packages/domain/src' },
    },
    {
      name: 'contract-imports-domain-only',
      severity: 'error',
      from: { path: '^packages/contract/src' },
      to: { pathNot: '^packages/(contract|domain)/src|^node_modules/typebox' },
    },
    {
      name: 'no-app-to-app',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'slices-by-their-index',
      severity: 'error',
      from: { path: '^apps/server/src/features/([^/]+)/' },
      to: {
        path: '^apps/server/src/features/([^/]+)/(?!index\\.ts$)',
        pathNot: '^apps/server/src/features/$1/',
      },
    },
    {
      name: 'desk-parts-know-no-pages',
      severity: 'error',
      from: { path: '^apps/desk/src/(api|ui)/' },
      to: { path: '^apps/desk/src/(features|shell)/' },
    },
    {
      name: 'desk-pages-apart',
      severity: 'error',
      from: { path: '^apps/desk/src/features/([^/]+)/' },
      to: { path: '^apps/desk/src/features/', pathNot: '^apps/desk/src/features/$1/' },
    },
    {
      name: 'field-parts-know-no-screens',
      severity: 'error',
      from: { path: '^apps/field/src/(api|outbox|store|survey|ui|vault)/' },
      to: { path: '^apps/field/src/(app|screens)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    exclude: { path: '(^|/)dist/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs'],
    },
  },
};
