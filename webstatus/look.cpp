// The look of the status page: its style sheet and icon.
#include "webstatus/page.h"

namespace pillarbox::webstatus {

const std::string_view icon_svg = R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
<path d="M16 58V20a16 14 0 0 1 32 0v38z" fill="#c8102e"/>
<path d="M12 20a20 15 0 0 1 40 0z" fill="#a50d26"/>
<rect x="13" y="20" width="38" height="3" rx="1.5" fill="#e8455d"/>
<rect x="21" y="28" width="22" height="4.5" rx="2" fill="#1c1517"/>
<rect x="24" y="37" width="16" height="11" rx="1.5" fill="#fff"/>
<path d="M24.5 38l7.5 5.5 7.5-5.5" fill="none" stroke="#c8102e" stroke-width="1.8"/>
<rect x="13" y="55" width="38" height="6" rx="1.5" fill="#1c1517"/>
</svg>
)";

const std::string_view style_css = R"(:root {
  --paper: #f6f4f1; --card: #ffffff; --ink: #201b1c; --soft: #655c5e; --line: #e3ddd8; --red: #c8102e;
  --good: #14713d; --good-back: #e2f3e8; --warning: #8a5200; --warning-back: #fdf0d5; --bad: #a50d26; --bad-back: #fde5e8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #151213; --card: #201c1d; --ink: #f1ecea; --soft: #b0a5a5; --line: #382f31; --red: #ff5d73;
    --good: #6fd99a; --good-back: #14301f; --warning: #f3bd62; --warning-back: #362708; --bad: #ff8d9c; --bad-back: #431319;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem; max-width: 68rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif; }
h1, h2, p, dl, dd, ul { margin: 0; padding: 0; }
header { display: flex; align-items: center; gap: .9rem; margin-bottom: 1.25rem; }
h1 { font-size: 1.35rem; line-height: 1.2; letter-spacing: -.01em; overflow-wrap: anywhere; }
header p, footer, .note, .none { color: var(--soft); }
.verdict { display: flex; align-items: center; gap: .9rem; padding: 1rem 1.2rem; border-radius: .9rem; font-size: 1.2rem; }
.verdict strong { font-weight: 600; overflow-wrap: anywhere; }
.mark { flex: none; display: grid; place-items: center; width: 2.1rem; height: 2.1rem; border-radius: 50%;
  color: var(--card); font-weight: 700; font-size: 1.15rem; line-height: 1; }
.verdict.good { background: var(--good-back); color: var(--good); } .verdict.good .mark { background: var(--good); }
.verdict.warning { background: var(--warning-back); color: var(--warning); } .verdict.warning .mark { background: var(--warning); }
.verdict.bad { background: var(--bad-back); color: var(--bad); } .verdict.bad .mark { background: var(--bad); }
.others { list-style: none; margin: .6rem .2rem 0; display: grid; gap: .35rem; }
.others li { display: flex; gap: .7rem; align-items: flex-start; overflow-wrap: anywhere; } .others .dot { flex: none; }
.tiles { list-style: none; display: grid; grid-template-columns: repeat(3, 1fr); gap: .9rem; margin: .9rem 0; }
.tile, section { background: var(--card); border: 1px solid var(--line); border-radius: .9rem; }
.tile { display: grid; grid-template-columns: 1fr auto; align-items: center; align-content: start; padding: .9rem 1.1rem; }
.tile h2, section h2 { font-size: .8rem; font-weight: 600; letter-spacing: .06em; text-transform: uppercase; color: var(--soft); }
.tile .figure, .tile .note { grid-column: 1 / -1; overflow-wrap: anywhere; }
.figure { margin-top: .3rem; font-size: 1.5rem; font-weight: 600; letter-spacing: -.015em; font-variant-numeric: tabular-nums; }
.note { font-size: .9rem; }
.dot { display: grid; place-items: center; width: 1.35rem; height: 1.35rem; border-radius: 50%; font-size: .8rem; font-weight: 700; line-height: 1; }
.good .dot { background: var(--good-back); color: var(--good); }
.warning .dot { background: var(--warning-back); color: var(--warning); }
.bad .dot { background: var(--bad-back); color: var(--bad); }
.tile.warning { border-color: var(--warning); } .tile.bad { border-color: var(--bad); }
.tile.warning .figure { color: var(--warning); } .tile.bad .figure { color: var(--bad); }
.spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.columns { display: grid; grid-template-columns: 1fr 1fr; gap: .9rem; }
section { padding: 1rem 1.1rem; min-width: 0; }
section h2 { margin-bottom: .5rem; }
dl div { display: flex; justify-content: space-between; gap: 1rem; padding: .38rem 0; border-top: 1px solid var(--line); }
dl div:first-child { border-top: 0; }
dt { color: var(--soft); }
dd { font-weight: 600; font-variant-numeric: tabular-nums; text-align: right; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .38rem .5rem .38rem 0; text-align: left; font-weight: 400; border-top: 1px solid var(--line); }
td:nth-child(2) { overflow-wrap: anywhere; }
thead th { border-top: 0; color: var(--soft); font-size: .9rem; padding-top: 0; }
tbody th { font-weight: 600; }
th:last-child, td:last-child { padding-right: 0; text-align: right; }
td.good { color: var(--good); } td.bad { color: var(--bad); font-weight: 600; }
pre { margin: 0; overflow: auto; max-height: 22rem; font: .82rem/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, monospace;
  white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; }
footer { display: flex; justify-content: space-between; flex-wrap: wrap; gap: .3rem 1.5rem; margin-top: 1.1rem; font-size: .9rem; }
a { color: var(--red); margin-left: .9rem; } a:first-child { margin-left: 0; }
:focus-visible { outline: 2px solid var(--red); outline-offset: 2px; }
@media (max-width: 44rem) {
  body { padding: 1rem; }
  .tiles { grid-template-columns: 1fr 1fr; gap: .7rem; } .tile { padding: .75rem .85rem; } .figure { font-size: 1.2rem; }
  .columns { grid-template-columns: minmax(0, 1fr); gap: .7rem; }
  section { padding: .9rem; } table { font-size: .82rem; } th, td { padding-right: .3rem; } thead th { font-size: .82rem; }
  .verdict { font-size: 1.05rem; padding: .85rem 1rem; }
}
@media print { body { background: none; } .tile, section, .verdict { break-inside: avoid; } }
)";

} // namespace pillarbox::webstatus
